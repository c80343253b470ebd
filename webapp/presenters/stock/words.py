"""Words that the stock pages share: states, shares, and notices of a change."""

from __future__ import annotations

from typing import Any

from webapp.domain.stock import StockState
from webapp.languages import _, ngettext, number
from webapp.presenters.pieces import Notice
from webapp.presenters.trail.words import place


def state_words(state: StockState, missing: int) -> str:
    """Return the most urgent fact about a product's stock; empty if all is well."""
    match state:
        case StockState.MISSING:
            return ngettext("%(num)s missing", "%(num)s missing", missing)
        case StockState.EMPTY:
            return _("Empty")
        case StockState.ALL_RESERVED:
            return _("All reserved")
        case StockState.LOW:
            return _("Low")
        case StockState.FINE:
            return ""


def share(part: int, whole: int) -> int:
    """Return ``part`` of ``whole`` in percent; at least 1 unless ``part`` is 0."""
    return max(1, part * 100 // whole) if part and whole else 0


def adjusted_words(change: int, level: dict[str, Any]) -> Notice:
    """Return the notice that units were added or removed at a place."""
    if change > 0:
        done = ngettext("%(num)s unit added.", "%(num)s units added.", change)
    else:
        done = ngettext("%(num)s unit removed.", "%(num)s units removed.", -change)
    return Notice(f"{done} {_now_on_hand(level)}{_lost(level)}")


def counted_words(level: dict[str, Any]) -> Notice:
    """Return the notice that a place was counted."""
    done = _("Count saved.")
    return Notice(f"{done} {_now_on_hand(level)}{_lost(level)}")


def _lost(level: dict[str, Any]) -> str:
    """Return how many units orders have lost; empty if none."""
    lost = level.get("lost_quantity", 0)
    words = ngettext(
        "Orders lost %(num)s unit that was not there.", "Orders lost %(num)s units that were not there.", lost
    )
    return f" {words}" if lost else ""


def _now_on_hand(level: dict[str, Any]) -> str:
    return _(
        "On hand at %(place)s: %(quantity)s, of which %(reserved)s reserved and %(available)s available.",
        place=place(level["warehouse"], level["location"]),
        quantity=number(level["quantity"]),
        reserved=number(level["reserved_quantity"]),
        available=number(level["available_quantity"]),
    )
