"""Reasons: one from the list, the person's own words, or both."""

from __future__ import annotations

from typing import ClassVar, Final

from wtforms import StringField
from wtforms.validators import StopValidation

from webapp.domain.errors import InvalidInput
from webapp.domain.reasons import require_reason
from webapp.domain.usual_reasons import OTHER, compose_reason
from webapp.domain.wording import Wording, say
from webapp.forms.fields import ActionForm
from webapp.forms.text_fields import one_line

IN_YOUR_OWN_WORDS: Final = say("Write the reason in your own words.")


class ReasonedForm(ActionForm):
    """A form with a reason. ``reason`` alone is enough; a chosen ``common_reason`` is put before it."""

    why: ClassVar[Wording]
    """The message when the reason is missing."""

    common_reason = StringField("Reason", filters=[one_line])
    reason = StringField("In your own words", filters=[one_line])

    @property
    def words(self) -> str:
        """Return the complete reason."""
        return compose_reason(self.common_reason.data or "", self.reason.data or "")

    def validate_reason(self, field: StringField) -> None:
        sentence = IN_YOUR_OWN_WORDS if self.common_reason.data == OTHER else self.why
        try:
            require_reason(self.words, sentence)
        except InvalidInput as refusal:
            raise StopValidation(refusal.message) from None
