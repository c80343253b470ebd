"""Signing in."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from webapp.domain.wording import say

_MISMATCH = say("Wrong username or password. Check both and try again.")


class LoginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types.
    """Username, password and where to go afterwards (``next``, a path)."""

    username = StringField(
        say("Username"),
        [DataRequired(say("Enter your username.")), Length(max=64, message=_MISMATCH)],
        filters=[lambda text: text and text.strip()],  # Tablet keyboards add a space after a suggested word.
    )
    password = PasswordField(
        say("Password"), [DataRequired(say("Enter your password.")), Length(max=1024, message=_MISMATCH)]
    )
    next = HiddenField()

    refusal: str | None = None
    """Message about the whole form; it never says whether the name or the password was wrong."""

    def refuse(self, *, belongs_to_no_store: bool) -> None:
        """Set ``refusal``: the name or password is wrong, or the person belongs to no store."""
        self.refusal = (
            say("Your account belongs to no store yet. Ask an administrator.") if belongs_to_no_store else _MISMATCH
        )
