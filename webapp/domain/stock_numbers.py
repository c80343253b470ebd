"""Numbers typed for a place: a count, which may be 0, and an adjustment, which has a direction."""

from __future__ import annotations

import re
from typing import Final

from webapp.domain.errors import InvalidQuantity
from webapp.domain.quantities import MAX_QUANTITY, parse_quantity
from webapp.domain.wording import say

ADD, TAKE = "add", "take"

_ZERO: Final = re.compile(r"0", re.ASCII)
_SIGNED: Final = re.compile(r"([+-])([0-9].*)", re.ASCII | re.DOTALL)


def parse_count(text: str | None) -> int:
    """Return the units counted, lost or returned: 0 or more, ASCII digits only. Raises InvalidQuantity."""
    entry = (text or "").strip(" \t\r\n")
    if not entry:
        raise InvalidQuantity(say("Enter how many units; 0 for none."), quantity=entry)
    if _ZERO.fullmatch(entry):
        return 0
    if entry.startswith("-"):
        raise InvalidQuantity(say("Units cannot be below 0. Enter 0 for none."), quantity=entry)
    return parse_quantity(entry)


def parse_change(text: str | None, direction: str = "") -> int:
    """Return the units to add or remove at a place, never 0. Raises InvalidQuantity.

    With a ``direction`` (``ADD`` or ``TAKE``) the number has no sign; without one, ``-3`` removes, ``3`` and ``+3``
    add.
    """
    entry = (text or "").strip(" \t\r\n")
    if not entry:
        raise InvalidQuantity(say("Enter how many units to add or take."), quantity=entry)
    signed = _SIGNED.fullmatch(entry)
    if direction and signed:
        raise InvalidQuantity(say("Write the number without a sign, and choose to add or to take."), quantity=entry)
    if direction not in ("", ADD, TAKE):
        raise InvalidQuantity(say("Choose whether to add or to take units."), quantity=entry)
    digits = signed[2] if signed else entry
    if digits.strip("0") == "":
        raise InvalidQuantity(
            say("Enter how many units to add or take: 1 to %(most)s, not 0.", most=MAX_QUANTITY), quantity=entry
        )
    units = parse_quantity(digits)
    return -units if direction == TAKE or (signed and signed[1] == "-") else units
