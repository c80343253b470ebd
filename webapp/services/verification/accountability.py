"""Invariant 5 of docs/contract.md, "Invariants": every change has a person, each idempotency key one effect."""

from __future__ import annotations

from functools import partial
from typing import Any, Final, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    String,
    Table,
    and_,
    case,
    distinct,
    func,
    literal,
    select,
    true,
    type_coerce,
)
from sqlalchemy import cast as sql_cast

from webapp.domain.causes import ExceptionState
from webapp.domain.ledger import TransactionType
from webapp.models import (
    GtinMatch,
    IdempotencyKey,
    OrderEvent,
    OrderItem,
    Shipment,
    ShipmentLine,
    StockException,
)
from webapp.services.verification.findings import Check, Finds, Scope, id_of, row_named
from webapp.services.verification.ledger import Ledger, stored_type

KEYS = cast(Table, IdempotencyKey.__table__)
_BLANKS: Final = " \t\r\n"

PEOPLE: Final[tuple[tuple[Any, str, ColumnElement[bool]], ...]] = (
    (Ledger, "created_by", true()),
    (OrderEvent, "actor", true()),
    (IdempotencyKey, "actor", true()),
    (Shipment, "packed_by", true()),
    (ShipmentLine, "shipped_by", true()),
    (ShipmentLine, "undone_by", ShipmentLine.undone_at.is_not(None)),
    (StockException, "opened_by", true()),
    (
        StockException,
        "closed_by",
        type_coerce(StockException.state, String) == literal(ExceptionState.CLOSED.value),
    ),
    (GtinMatch, "matched_by", true()),
)
"""Columns that must name a person, and for which rows."""


def nameless(model: Any, column: str, due: ColumnElement[bool], scope: Scope) -> Finds:
    """Find rows of ``model`` whose ``column`` is blank although ``due``."""
    name = func.trim(func.coalesce(getattr(model, column), ""), _BLANKS)
    return select(
        model.store_id, id_of(model.__table__).label("id"), getattr(model, column).label(f"found_{column}")
    ).where(scope.of(model), due, name == "")


def events_of_other_orders(scope: Scope) -> Finds:
    """Find order events whose item is not of their order."""
    return (
        select(
            OrderEvent.store_id,
            OrderEvent.id,
            OrderEvent.order_item_id,
            OrderItem.order_id.label("expected_order_id"),
            OrderEvent.order_id.label("found_order_id"),
        )
        .join(OrderItem, row_named(OrderItem, OrderEvent, OrderEvent.order_item_id))
        .where(scope.of(OrderEvent), OrderItem.order_id != OrderEvent.order_id)
    )


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
    types = (TransactionType.FULFILL.value, TransactionType.RETURN.value)
    return (
        select(
            IdempotencyKey.store_id,
            IdempotencyKey.key.label("id"),
            IdempotencyKey.operation_id,
            func.count(distinct(Ledger.order_id)).label("found_orders"),
        )
        .join(Ledger, _of_operation())
        .where(scope.of(IdempotencyKey), stored_type.in_(types))
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
        .where(scope.of(Ledger), stored_type == TransactionType.FULFILL.value, Ledger.reverses_id.is_(None))
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
    *(
        Check(
            5,
            f"{column}_named",
            f"{model.__table__.name}.{column} names nobody",
            cast(Table, model.__table__),
            partial(nameless, model, column, due),
        )
        for model, column, due in PEOPLE
    ),
    Check(
        5,
        "event_of_own_order",
        "An order event's item is of another order",
        cast(Table, OrderEvent.__table__),
        events_of_other_orders,
    ),
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
)
