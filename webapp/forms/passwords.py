"""Changing one's own password."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import DataRequired, Length, ValidationError

from webapp.domain.wording import Wording, say

MISMATCH = say("This is not your present password. Type it again.")
_MOST = 1024


class PasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types.
    """The present password, and the new one twice."""

    present = PasswordField(
        say("Present password"),
        [DataRequired(say("Enter your present password.")), Length(max=_MOST, message=MISMATCH)],
    )
    new = PasswordField(say("New password"), [DataRequired(say("Enter a new password."))])
    again = PasswordField(say("New password again"), [DataRequired(say("Enter the new password again."))])

    def validate_new(self, field: Any) -> None:
        """Refuse the present password as the new one."""
        if field.data == self.present.data:
            raise ValidationError(say("The new password is the present one. Choose another one."))

    def validate_again(self, field: Any) -> None:
        """Refuse two different new passwords."""
        if field.data != self.new.data:
            raise ValidationError(say("The two new passwords differ. Type both again."))

    def refuse_present(self) -> None:
        """Say that the present password is wrong."""
        self.present.errors = [MISMATCH]

    def refuse_new(self, sentence: Wording | str) -> None:
        """Say why the new password may not be chosen."""
        self.new.errors = [sentence]
