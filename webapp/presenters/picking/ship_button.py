"""What a button that ships says: Ship 3."""

from __future__ import annotations

import re
from typing import Final

from webapp.languages import _

_SAYABLE: Final = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
"""More digits are a barcode, and wider than a button. static/js/picking.js says the same while somebody types."""


def ship_words(typed: str) -> str:
    """Say how many units ship, where what was typed is a number that may be meant."""
    return _filled(_("Ship {n}"), typed) or _("Ship")


def count_and_ship_words(typed: str) -> str:
    """Say how many units are counted at their place and ship."""
    return _filled(_("Count and ship {n}"), typed) or _("Count and ship")


def _filled(pattern: str, typed: str) -> str:
    typed = typed.strip()
    return pattern.replace("{n}", typed) if _SAYABLE.fullmatch(typed) else ""
