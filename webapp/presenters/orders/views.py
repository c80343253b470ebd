"""The ways to narrow the order list: standard views with their counts, and a person's saved filters."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from webapp.domain.listed_orders import EVERY_STATUS, OPEN_ONLY
from webapp.domain.saved_filters import NamedFilter
from webapp.domain.statuses import OrderStatus
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.pieces import View
from webapp.presenters.viewer import Viewer

_LATE: Final = "late"
"""Tone of a count that needs attention."""


class Filters(Protocol):
    """The list's filters."""

    @property
    def search(self) -> str: ...
    @property
    def status(self) -> OrderStatus | None: ...
    @property
    def every_status(self) -> bool: ...
    @property
    def open_only(self) -> bool: ...
    @property
    def late(self) -> bool: ...
    @property
    def mine(self) -> bool: ...
    @property
    def held(self) -> bool: ...
    @property
    def cursor(self) -> str | None: ...
    @property
    def is_queue(self) -> bool: ...
    def as_query(self) -> dict[str, str]: ...
    def as_text(self) -> str: ...


class Counts(Protocol):
    """Counts of the store's open orders, exact up to a limit; ``held`` ones are in no other number."""

    @property
    def by_status(self) -> Mapping[OrderStatus, int]: ...
    @property
    def held(self) -> int: ...
    def late(self, statuses: Collection[OrderStatus]) -> int: ...
    def total(self, statuses: Collection[OrderStatus]) -> int: ...


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved filter as a link, and where to remove it."""

    name: str
    href: str
    removal_path: str
    is_current: bool


def views_of(
    filters: Filters, viewer: Viewer, counts: Counts, links: Links
) -> tuple[tuple[View, ...], tuple[View, ...]]:
    """Return the views shown beside the list, and those folded away. Each keeps the current search.

    Beside the list are the statuses that are the viewer's work, shipped orders, and orders on hold if there are any and
    the viewer may do something about it. Counts are of the whole store, so a
    search shows none. The current view is always shown.
    """
    to_do = viewer.statuses_to_ship
    often, late = (*to_do, OrderStatus.SHIPPED), counts.late(to_do)
    kept = {"search": filters.search} if filters.search else {}

    def counted(count: int) -> str:
        return "" if filters.search else words.counted(count)

    def status_view(status: OrderStatus) -> View:
        count = counted(counts.by_status[status]) if status in counts.by_status else ""
        return View(words.status_words(status), links.orders(**kept, status=status), filters.status is status, count)

    is_everything = filters.every_status or filters.as_query().keys() == {"search"}
    is_open = filters.is_queue or (filters.open_only and not (filters.late or filters.mine or filters.held))
    to_ship = links.orders(**kept, status=OPEN_ONLY) if filters.search else links.orders()
    everything = links.orders(**kept) if filters.search else links.orders(status=EVERY_STATUS)
    late_tone = _LATE if late else ""
    views = [
        View(_("To ship"), to_ship, is_open, counted(counts.total(to_do))),
        View(_("Late"), links.orders(**kept, late="1"), filters.late, counted(late), late_tone),
        *(status_view(status) for status in often),
    ]
    held = View(_("On hold"), links.orders(**kept, held="1"), filters.held, counted(counts.held))
    mine = View(_("Shipped by me"), links.orders(**kept, mine="1"), filters.mine)
    is_often = held.is_current or (counts.held > 0 and viewer.sees_held)
    views += [held] if is_often else []
    folded = [
        *([mine] if viewer.may_ship else []),
        *([held] if viewer.sees_held and not is_often else []),
        *(status_view(one) for one in OrderStatus if one not in often),
    ]
    views += [view for view in folded if view.is_current]
    views.append(View(_("All orders"), everything, is_everything))
    return tuple(views), tuple(folded)


def saved_views(saved: Sequence[NamedFilter], filters: Filters, links: Links) -> tuple[SavedView, ...]:
    """Return a person's saved filters as links."""
    here = filters.as_text()
    return tuple(
        SavedView(one.name, links.saved_orders(one.query), links.remove_filter(one.id), one.query == here)
        for one in saved
    )
