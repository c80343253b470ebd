"""What keeps units of an item from leaving, in words, and the way out."""

from __future__ import annotations

from typing import NamedTuple

from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.domain.skips import SKIP_WORDS, SkipReason
from webapp.languages import _, ngettext, translate
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
        return [Obstacle(words.gap(gap), _way_out(gap.cause, viewer)) for gap in item.gaps]
    if item.is_placeholder:
        unknown = SkipReason.PLACEHOLDER_PRODUCT
        return [Obstacle(translate(SKIP_WORDS[unknown]), _way_out(unknown, viewer))]
    if item.unreserved and order.holds_stock:
        waiting = ngettext("On backorder (%(num)s unit)", "On backorder (%(num)s units)", item.unreserved)
        return [Obstacle(waiting, _way_out(SkipReason.INSUFFICIENT_INVENTORY, viewer))]
    return []


def _way_out(cause: SkipReason, viewer: Viewer) -> str:
    if cause is SkipReason.PLACEHOLDER_PRODUCT:
        return _("Match it under “Unknown products”.") if viewer.may_manage else _("Ask a manager to match it.")
    if cause is SkipReason.SHORT_PICK:
        return _("Count the place again.") if viewer.may_manage else _("A manager will count the place again.")
    return _("Units that arrive are reserved automatically.")
