"""What stops an item's units from shipping, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

from webapp.domain.causes import CAUSES, Cause
from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.languages import ngettext, translate
from webapp.presenters.decisions.causes import hint
from webapp.presenters.phrases import words
from webapp.presenters.viewer import Viewer


class Obstacle(NamedTuple):
    """What stops units from shipping."""

    what: str
    hint: str
    """What to do about it, and who does it."""


def obstacles(order: OrderProgress, item: ItemProgress, viewer: Viewer) -> list[Obstacle]:
    """Return what stops an open item from shipping completely: its exceptions, else its backorder."""
    if item.is_done or not order.may_ship:
        return []
    if item.missing:
        return [Obstacle(words.missing_units(missing), hint(missing.cause, viewer)) for missing in item.missing]
    if item.is_placeholder:
        unknown = Cause.PLACEHOLDER_PRODUCT
        return [Obstacle(translate(CAUSES[unknown].words), hint(unknown, viewer))]
    if item.unreserved and order.holds_stock:
        waiting = ngettext("On backorder (%(num)s unit)", "On backorder (%(num)s units)", item.unreserved)
        return [Obstacle(waiting, hint(Cause.INSUFFICIENT_INVENTORY, viewer))]
    return []
