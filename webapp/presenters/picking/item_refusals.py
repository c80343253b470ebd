"""Refusals beside an item: what changed since, who changed it, what is left, and where to look for more."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.languages import _, ngettext
from webapp.presenters.refusals import Refusal
from webapp.presenters.trail.words import place
from webapp.presenters.viewer import Viewer


def refusal_words(order: OrderProgress, item: ItemProgress, viewer: Viewer, refusal: Refusal) -> str:
    """Return why shipping the item was refused; empty if the message stands by a field."""
    if refusal.seen_shipped is not None:
        return _changed_meanwhile(order, item, viewer, refusal)
    where = place_to_look(refusal)
    if where and not refusal.missing_stock.get("available"):
        return _(
            "Nothing is reserved in %(place)s for this order, and nothing is free there. Found it anyway?", place=where
        )
    return refusal.message


def place_to_look(refusal: Refusal) -> str:
    """Return the place that may hold more units than recorded; empty if there is none."""
    location, warehouse = refusal.missing_stock.get("location", ""), refusal.missing_stock.get("warehouse", "")
    return place(warehouse, location)


def _changed_meanwhile(order: OrderProgress, item: ItemProgress, viewer: Viewer, refusal: Refusal) -> str:
    shipped = item.shipped - (refusal.seen_shipped or 0)
    packers = set(_packers_of_the_last(order, item, shipped))
    if len(packers) != 1:
        return refusal.message
    (who,) = packers
    return f"{_shipped_by(who, shipped, viewer)} {_left(item.remaining)}"


def _packers_of_the_last(order: OrderProgress, item: ItemProgress, units: int) -> Iterator[str]:
    """Yield who packed the item's last ``units``; nobody if some were packed too long ago to know."""
    lines = [line for line in order.recent_lines if line.item_id == item.id]
    if units <= 0 or sum(line.quantity for line in lines) < units:
        return
    for line in lines:
        if units > 0:
            yield line.shipped_by
        units -= line.quantity


def _shipped_by(who: str, units: int, viewer: Viewer) -> str:
    if who == viewer.actor:
        return ngettext(
            "You shipped %(num)s a moment ago, on another tablet or in another window.",
            "You shipped %(num)s a moment ago, on another tablet or in another window.",
            units,
        )
    return ngettext("%(who)s shipped %(num)s a moment ago.", "%(who)s shipped %(num)s a moment ago.", units, who=who)


def _left(units: int) -> str:
    if not units:
        return _("Nothing is left to ship.")
    return ngettext("%(num)s is left: check, then ship again.", "%(num)s are left: check, then ship again.", units)
