"""Checks quantities of units from Python, JSON and form fields."""

from __future__ import annotations

import re
from typing import Final

from webapp.domain.errors import InvalidQuantity
from webapp.domain.wording import Wording, say

MAX_ID: Final = 9_999_999_999
"""Ids have ten digits at most."""

MAX_QUANTITY: Final = 2**31 - 1
"""Units. A larger number is a typing mistake or a barcode in the wrong field."""

ZERO: Final = say("Quantity is 0. Enter 1 or more; 0 ships nothing.")
_BELOW: Final = say("Quantity is below 0. Enter 1 or more.")
_TOO_LARGE: Final = say("Quantity is too large. The most is %(most)s.", most=MAX_QUANTITY)
_WHOLE: Final = say("Quantity must be a whole number, without a decimal point.")

_NOT_WHOLE: Final[dict[type, Wording]] = {
    type(None): say("Quantity is empty. Leave it out altogether to mean all that remains."),
    bool: say("Quantity is true or false. It must be a whole number."),
    float: _WHOLE,
    str: say("Quantity must be a number, not text."),
}
"""The sentence for a quantity of a type other than int."""

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)


def check_quantity(quantity: object) -> int:
    """Return ``quantity`` when it is a whole number of units from 1 to ``MAX_QUANTITY``; raise InvalidQuantity."""
    if isinstance(quantity, bool) or not isinstance(quantity, int):
        raise InvalidQuantity(
            _NOT_WHOLE.get(type(quantity), say("Quantity must be a whole number.")), quantity=quantity
        )
    if quantity == 0:
        raise InvalidQuantity(ZERO, quantity=quantity)
    if quantity < 0:
        raise InvalidQuantity(_BELOW, quantity=quantity)
    if quantity > MAX_QUANTITY:
        raise InvalidQuantity(_TOO_LARGE, quantity=quantity)
    return quantity


def check_count(quantity: object) -> int:
    """Return ``quantity`` if it can be a count: like ``check_quantity``, but 0 is allowed."""
    return 0 if type(quantity) is int and quantity == 0 else check_quantity(quantity)


def parse_quantity(text: str | None) -> int:
    """Read a typed or scanned quantity: ASCII digits, no sign, no decimal point. Raises InvalidQuantity."""
    text = (text or "").strip(" \t\r\n")
    if not text:
        raise InvalidQuantity(say("Enter a quantity."), quantity=text)
    if not _NUMBER.fullmatch(text):
        raise InvalidQuantity(_why_not_a_number(text), quantity=text)
    return check_quantity(int(text))


def parse_id(text: str) -> int | None:
    """Read an id from a path: ASCII digits without a leading zero, at most ten; None for any other text."""
    return int(text) if _NUMBER.fullmatch(text) else None


def _why_not_a_number(text: str) -> Wording:
    """Return a sentence that says what is wrong with a quantity that is not plain ASCII digits."""
    if re.fullmatch(r"0+", text, re.ASCII):
        return ZERO
    if re.fullmatch(r"-[0-9]+([.,][0-9]+)?", text, re.ASCII):
        return _BELOW
    if re.fullmatch(r"[0-9]*[.,][0-9]+", text, re.ASCII):
        return _WHOLE
    if re.fullmatch(r"[0-9]+", text, re.ASCII):
        if text.startswith("0"):
            return say("Write the quantity without a leading zero.")
        return _TOO_LARGE
    return say("Quantity must be a whole number, written with the digits 0 to 9.")
