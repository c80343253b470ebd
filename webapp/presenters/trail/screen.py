"""An order's trail as a page: filters, the order's units, and its operations day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from webapp.domain.statuses import OrderStatus
from webapp.domain.trail import TrailEntry, TrailFilter, TrailItem, TrailOrder
from webapp.domain.trail_kinds import TrailKind
from webapp.domain.wording import Wording, say
from webapp.languages import _, number, translate
from webapp.presenters.phrases import words
from webapp.presenters.phrases.days import Day, by_day
from webapp.presenters.pieces import Fact, Option
from webapp.presenters.trail.operations import OperationView, present_operations
from webapp.presenters.trail.words import label_of, person

KIND_WORDS: Final[dict[TrailKind, Wording]] = {
    TrailKind.SHIPPED: say("Shipped"),
    TrailKind.UNDONE: say("Undone"),
    TrailKind.RESERVED: say("Reserved"),
    TrailKind.RELEASED: say("Released"),
    TrailKind.CANCELLED: say("Cancelled"),
    TrailKind.RETURNED: say("Returned"),
    TrailKind.STATUS: say("Status"),
    TrailKind.CORRECTED: say("Stock corrected"),
    TrailKind.EXCEPTION: say("Exceptions"),
    TrailKind.MATCHED: say("Matched"),
    TrailKind.IMPORTED: say("Imported"),
    TrailKind.UPSTREAM: say("Changed in the shop"),
    TrailKind.NOTES: say("Notes read"),
    TrailKind.ERASED: say("Data erased"),
}
"""Each kind as the filter shows it."""


@dataclass(frozen=True, slots=True)
class TrailScreen:
    order_id: int
    order_number: str
    customer_name: str
    status: OrderStatus
    figures: tuple[Fact, ...]
    """Units of the order, or of the selected line."""

    figures_of: str
    """The order, or the line's name."""

    kinds: tuple[Option, ...]
    lines: tuple[Option, ...]
    people: tuple[Option, ...]
    days: list[Day[OperationView]]
    operation_count: int
    is_filtered: bool
    may_export: bool
    printed: str
    """Reader and time, for a printed trail."""


def present_trail(
    order: TrailOrder,
    items: Mapping[int, TrailItem],
    people: Sequence[str],
    entries: Sequence[TrailEntry],
    criteria: TrailFilter,
    now: datetime,
    *,
    reader: str,
    may_export: bool,
) -> TrailScreen:
    """Build the page of the filtered trail, for ``reader``."""
    line = items.get(criteria.item_id or 0)
    operations = present_operations(entries, items, now)
    return TrailScreen(
        order_id=order.order_id,
        order_number=order.order_number,
        customer_name=order.customer_name,
        status=order.status,
        figures=_figures([line] if line else list(items.values())),
        figures_of=label_of(line) if line else "",
        kinds=kind_options(),
        lines=(Option("", _("All items")), *(Option(str(item.item_id), _line_words(item)) for item in items.values())),
        people=people_options(people),
        days=by_day(operations, lambda operation: operation.happened, now),
        operation_count=len(operations),
        is_filtered=bool(criteria),
        may_export=may_export,
        printed=_("Printed by %(who)s, %(when)s", who=person(reader), when=words.exact_moment(now)),
    )


def kind_options() -> tuple[Option, ...]:
    """Return the kinds to choose from, "everything" first."""
    return (Option("", _("Everything")), *(Option(kind.value, translate(KIND_WORDS[kind])) for kind in TrailKind))


def people_options(people: Sequence[str]) -> tuple[Option, ...]:
    """Return the people to choose from, "everybody" first."""
    return (Option("", _("Everybody")), *(Option(name, person(name)) for name in people))


def _figures(items: Sequence[TrailItem]) -> tuple[Fact, ...]:
    units = (
        (_("Ordered"), sum(item.quantity for item in items)),
        (_("Shipped"), sum(item.shipped_quantity for item in items)),
        (_("Cancelled"), sum(item.cancelled_quantity for item in items)),
        (_("Returned"), sum(item.returned_quantity for item in items)),
        (_("Left to ship"), sum(item.remaining_quantity for item in items)),
    )
    return tuple(Fact(word, number(count)) for word, count in units)


def _line_words(item: TrailItem) -> str:
    label = label_of(item)
    sku = f" ({item.sku})" if item.sku and item.sku != label else ""
    return f"{item.position}. {label}{sku}"
