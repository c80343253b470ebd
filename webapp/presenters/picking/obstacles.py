"""What keeps units of an item from leaving, in words, and the way out."""

from __future__ import annotations

from typing import NamedTuple

from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.domain.skips import CAUSES, SkipReason
from webapp.languages import ngettext, translate
from webapp.presenters.decisions.causes import way_out
from webapp.presenters.phrases import words
from webapp.presenters.viewer import Viewer


class Obstacle(NamedTuple):
    """Why units stay behind."""

    what: str
    way_out: str
    """What is done about it, by whom."""


def obstacles(order: OrderProgress, item: ItemProgress, viewer: Viewer) -> list[Obstacle]:
    """Say what keeps an open item from leaving whole: its exceptions, else its backorder. Nothing mostly."""
    if item.is_done or not order.may_ship:
        return []
    if item.gaps:
        return [Obstacle(words.gap(gap), way_out(gap.cause, viewer)) for gap in item.gaps]
    if item.is_placeholder:
        unknown = SkipReason.PLACEHOLDER_PRODUCT
        return [Obstacle(translate(CAUSES[unknown].words), way_out(unknown, viewer))]
    if item.unreserved and order.holds_stock:
        waiting = ngettext("On backorder (%(num)s unit)", "On backorder (%(num)s units)", item.unreserved)
        return [Obstacle(waiting, way_out(SkipReason.INSUFFICIENT_INVENTORY, viewer))]
    return []
