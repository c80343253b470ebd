"""The order list screen: its rows, its sort order and its empty state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from webapp.domain.listed_orders import EVERY_STATUS, ListedOrder
from webapp.domain.progress import OrderProgress
from webapp.domain.saved_filters import NamedFilter
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.languages import _, ngettext, translate
from webapp.presenters.exports.ways import export_ways
from webapp.presenters.links import Links
from webapp.presenters.orders.next_order import NextOrder, present_next_order
from webapp.presenters.orders.rows import OrderListRow, present_rows
from webapp.presenters.orders.starting import StartButton, ToStart, present_start
from webapp.presenters.orders.views import (
    Counts,
    Filters,
    SavedView,
    saved_views,
    views_of,
)
from webapp.presenters.phrases import words
from webapp.presenters.pieces import Link, Option, View
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Empty:
    """The text of an empty list, and the link offered there."""

    title: str
    message: str
    action: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class FilterToSave:
    """The form that saves the current filter under a name."""

    query: str
    """The filter that would be saved; empty when the list is not narrowed."""
    name: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class OrderListScreen:
    rows: tuple[OrderListRow, ...]
    caption: str
    """The filter and the sort order, in words."""
    views: tuple[View, ...]
    more_views: tuple[View, ...]
    saved: tuple[SavedView, ...]
    to_save: FilterToSave
    search: str
    kept: tuple[Option, ...]
    """Parameters of the current view that a new search carries along."""
    next_href: str | None
    first_href: str | None
    export_ways: tuple[Link, ...]
    """The whole list as a file; empty for people who may not export."""
    empty: Empty
    notice: str
    is_mistaken: bool
    """The address asked for something invalid; ``notice`` explains it."""
    can_pick: bool
    next_order: NextOrder | None
    """The order to pick next; None when there is none, or when the list is filtered."""
    start: StartButton | None
    """Starts all pending orders; None while there is an order to pick, or for people who may not."""
    is_queue: bool
    """True on the first page of the pick queue, unfiltered."""
    is_waiting: bool
    """True when the queue is shown and no order in it can be picked yet."""

    @property
    def all_views(self) -> tuple[View, ...]:
        """Return all tabs beside the list: the standard views, then the person's saved filters."""
        return (*self.views, *(View(one.name, one.href, one.is_current) for one in self.saved))

    @property
    def fingerprint(self) -> str:
        """Return a hash of everything the screen shows; polls compare it."""
        around = repr(replace(self, rows=()))
        return sha256("".join((around, *(row.mark for row in self.rows))).encode()).hexdigest()[:16]


def present_order_list(
    orders: Sequence[ListedOrder],
    filters: Filters,
    viewer: Viewer,
    now: datetime,
    links: Links,
    *,
    counts: Counts,
    has_orders: bool = True,
    is_loading: bool = False,
    saved: Sequence[NamedFilter] = (),
    next_cursor: str | None,
    next_order: OrderProgress | None = None,
    to_start: ToStart | None = None,
    is_cut: bool = False,
    problem: str = "",
    to_save: FilterToSave | None = None,
) -> OrderListScreen:
    """Build the screen from one page of orders. ``next_order`` is what the viewer should pick next.

    ``problem`` explains an invalid query, if any. ``is_cut`` means that more orders match than the search read.
    Without ``has_orders`` the store has none at all, so an empty list leads nowhere else; with ``is_loading`` a
    command is making its sample orders.
    """
    query = filters.as_query()
    cut = _("Too many orders match to show them all. Type more of the number or name to find the rest.")
    views, more_views = views_of(filters, viewer, counts, links)
    return OrderListScreen(
        rows=present_rows(orders, viewer, now, links),
        caption=_caption(filters, len(orders), is_all=not (next_cursor or filters.cursor or is_cut)),
        views=views,
        more_views=more_views,
        saved=saved_views(saved, filters, links),
        to_save=to_save or FilterToSave(filters.as_text()),
        search=filters.search,
        kept=tuple(Option(name, query[name]) for name in ("status", "late", "mine", "held") if name in query),
        next_href=links.orders(**query, cursor=next_cursor) if next_cursor else None,
        first_href=links.orders(**query) if filters.cursor else None,
        export_ways=export_ways(links.export_orders, links.export_orders_xlsx, query, may_export=viewer.may_export),
        empty=_loading()
        if is_loading
        else _empty(filters, viewer, links, counts.by_status.get(OrderStatus.PENDING, 0), has_orders=has_orders),
        notice=translate(problem) or (cut if is_cut else ""),
        is_mistaken=bool(problem),
        can_pick=viewer.may_ship,
        next_order=present_next_order(next_order, links, now, is_first=orders[0].id == next_order.id)
        if next_order and orders
        else None,
        start=present_start(to_start, links) if to_start else None,
        is_queue=filters.is_queue and not filters.cursor,
        is_waiting=viewer.may_ship and filters.is_queue and not filters.cursor and bool(orders) and not next_order,
    )


def _caption(filters: Filters, count: int, *, is_all: bool) -> str:
    if not count:
        return ""
    if filters.search and is_all:
        return ngettext("%(num)s order found", "%(num)s orders found", count)
    if filters.is_queue or filters.late or filters.held or filters.open_only or (filters.status in OPEN_STATUSES):
        return _("Earliest ship-by first")
    return _("Latest ship-by first") if filters.status else _("Newest first")


def _loading() -> Empty:
    return Empty(_("The sample orders are being made"), _("They appear here in a few seconds."))


def _empty(filters: Filters, viewer: Viewer, links: Links, to_start: int, *, has_orders: bool) -> Empty:
    everything: dict[str, Any] = {}
    to_ship: dict[str, Any] = {}
    if has_orders:
        everything = {"action": _("Show all orders"), "href": links.orders(status=EVERY_STATUS)}
        to_ship = {"action": _("Show what is to ship"), "href": links.orders()}
    if filters.search:
        return _nothing_found(filters, links)
    if filters.held:
        return Empty(_("Nothing is on hold"), _("Every open order may be shipped."), **to_ship)
    if filters.late:
        return Empty(_("Nothing is late"), _("Every open order is on time."), **to_ship)
    if filters.mine:
        return Empty(
            _("You have shipped nothing yet"),
            _("Orders in which you ship something are listed here."),
            **(to_ship if viewer.may_ship else {}),
        )
    if filters.status:
        status = words.status_words(filters.status)
        return Empty(
            _("There is no order with the status “%(status)s”", status=status),
            _("Look at another status."),
            **everything,
        )
    if filters.every_status:
        return Empty(
            _("There are no orders yet"),
            _("Send the file that your shop exports: CSV, XLSX or ODS. Its columns are recognised."),
            **({"action": _("Import orders"), "href": links.imports} if viewer.may_manage else {}),
        )
    if not has_orders and viewer.may_manage:
        return Empty(
            _("There are no orders yet"),
            _("Send the file that your shop exports: CSV, XLSX or ODS. Its columns are recognised."),
            _("Import orders"),
            links.imports,
        )
    if to_start:
        waiting = ngettext(
            "%(num)s order waits for a manager to start it.",
            "%(num)s orders wait for a manager to start them.",
            to_start,
        )
        pending: dict[str, Any] = {"action": _("Show pending orders"), "href": links.orders(status=OrderStatus.PENDING)}
        return Empty(_("Nothing is ready to ship"), waiting, **pending)
    return Empty(_("Nothing is left to ship"), _("New orders appear here as they come in."), **everything)


def _nothing_found(filters: Filters, links: Links) -> Empty:
    title = _("No order matches “%(search)s”", search=filters.search)
    if filters.status or filters.late or filters.mine or filters.held or filters.open_only:
        return Empty(
            title,
            _("Only a part of the orders was searched. Search all of them, whatever their status."),
            _("Search all orders"),
            links.orders(search=filters.search),
        )
    return Empty(
        title,
        _("Type the beginning of a number, customer or product name, or a whole SKU or barcode."),
        _("Show what is to ship"),
        links.orders(),
    )
