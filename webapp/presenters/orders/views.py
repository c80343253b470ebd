"""The ways to narrow the list of orders: views with their counts, and filters that a person keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.pieces import View
from webapp.presenters.viewer import Viewer

ALL: Final = "all"
OPEN: Final = "open"

_LATE: Final = "late"
"""The tone of a count that somebody must look at."""

_OFTEN: Final = (*OPEN_STATUSES, OrderStatus.SHIPPED)
"""Statuses that stand beside the list; the others are folded away."""


class Filters(Protocol):
    """What the list was asked for."""

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
    def cursor(self) -> str | None: ...
    @property
    def is_queue(self) -> bool: ...
    def as_query(self) -> dict[str, str]: ...
    def as_text(self) -> str: ...


class Counts(Protocol):
    """Open orders of the store, counted up to some most."""

    @property
    def by_status(self) -> Mapping[OrderStatus, int]: ...
    @property
    def late(self) -> int: ...
    @property
    def total(self) -> int: ...


class KeptFilter(Protocol):
    """A filter that a person keeps."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def query(self) -> str: ...


@dataclass(frozen=True, slots=True)
class SavedView:
    """A kept filter as a link, and where it is removed."""

    name: str
    href: str
    removal_path: str
    is_current: bool


def views_of(
    filters: Filters, viewer: Viewer, counts: Counts, links: Links
) -> tuple[tuple[View, ...], tuple[View, ...]]:
    """Return the views that stand beside the list, and those that are folded away. A search stays in each.

    Numbers are those of the whole store, so a search shows none. A folded view that is the current one stands with the
    others.
    """
    kept = {"search": filters.search} if filters.search else {}

    def counted(count: int) -> str:
        return "" if filters.search else words.counted(count)

    def status_view(status: OrderStatus) -> View:
        count = counted(counts.by_status[status]) if status in counts.by_status else ""
        return View(words.status_words(status), links.orders(**kept, status=status), filters.status is status, count)

    is_everything = filters.every_status or filters.as_query().keys() == {"search"}
    is_open = filters.is_queue or (filters.open_only and not (filters.late or filters.mine))
    to_ship = links.orders(**kept, status=OPEN) if filters.search else links.orders()
    everything = links.orders(**kept) if filters.search else links.orders(status=ALL)
    late_tone = _LATE if counts.late else ""
    views = [
        View(_("To ship"), to_ship, is_open, counted(counts.total)),
        View(_("Late"), links.orders(**kept, late="1"), filters.late, counted(counts.late), late_tone),
        *(status_view(status) for status in _OFTEN),
    ]
    mine = View(_("Packed by me"), links.orders(**kept, mine="1"), filters.mine)
    folded = [*([mine] if viewer.may_ship else []), *(status_view(one) for one in OrderStatus if one not in _OFTEN)]
    views += [view for view in folded if view.is_current]
    views.append(View(_("All orders"), everything, is_everything))
    return tuple(views), tuple(folded)


def saved_views(saved: Sequence[KeptFilter], filters: Filters, links: Links) -> tuple[SavedView, ...]:
    """Return a person's own filters as links."""
    here = filters.as_text()
    return tuple(
        SavedView(one.name, links.saved_orders(one.query), links.remove_filter(one.id), one.query == here)
        for one in saved
    )
