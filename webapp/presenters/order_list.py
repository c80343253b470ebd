"""The list of orders: rows, the ways to narrow it, and what to say when it is empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from webapp.domain.statuses import CLOSED_STATUSES, OPEN_STATUSES, OrderStatus
from webapp.languages import _, day
from webapp.presenters import words
from webapp.presenters.viewer import Viewer

ALL: Final = "all"

Href = Callable[..., str]
"""Makes the list's address from its parameters: ``href(late="1")``."""


class ListedOrder(Protocol):
    """What a row is made of; units are sums over the order's items."""

    @property
    def id(self) -> int: ...
    @property
    def order_number(self) -> str: ...
    @property
    def customer_name(self) -> str: ...
    @property
    def ship_by(self) -> datetime: ...
    @property
    def status(self) -> OrderStatus: ...
    @property
    def item_count(self) -> int: ...
    @property
    def ordered_units(self) -> int: ...
    @property
    def shipped_units(self) -> int: ...
    @property
    def cancelled_units(self) -> int: ...
    @property
    def open_exceptions(self) -> int: ...


class Filters(Protocol):
    """What the list was asked for."""

    @property
    def search(self) -> str: ...
    @property
    def status(self) -> OrderStatus | None: ...
    @property
    def every_status(self) -> bool: ...
    @property
    def late(self) -> bool: ...
    @property
    def mine(self) -> bool: ...
    @property
    def cursor(self) -> str | None: ...
    @property
    def is_queue(self) -> bool: ...
    def as_query(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order in the list."""

    href: str
    number: str
    customer: str
    ship_by: str
    due: str
    is_late: bool
    status: OrderStatus
    status_words: str
    shipped: int
    ordered: int
    units: str
    items: str
    exceptions: str
    """Open stock exceptions in words; empty when there are none."""


@dataclass(frozen=True, slots=True)
class Empty:
    """What to say when nothing is listed, and what to do then."""

    title: str
    message: str
    action: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class OrderListScreen:
    """The whole screen."""

    rows: tuple[OrderRow, ...]
    views: tuple[tuple[str, str, bool], ...]
    """(words, address, whether it is this one)."""
    search: str
    statuses: tuple[tuple[str, str], ...]
    """(value, words) to choose from; blank is what is to ship."""
    status: str
    kept: tuple[tuple[str, str], ...]
    """Parameters of the current view that a new search keeps."""
    next_href: str | None
    first_href: str | None
    empty: Empty
    notice: str
    can_pick: bool


_STATUS_CHOICES: Final = (
    ("", "To ship"),
    (ALL, "Every status"),
    *((status.value, words.status_words(status)) for status in OrderStatus),
)


def present_order_list(
    orders: Sequence[ListedOrder],
    filters: Filters,
    viewer: Viewer,
    now: datetime,
    href: Href,
    *,
    next_cursor: str | None,
    is_cut: bool = False,
    notice: str = "",
) -> OrderListScreen:
    """Build the screen from one page of orders."""
    query, list_path = filters.as_query(), href()
    if is_cut:
        notice = "Very many orders match: only some are shown. Type more of the number or the name to find the rest."
    return OrderListScreen(
        rows=tuple(_row(order, viewer, now, list_path) for order in orders),
        views=_views(filters, viewer, href),
        search=filters.search,
        statuses=_STATUS_CHOICES,
        status=query.get("status", ALL if filters.search else ""),
        kept=tuple((name, query[name]) for name in ("late", "mine") if name in query),
        next_href=href(**query, cursor=next_cursor) if next_cursor else None,
        first_href=href(**query) if filters.cursor else None,
        empty=_empty(filters, viewer, href),
        notice=notice,
        can_pick=viewer.may_ship,
    )


def _row(order: ListedOrder, viewer: Viewer, now: datetime, list_path: str) -> OrderRow:
    is_open = order.status in OPEN_STATUSES
    is_late = is_open and order.ship_by < now
    path = f"{list_path}/{order.id}"
    units = f"{order.shipped_units} of {words.units(order.ordered_units)} shipped"
    return OrderRow(
        href=f"{path}/pick" if is_open and viewer.may_ship and not viewer.may_manage else path,
        number=order.order_number,
        customer=order.customer_name,
        ship_by=order.ship_by.isoformat(timespec="minutes"),
        due=words.due(order.ship_by, now) if is_open else _("Due %(day)s", day=day(order.ship_by)),
        is_late=is_late,
        status=order.status,
        status_words=words.status_words(order.status),
        shipped=order.shipped_units,
        ordered=order.ordered_units - (0 if order.status in CLOSED_STATUSES else order.cancelled_units),
        units=f"{units}, {order.cancelled_units} cancelled" if order.cancelled_units else units,
        items=words.count(order.item_count, "item"),
        exceptions=words.count(order.open_exceptions, "exception") if order.open_exceptions else "",
    )


def _views(filters: Filters, viewer: Viewer, href: Href) -> tuple[tuple[str, str, bool], ...]:
    plain = not filters.search and filters.status is None
    views = (
        ("To ship", href(), filters.is_queue),
        ("Late", href(late="1"), filters.late and plain),
        ("Packed by me", href(mine="1"), filters.mine and plain),
        ("All orders", href(status=ALL), filters.every_status and not filters.search),
    )
    return views if viewer.may_ship else (*views[:2], views[3])


def _empty(filters: Filters, viewer: Viewer, href: Href) -> Empty:
    everything: dict[str, Any] = {"action": "Show all orders", "href": href(status=ALL)}
    if filters.search:
        return Empty(
            f"No order matches “{filters.search}”",
            "Type how the number or the customer begins, or a whole SKU or GTIN. Names of products are not searched.",
            **everything,
        )
    if filters.late:
        return Empty("Nothing is late", "Every open order is still within its time.", "Show what is to ship", href())
    if filters.mine:
        todo = ("Show what is to ship", href()) if viewer.may_ship else ("", "")
        return Empty("You have packed nothing yet", "Orders in which you ship something are listed here.", *todo)
    if filters.status:
        return Empty(
            f"No order is {words.status_words(filters.status).lower()}", "Look at another status.", **everything
        )
    if filters.every_status:
        return Empty("There are no orders yet", "Import them: flask import orders FILE --store CODE --format native")
    return Empty("Nothing is left to ship", "New orders appear here as they come in.", **everything)
