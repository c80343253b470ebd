"""What counts as a quantity of units, from Python, from JSON and from a form field."""

from __future__ import annotations

import re
from typing import Final

from webapp.domain.errors import InvalidQuantity

MAX_ID: Final = 9_999_999_999
"""Ids have ten digits at most."""

MAX_QUANTITY: Final = 2**31 - 1
"""Units. More than this in one request is a typing mistake or a barcode in the wrong field."""

_NOT_WHOLE: Final[dict[type, str]] = {
    type(None): "Quantity is empty. Leave it out altogether to mean all that remains.",
    bool: "Quantity is true or false. It must be a whole number.",
    float: "Quantity must be a whole number, without a decimal point.",
    str: "Quantity must be a number, not text.",
}
"""What is wrong with a quantity of another type than int."""

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)


def check_quantity(quantity: object) -> int:
    """Return ``quantity`` when it is a whole number of units from 1 to ``MAX_QUANTITY``; raise InvalidQuantity."""
    if isinstance(quantity, bool) or not isinstance(quantity, int):
        raise InvalidQuantity(_NOT_WHOLE.get(type(quantity), "Quantity must be a whole number."), quantity=quantity)
    if quantity == 0:
        raise InvalidQuantity("Quantity is 0. Enter 1 or more; 0 ships nothing.", quantity=quantity)
    if quantity < 0:
        raise InvalidQuantity("Quantity is below 0. Enter 1 or more.", quantity=quantity)
    if quantity > MAX_QUANTITY:
        raise InvalidQuantity(f"Quantity is too large. The most is {MAX_QUANTITY}.", quantity=quantity)
    return quantity


def check_count(quantity: object) -> int:
    """Return ``quantity`` when it can be the result of a count: like ``check_quantity``, and 0 as well."""
    return 0 if type(quantity) is int and quantity == 0 else check_quantity(quantity)


def parse_quantity(text: str | None) -> int:
    """Read a quantity typed or scanned by a person: ASCII digits only, no sign, no point; raise InvalidQuantity."""
    text = (text or "").strip(" \t\r\n")
    if not text:
        raise InvalidQuantity("Enter a quantity.", quantity=text)
    if not _NUMBER.fullmatch(text):
        raise InvalidQuantity(_why_not_a_number(text), quantity=text)
    return check_quantity(int(text))


def parse_id(text: str) -> int | None:
    """Read an id from a path: ASCII digits without leading zero, at most ten; None for everything else."""
    return int(text) if _NUMBER.fullmatch(text) else None


def _why_not_a_number(text: str) -> str:
    """Say in one sentence what is wrong with a quantity that is not plain ASCII digits."""
    if re.fullmatch(r"0+", text, re.ASCII):
        return "Quantity is 0. Enter 1 or more; 0 ships nothing."
    if re.fullmatch(r"-[0-9]+([.,][0-9]+)?", text, re.ASCII):
        return "Quantity is below 0. Enter 1 or more."
    if re.fullmatch(r"[0-9]*[.,][0-9]+", text, re.ASCII):
        return "Quantity must be a whole number, without a decimal point."
    if re.fullmatch(r"[0-9]+", text, re.ASCII):
        if text.startswith("0"):
            return "Write the quantity without a leading zero."
        return f"Quantity is too large. The most is {MAX_QUANTITY}."
    return "Quantity must be a whole number, written with the digits 0 to 9."
