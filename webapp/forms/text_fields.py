"""Text fields: reasons, places, searches. Outer blanks are cut, and text that cannot be stored is refused."""

from __future__ import annotations

from typing import Any, Final

from wtforms import StringField
from wtforms.validators import StopValidation

from webapp.domain.control_characters import has_invisible
from webapp.domain.errors import InvalidInput
from webapp.domain.placement import NO_CONTROLS
from webapp.domain.reasons import is_storable, require_reason
from webapp.domain.wording import say

MAX_PLACE: Final = 64
"""Characters of a warehouse's or location's name."""


class ReasonField(StringField):
    """A reason in one line; ``sentence`` is the message for a blank one."""

    def __init__(self, label: str, *, sentence: str, **kwargs: Any) -> None:
        super().__init__(label, filters=[one_line], **kwargs)
        self._sentence = sentence

    def pre_validate(self, form: object) -> None:
        try:
            require_reason(self.data or "", self._sentence)
        except InvalidInput as refusal:
            raise StopValidation(refusal.message) from None


class PlaceField(StringField):
    """A warehouse or location; ``sentence`` is the message for a blank one, None if it may be blank."""

    def __init__(self, label: str, *, sentence: str | None = None, **kwargs: Any) -> None:
        super().__init__(label, filters=[one_line], **kwargs)
        self._sentence = sentence

    def pre_validate(self, form: object) -> None:
        text = self.data or ""
        if not text and self._sentence:
            raise StopValidation(self._sentence)
        if len(text) > MAX_PLACE or not is_storable(text):
            raise StopValidation(say("Use at most %(most)s characters.", most=MAX_PLACE))
        if has_invisible(text):
            raise StopValidation(NO_CONTROLS)


def one_line(text: str | None) -> str:
    """Return the text without outer blanks and line breaks."""
    return " ".join((text or "").split())
