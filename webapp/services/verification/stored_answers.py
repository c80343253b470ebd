"""Invariant 5: each idempotency key has one effect, as its answer says. Source: docs/contract.md, "Invariants"."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    String,
    and_,
    case,
    distinct,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy import cast as sql_cast

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.models import (
    IdempotencyKey,
    Order,
    OrderEvent,
)
from webapp.models.base import table_of
from webapp.services.verification.event_columns import is_kind, number_of
from webapp.services.verification.findings import Check, Finds, Scope, row_named
from webapp.services.verification.ledger import Ledger, is_type

KEYS = table_of(IdempotencyKey)


def keys_sharing_an_operation(scope: Scope) -> Finds:
    """Find keys whose operation belongs to another key of the store as well."""
    shared = (
        select(IdempotencyKey.store_id, IdempotencyKey.operation_id)
        .where(scope.of(IdempotencyKey))
        .group_by(IdempotencyKey.store_id, IdempotencyKey.operation_id)
        .having(func.count() > 1)
        .subquery()
    )
    return select(IdempotencyKey.store_id, IdempotencyKey.key.label("id"), IdempotencyKey.operation_id).join(
        shared,
        and_(
            shared.c.store_id == IdempotencyKey.store_id,
            shared.c.operation_id == IdempotencyKey.operation_id,
        ),
    )


def keys_of_several_orders(scope: Scope) -> Finds:
    """Find keys under which units of more than one order were shipped or returned.

    Reserving is left out: units that one request releases fill the backorders of other orders.
    """
    types = (TransactionType.FULFILL, TransactionType.RETURN)
    return (
        select(
            IdempotencyKey.store_id,
            IdempotencyKey.key.label("id"),
            IdempotencyKey.operation_id,
            func.count(distinct(Ledger.order_id)).label("found_orders"),
        )
        .join(Ledger, _of_operation())
        .where(scope.of(IdempotencyKey), is_type(*types))
        .group_by(IdempotencyKey.store_id, IdempotencyKey.key, IdempotencyKey.operation_id)
        .having(func.count(distinct(Ledger.order_id)) > 1)
    )


def refusals_with_effect(scope: Scope) -> Finds:
    """Find keys whose stored answer is a refusal, although stock moved under them."""
    return (
        select(
            IdempotencyKey.store_id,
            IdempotencyKey.key.label("id"),
            IdempotencyKey.operation_id,
            IdempotencyKey.status,
            func.count().label("found_ledger_rows"),
        )
        .join(Ledger, _of_operation())
        .where(scope.of(IdempotencyKey), IdempotencyKey.status >= 400)
        .group_by(IdempotencyKey.store_id, IdempotencyKey.key, IdempotencyKey.operation_id, IdempotencyKey.status)
    )


def answers_unlike_ledger(scope: Scope) -> Finds:
    """Find keys whose stored ``fulfilled_quantity`` differs from what the operation's fulfill entries took from
    stock."""
    answered = _stored_number("fulfilled_quantity", scope)
    shipped = (
        select(Ledger.store_id, Ledger.operation_id, func.sum(-Ledger.quantity_change).label("units"))
        .where(scope.of(Ledger), is_type(TransactionType.FULFILL), Ledger.reverses_id.is_(None))
        .group_by(Ledger.store_id, Ledger.operation_id)
        .subquery()
    )
    left = func.coalesce(shipped.c.units, 0)
    return (
        select(
            IdempotencyKey.store_id,
            IdempotencyKey.key.label("id"),
            IdempotencyKey.operation_id,
            left.label("expected_fulfilled_quantity"),
            answered.label("found_fulfilled_quantity"),
        )
        .outerjoin(
            shipped,
            and_(shipped.c.store_id == IdempotencyKey.store_id, shipped.c.operation_id == IdempotencyKey.operation_id),
        )
        .where(scope.of(IdempotencyKey), answered != left)
    )


def answers_of_other_orders(scope: Scope) -> Finds:
    """Find keys whose stored answer names an order that is not there, or of which no event of the operation tells."""
    order_id = _stored_number("order_id", scope)
    events = (
        select(OrderEvent.store_id, OrderEvent.operation_id, func.min(OrderEvent.order_id).label("order_id"))
        .where(scope.of(OrderEvent))
        .group_by(OrderEvent.store_id, OrderEvent.operation_id)
        .subquery()
    )
    own = (
        select(OrderEvent.store_id, OrderEvent.operation_id, OrderEvent.order_id)
        .where(scope.of(OrderEvent))
        .distinct()
        .subquery()
    )
    of_key = [
        and_(rows.c.store_id == IdempotencyKey.store_id, rows.c.operation_id == IdempotencyKey.operation_id)
        for rows in (events, own)
    ]
    return (
        select(
            IdempotencyKey.store_id,
            IdempotencyKey.key.label("id"),
            IdempotencyKey.operation_id,
            events.c.order_id.label("expected_order_id"),
            order_id.label("found_order_id"),
        )
        .outerjoin(events, of_key[0])
        .outerjoin(own, and_(of_key[1], own.c.order_id == order_id))
        .outerjoin(Order, row_named(Order, IdempotencyKey, order_id))
        .where(
            scope.of(IdempotencyKey),
            order_id.is_not(None),
            or_(Order.id.is_(None), and_(events.c.order_id.is_not(None), own.c.order_id.is_(None))),
        )
    )


def answers_unlike_events(scope: Scope) -> Finds:
    """Find keys whose stored ``remaining_quantity`` differs from that of the operation's event about the item."""
    answered = _stored_number("remaining_quantity", scope)
    by_event = number_of("remaining_quantity")
    return (
        select(
            IdempotencyKey.store_id,
            IdempotencyKey.key.label("id"),
            IdempotencyKey.operation_id,
            by_event.label("expected_remaining_quantity"),
            answered.label("found_remaining_quantity"),
        )
        .join(
            OrderEvent,
            and_(
                OrderEvent.store_id == IdempotencyKey.store_id,
                OrderEvent.operation_id == IdempotencyKey.operation_id,
                OrderEvent.order_item_id == _stored_number("item_id", scope),
                is_kind(EventKind.SHIPPED),
            ),
        )
        .where(scope.of(IdempotencyKey), answered != by_event)
    )


def malformed_keys(scope: Scope) -> Finds:
    """Find keys whose status is neither success nor refusal, or that have no fingerprint."""
    is_answer = or_(IdempotencyKey.status == 200, IdempotencyKey.status.between(400, 499))
    return select(
        IdempotencyKey.store_id,
        IdempotencyKey.key.label("id"),
        IdempotencyKey.status.label("found_status"),
        IdempotencyKey.fingerprint.label("found_fingerprint"),
    ).where(scope.of(IdempotencyKey), or_(~is_answer, func.trim(IdempotencyKey.fingerprint) == ""))


def _of_operation() -> ColumnElement[bool]:
    return and_(Ledger.store_id == IdempotencyKey.store_id, Ledger.operation_id == IdempotencyKey.operation_id)


def _stored_number(name: str, scope: Scope) -> ColumnElement[Any]:
    """Return a number of the stored answer; NULL if it is missing, no number, or not in JSON."""
    stored = KEYS.c.result
    if scope.dialect == "sqlite":
        document, path = type_coerce(stored, String), f"$.{name}"
        number = case((func.json_type(document, path) == "integer", func.json_extract(document, path)))
        return type_coerce(case((func.json_valid(document) == 1, number)), BigInteger)
    text = stored[name].as_string()
    return case((func.jsonb_typeof(stored[name]) == "number", sql_cast(text, Numeric)))


CHECKS = (
    Check(5, "key_has_own_operation", "Two idempotency keys share one operation", KEYS, keys_sharing_an_operation),
    Check(
        5,
        "key_moves_one_order",
        "Units of more than one order left or came back under one idempotency key",
        KEYS,
        keys_of_several_orders,
    ),
    Check(
        5, "refusal_moves_nothing", "Stock moved under an idempotency key that was refused", KEYS, refusals_with_effect
    ),
    Check(
        5,
        "answer_is_ledger_sum",
        "An idempotency key's stored answer is not what its ledger rows took from stock",
        KEYS,
        answers_unlike_ledger,
    ),
    Check(
        5,
        "answer_is_of_order",
        "An idempotency key's stored answer is of an order that its operation did not change",
        KEYS,
        answers_of_other_orders,
    ),
    Check(
        5,
        "answer_is_event",
        "An idempotency key's stored answer leaves other units than its event tells",
        KEYS,
        answers_unlike_events,
    ),
    Check(
        5,
        "key_well_formed",
        "An idempotency key has a status that is no answer's, or no fingerprint",
        KEYS,
        malformed_keys,
    ),
)
