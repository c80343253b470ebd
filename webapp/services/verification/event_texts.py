"""Invariant 5: each kind of event has what it needs, and reasons stand in event and ledger alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, String, and_, exists, func, or_, select, type_coerce

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.models import OrderEvent
from webapp.services.verification.event_columns import is_kind, number_of, text_of
from webapp.services.verification.event_details import EVENTS, events_of, of_same_step
from webapp.services.verification.findings import Check, Finds, Scope
from webapp.services.verification.ledger import LEDGER, Ledger, is_type


class EventNeeds(NamedTuple):
    """What an event of a kind has: an item's id, a number of units, a reason."""

    item: bool = True
    units: bool = True
    reason: bool | None = False
    """None if it may have one or not."""


NEEDS: Final[dict[EventKind, EventNeeds]] = {
    EventKind.IMPORTED: EventNeeds(item=False, units=False),
    EventKind.STATUS_CHANGED: EventNeeds(item=False, units=False, reason=None),
    EventKind.RESERVED: EventNeeds(),
    EventKind.RELEASED: EventNeeds(reason=None),
    EventKind.SHIPPED: EventNeeds(),
    EventKind.SHIPMENT_UNDONE: EventNeeds(),
    EventKind.ITEM_CANCELLED: EventNeeds(reason=True),
    EventKind.CANCELLED: EventNeeds(item=False, units=False, reason=True),
    EventKind.RETURNED: EventNeeds(reason=True),
    EventKind.WRITTEN_OFF: EventNeeds(reason=True),
    EventKind.RETURN_CORRECTED: EventNeeds(reason=True),
    EventKind.FOUND_ON_SHELF: EventNeeds(),
    EventKind.SHORT_PICKED: EventNeeds(reason=True),
    EventKind.BACKORDER_FILLED: EventNeeds(),
    EventKind.ITEM_MATCHED: EventNeeds(units=False),
    EventKind.MATCH_UNDONE: EventNeeds(),
    EventKind.STOCK_SKIPPED: EventNeeds(),
    EventKind.EXCEPTION_CLOSED: EventNeeds(units=False, reason=True),
    EventKind.PACKING_NOTE_READ: EventNeeds(item=False, units=False),
    EventKind.PERSON_ERASED: EventNeeds(item=False, units=False),
    EventKind.CHANGED_UPSTREAM: EventNeeds(item=False, units=False),
    EventKind.UNITS_ADDED: EventNeeds(),
    EventKind.CONTRADICTED: EventNeeds(),
    EventKind.HOLD_RELEASED: EventNeeds(item=False, units=False),
    EventKind.ORDER_ASSIGNED: EventNeeds(item=False, units=False),
    EventKind.PRODUCT_CHANGED: EventNeeds(reason=True),
}


def _of_kinds(are_meant: Callable[[EventNeeds], bool]) -> ColumnElement[bool]:
    return is_kind(*(kind for kind, needs in NEEDS.items() if are_meant(needs)))


def incomplete_events(scope: Scope) -> Finds:
    """Find events without the item, the units or the reason that their kind has, or with one that it has not."""
    names_item = OrderEvent.order_item_id.is_not(None)
    return select(
        OrderEvent.store_id,
        OrderEvent.id,
        OrderEvent.order_id,
        type_coerce(OrderEvent.kind, String).label("kind"),
        OrderEvent.order_item_id.label("found_order_item_id"),
        number_of("quantity").label("found_quantity"),
        OrderEvent.reason.label("found_reason"),
    ).where(
        scope.of(OrderEvent),
        or_(
            and_(_of_kinds(lambda needs: not needs.item), names_item),
            and_(_of_kinds(lambda needs: needs.item), ~names_item),
            and_(_of_kinds(lambda needs: needs.units), number_of("quantity").is_(None)),
            and_(_of_kinds(lambda needs: needs.reason is True), OrderEvent.reason == ""),
            and_(_of_kinds(lambda needs: needs.reason is False), OrderEvent.reason != ""),
        ),
    )


def reasons_unlike_events(scope: Scope) -> Finds:
    """Find releases and returns whose reason no event of their operation and item gives, and reservations and shipments
    with a reason: they have none."""
    reason_of_event = exists().where(
        of_same_step(Ledger),
        OrderEvent.order_id == Ledger.order_id,
        is_kind(
            EventKind.RELEASED,
            EventKind.RETURNED,
            EventKind.RETURN_CORRECTED,
            EventKind.SHORT_PICKED,
            EventKind.PRODUCT_CHANGED,
        ),
        OrderEvent.reason == Ledger.reason,
    )
    return select(Ledger.store_id, Ledger.id, Ledger.order_item_id, Ledger.reason.label("found_reason")).where(
        scope.of(Ledger),
        Ledger.order_item_id.is_not(None),
        or_(
            and_(is_type(TransactionType.RELEASE, TransactionType.RETURN), ~reason_of_event),
            and_(
                is_type(TransactionType.RESERVE, TransactionType.FULFILL),
                Ledger.reverses_id.is_(None),
                Ledger.reason != "",
            ),
        ),
    )


def reasons_unlike_ledger(scope: Scope) -> Finds:
    """Find events of released and returned units whose reason no ledger row of their operation and item has."""
    types = is_type(TransactionType.RELEASE, TransactionType.RETURN)
    reason_of_event = exists().where(of_same_step(Ledger), types, Ledger.reason == OrderEvent.reason)
    return events_of(scope).where(
        or_(
            is_kind(EventKind.RELEASED, EventKind.RETURNED),
            and_(is_kind(EventKind.SHORT_PICKED, EventKind.PRODUCT_CHANGED), number_of("quantity") > 0),
            and_(is_kind(EventKind.RETURN_CORRECTED), func.coalesce(text_of("location"), "") != ""),
        ),
        ~reason_of_event,
    )


CHECKS = (
    Check(
        5,
        "event_is_complete",
        "An order event lacks the item, the units or the reason of its kind, or has one that its kind has not",
        EVENTS,
        incomplete_events,
    ),
    Check(
        5,
        "reason_is_event",
        "A ledger row of an order's item has a reason that no event of its operation gives",
        LEDGER,
        reasons_unlike_events,
    ),
    Check(
        5,
        "reason_is_ledger",
        "An event of released or returned units gives a reason that no ledger row of its operation has",
        EVENTS,
        reasons_unlike_ledger,
    ),
)
