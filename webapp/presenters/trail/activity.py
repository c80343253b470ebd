"""A store's activity as a page: operations day by day, each with its orders or products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from webapp.domain.activity import Activity, ActivityFilter, ActivityOrder
from webapp.domain.trail import TrailEntry
from webapp.languages import ngettext
from webapp.presenters.exports.ways import export_ways
from webapp.presenters.links import Links
from webapp.presenters.phrases.days import Day, by_day
from webapp.presenters.pieces import Link, Option
from webapp.presenters.trail.operations import LineView, OperationView, present_operations
from webapp.presenters.trail.screen import kind_options, people_options

SHOWN_LINES: Final = 4
SHOWN_SUBJECTS: Final = 3
"""Lines, and orders or products, shown per operation; its own page shows all."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An order or product that an operation changed."""

    name: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """One operation, and what it changed."""

    operation: OperationView
    subjects: tuple[Subject, ...]
    permanent_href: str
    more: str
    """How many lines are left out."""


@dataclass(frozen=True, slots=True)
class ActivityScreen:
    days: list[Day[ActivityEntry]]
    kinds: tuple[Option, ...]
    people: tuple[Option, ...]
    operation_count: int
    is_filtered: bool
    export_ways: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class TrailMatch:
    """An order found by a search for its trail."""

    number: str
    customer: str
    status: str
    href: str


def present_activity(
    activity: Activity, criteria: ActivityFilter, query: Mapping[str, str], links: Links, now: datetime
) -> ActivityScreen:
    """Build a page of a store's activity; ``query`` are the filters as the address has them."""
    products = {row: name for row, (_, name) in activity.products.items()}
    operations = present_operations(activity.entries, activity.items, now, products, activity.sizes)
    of_operation: dict[str, list[TrailEntry]] = {}
    for entry in activity.entries:
        of_operation.setdefault(entry.operation_id, []).append(entry)
    is_whole = criteria.operation_id is not None
    entries = [
        _entry(operation, of_operation[operation.operation_id], activity, links, is_whole=is_whole)
        for operation in operations
    ]
    return ActivityScreen(
        days=by_day(entries, lambda entry: entry.operation.happened, now),
        kinds=kind_options(),
        people=people_options(activity.people),
        operation_count=len(entries),
        is_filtered=bool(criteria),
        export_ways=export_ways(links.export_activity, links.export_activity_xlsx, query, may_export=True),
    )


def _entry(
    operation: OperationView,
    entries: Sequence[TrailEntry],
    activity: Activity,
    links: Links,
    *,
    is_whole: bool,
) -> ActivityEntry:
    orders = _orders(entries, activity.orders)
    shown = operation.lines if is_whole else _briefly(operation)
    more = activity.sizes[operation.operation_id].lines - len(shown)
    if len(orders) == 1:
        permanent_href = links.operation(operation.operation_id, orders[0].order_id)
    else:
        permanent_href = links.operation(operation.operation_id)
    subjects = [
        Subject(order.order_number, order.customer_name, links.trail(order.order_id)) for order in orders
    ] or _products(entries, activity, links)
    return ActivityEntry(
        operation=replace(operation, lines=shown),
        subjects=tuple(subjects[:SHOWN_SUBJECTS]),
        permanent_href=permanent_href,
        more=ngettext("and %(num)s more entry", "and %(num)s more entries", more) if more > 0 else "",
    )


def _briefly(operation: OperationView) -> tuple[LineView, ...]:
    """Return the first lines. Numbers before and after are shown only for a single line; the trail shows the rest."""
    if operation.heading or len(operation.lines) > 1:
        return tuple(replace(line, movements=()) for line in operation.lines[:SHOWN_LINES])
    return operation.lines


def _orders(entries: Sequence[TrailEntry], orders: Mapping[int, ActivityOrder]) -> list[ActivityOrder]:
    ids = {row.order_id: None for entry in entries for row in entry.events}
    ids |= {row.order_id: None for entry in entries for row in entry.movements}
    return [orders[order_id] for order_id in ids if order_id is not None and order_id in orders]


def _products(entries: Sequence[TrailEntry], activity: Activity, links: Links) -> list[Subject]:
    rows = [activity.products.get(row.transaction_id) for entry in entries for row in entry.movements]
    return [Subject(name, "", links.product(number)) for number, name in dict.fromkeys(filter(None, rows))]
