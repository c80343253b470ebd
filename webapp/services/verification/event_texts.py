"""Invariant 5: each kind of event has what it needs, and reasons stand in event and ledger alike."""

from __future__ import annotations

from typing import Final

from sqlalchemy import String, and_, exists, func, or_, select, type_coerce

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.models import OrderEvent
from webapp.services.verification.event_columns import is_kind, number_of, text_of
from webapp.services.verification.event_details import EVENTS, events_of, of_same_step
from webapp.services.verification.findings import Check, Finds, Scope
from webapp.services.verification.ledger import LEDGER, Ledger, is_type

OF_AN_ORDER: Final = (EventKind.IMPORTED, EventKind.STATUS_CHANGED, EventKind.CANCELLED)
"""Kinds that name no item."""

OF_UNITS: Final = (
    EventKind.RESERVED,
    EventKind.RELEASED,
    EventKind.SHIPPED,
    EventKind.SHIPMENT_UNDONE,
    EventKind.ITEM_CANCELLED,
    EventKind.RETURNED,
    EventKind.WRITTEN_OFF,
    EventKind.RETURN_CORRECTED,
    EventKind.FOUND_ON_SHELF,
    EventKind.SHORT_PICKED,
    EventKind.BACKORDER_FILLED,
    EventKind.STOCK_SKIPPED,
)


OF_AN_ITEM: Final = (*OF_UNITS, EventKind.ITEM_MATCHED, EventKind.EXCEPTION_CLOSED)
"""Kinds that name an item."""

WITH_REASON: Final = (
    EventKind.ITEM_CANCELLED,
    EventKind.CANCELLED,
    EventKind.RETURNED,
    EventKind.WRITTEN_OFF,
    EventKind.RETURN_CORRECTED,
    EventKind.SHORT_PICKED,
    EventKind.EXCEPTION_CLOSED,
)
WITHOUT_REASON: Final = (
    EventKind.IMPORTED,
    EventKind.RESERVED,
    EventKind.SHIPPED,
    EventKind.SHIPMENT_UNDONE,
    EventKind.FOUND_ON_SHELF,
    EventKind.BACKORDER_FILLED,
    EventKind.ITEM_MATCHED,
    EventKind.STOCK_SKIPPED,
)
"""Changes of status and releases may have one or none."""


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
            and_(is_kind(*OF_AN_ORDER), names_item),
            and_(is_kind(*OF_AN_ITEM), ~names_item),
            and_(is_kind(*OF_UNITS), number_of("quantity").is_(None)),
            and_(is_kind(*WITH_REASON), OrderEvent.reason == ""),
            and_(is_kind(*WITHOUT_REASON), OrderEvent.reason != ""),
        ),
    )


def reasons_unlike_events(scope: Scope) -> Finds:
    """Find releases and returns whose reason no event of their operation and item gives, and reservations and shipments
    with a reason: they have none."""
    reason_of_event = exists().where(
        of_same_step(Ledger),
        OrderEvent.order_id == Ledger.order_id,
        is_kind(EventKind.RELEASED, EventKind.RETURNED, EventKind.RETURN_CORRECTED, EventKind.SHORT_PICKED),
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
            and_(is_kind(EventKind.SHORT_PICKED), number_of("quantity") > 0),
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
