"""The labels of buttons that ship: Ship 3."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from webapp.languages import _

_SAYABLE: Final = "[1-9][0-9]{0,5}"
"""A longer number is a barcode, and does not fit on a button."""


@dataclass(frozen=True, slots=True)
class ShipButton:
    """A button's label, and what a script needs to update it while somebody types."""

    words: str
    pattern: str
    """The label around a number: Ship {n}."""
    plain: str
    """The label without a number."""
    sayable: str = _SAYABLE
    """Regular expression of the numbers it can show."""


def ship_button(quantity: str) -> ShipButton:
    """Return the label of the ship button, with the typed number if it is plausible."""
    return _button(quantity, _("Ship {n}"), _("Ship"))


def add_and_ship_button(quantity: str) -> ShipButton:
    """Return the label of the button that adds units to their place and ships them."""
    return _button(quantity, _("Add and ship {n}"), _("Add and ship"))


def _button(quantity: str, pattern: str, plain: str) -> ShipButton:
    quantity = quantity.strip()
    words = pattern.replace("{n}", quantity) if re.fullmatch(_SAYABLE, quantity) else plain
    return ShipButton(words, pattern, plain)
