"""Fields of several screens: quantities, numbers the person saw, and the idempotency key."""

from __future__ import annotations

import re
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import StopValidation

from webapp.domain.errors import InvalidQuantity
from webapp.domain.quantities import ZERO, parse_quantity
from webapp.domain.stock_numbers import parse_count
from webapp.domain.wording import say
from webapp.languages import translate

_NOTHING: Final = re.compile(r"0+", re.ASCII)
_SEEN: Final = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)
_KEY: Final = re.compile(r"[!-~]{1,200}", re.ASCII)

OUT_OF_DATE: Final = say("This form is out of date. Check the numbers, then send it again.")


class CountField(StringField):
    """Units that were counted, 0 or more; ``units`` holds the number once it is valid."""

    units: int = 0

    def pre_validate(self, form: Any) -> None:
        try:
            self.units = self.parse(form)
        except InvalidQuantity as refusal:
            raise StopValidation(refusal.message) from None

    def parse(self, form: Any) -> int:
        """Return the typed number. Raises InvalidQuantity."""
        return parse_count(self.data)


class QuantityField(CountField):
    """A typed quantity of units, 1 or more. Blank never means all."""

    def __init__(self, label: str, *, zero: str = ZERO, **kwargs: Any) -> None:
        """``zero`` is the sentence shown when a person types 0."""
        super().__init__(label, **kwargs)
        self._zero = zero

    def parse(self, form: Any) -> int:
        entry = (self.data or "").strip()
        if _NOTHING.fullmatch(entry):
            raise InvalidQuantity(self._zero, quantity=entry)
        return parse_quantity(entry)


class SeenField(HiddenField):
    """A number the person saw; ``number`` is None if the field was not sent. Anything but a number is refused."""

    number: int | None = None

    def __init__(self, label: str = "", *, needed: bool = False, **kwargs: Any) -> None:
        """With ``needed``, a form without the number is refused too."""
        super().__init__(label, **kwargs)
        self._needed = needed

    def pre_validate(self, form: object) -> None:
        number = self.data or ""
        if not number and not self._needed:
            return
        if not _SEEN.fullmatch(number):
            raise StopValidation(OUT_OF_DATE)
        self.number = int(number)


class KeyField(HiddenField):
    """An idempotency key: printable ASCII, at most 200 characters; ``key`` is None if the field was not sent."""

    key: str | None = None

    def pre_validate(self, form: object) -> None:
        if not self.data:
            return
        if not _KEY.fullmatch(self.data):
            raise StopValidation(OUT_OF_DATE)
        self.key = self.data


class ActionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types.
    """A form that changes something. Sent twice, it has its effect once."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Flask-WTF checks the CSRF token of every POST before the view runs; once is enough."""

        csrf = False

    idempotency_key = KeyField()

    def fingerprint_parts(self) -> tuple[object, ...]:
        """Return what a valid form asks for, so that its key cannot be used for another request."""
        return ()

    def values(self) -> dict[str, str]:
        """Return the person's input, to show it again."""
        return {field.name: field.data or "" for field in self if not isinstance(field, HiddenField)}

    def messages(self) -> dict[str, str]:
        """Return the first message of each visible field, in the person's language."""
        seen = (field for field in self if field.errors and not isinstance(field, HiddenField))
        return {field.name: translate(field.errors[0]) for field in seen}

    def is_out_of_date(self) -> bool:
        """Return whether a hidden field was refused."""
        return any(field.errors for field in self if isinstance(field, HiddenField))
