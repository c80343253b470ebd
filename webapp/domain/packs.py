"""Packs: an ordered unit that is several units of a product, like an offer of "pack of 3"."""

from __future__ import annotations

import re
from typing import Final

from webapp.domain.errors import InvalidInput
from webapp.domain.wording import say

MOST_UNITS: Final = 10_000
"""Units of the product in one ordered unit. With ``MAX_QUANTITY`` ordered units a line fits every program's numbers."""


def whole_packs(units: int, pack_units: int) -> int:
    """Return how many ordered units hold ``units``; one that was begun counts, as its customer waits for the rest."""
    return -(-units // pack_units)


_DIGITS: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_REFUSED: Final = say("One ordered unit is 1 to %(most)s units of the product.", most=MOST_UNITS)


def read_pack(text: str) -> int:
    """Return the units in one ordered unit, 1 for a blank. Raises InvalidInput for what is no such number."""
    if not text.strip():
        return 1
    if not _DIGITS.fullmatch(text.strip()):
        raise InvalidInput(_REFUSED)
    return check_pack(int(text))


def check_pack(pack_units: int) -> int:
    """Return the units in one ordered unit. Raises InvalidInput if they are none, or too many."""
    if not 1 <= pack_units <= MOST_UNITS:
        raise InvalidInput(_REFUSED)
    return pack_units
