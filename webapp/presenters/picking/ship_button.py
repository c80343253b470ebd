"""What a button that ships says: Ship 3."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from webapp.languages import _

_SAYABLE: Final = "[1-9][0-9]{0,5}"
"""More digits are a barcode, and wider than a button."""


@dataclass(frozen=True, slots=True)
class ShipButton:
    """The words of the button, and all that a script needs to say them again while somebody types."""

    words: str
    pattern: str
    """The words around a number: Ship {n}."""
    plain: str
    """The words where no number can be said."""
    sayable: str = _SAYABLE
    """What may be said as a number, as a regular expression."""


def ship_button(typed: str) -> ShipButton:
    """Say how many units ship, where what was typed is a number that may be meant."""
    return _button(typed, _("Ship {n}"), _("Ship"))


def count_and_ship_button(typed: str) -> ShipButton:
    """Say how many units are counted at their place and ship."""
    return _button(typed, _("Count and ship {n}"), _("Count and ship"))


def _button(typed: str, pattern: str, plain: str) -> ShipButton:
    typed = typed.strip()
    words = pattern.replace("{n}", typed) if re.fullmatch(_SAYABLE, typed) else plain
    return ShipButton(words, pattern, plain)
