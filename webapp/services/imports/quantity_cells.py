"""Reads the units of a row, in files of orders and of stock alike."""

from __future__ import annotations

import re
from typing import Final

from webapp.domain.errors import InvalidQuantity
from webapp.domain.quantities import parse_quantity
from webapp.domain.wording import say

NOT_WHOLE: Final = say(
    "the quantity has a point or a comma, which one program reads as thousands and another as a fraction: write 1000 "
    "or 2, and not 1,000, 1.000, 2.0 or 2,0"
)


class UnreadableUnits(Exception):
    """The row's units cannot be known: ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_units(text: str) -> int:
    """Return the units, 1 or more. Raises UnreadableUnits."""
    if not text:
        raise UnreadableUnits(say("the quantity is blank"))
    try:
        return parse_quantity(text)
    except InvalidQuantity as error:
        is_fraction = re.fullmatch(r"[0-9]+([.,' ][0-9]+)+", text.strip(), re.ASCII)
        raise UnreadableUnits(NOT_WHOLE if is_fraction else error.message) from error
