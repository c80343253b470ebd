"""Invariant 5 of docs/contract.md, "Invariants": every change has a person, each idempotency key one effect."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    String,
    func,
    literal,
    select,
    true,
    type_coerce,
)

from webapp.domain.causes import ExceptionState
from webapp.models import (
    IdempotencyKey,
    Inventory,
    Match,
    OrderEvent,
    OrderItem,
    Product,
    ProductMerge,
    Shipment,
    ShipmentLine,
    StockException,
    StoreSetting,
)
from webapp.models.base import table_of
from webapp.services.verification.findings import Check, Finds, Scope, id_of, row_named
from webapp.services.verification.ledger import Ledger

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
    (Match, "matched_by", true()),
    (Match, "undone_by", Match.undone_at.is_not(None)),
    (ProductMerge, "merged_by", true()),
    (ProductMerge, "undone_by", ProductMerge.undone_at.is_not(None)),
    (Product, "retired_by", Product.retired_at.is_not(None)),
    (StoreSetting, "changed_by", true()),
    (Inventory, "count_asked_by", Inventory.count_cause.is_not(None)),
)
"""Columns that must name a person, and for which rows."""


def nameless(model: Any, column: str, due: ColumnElement[bool], scope: Scope) -> Finds:
    """Find rows of ``model`` whose ``column`` is blank although ``due``."""
    name = func.trim(func.coalesce(getattr(model, column), ""), _BLANKS)
    return select(
        model.store_id, id_of(table_of(model)).label("id"), getattr(model, column).label(f"found_{column}")
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


CHECKS = (
    *(
        Check(
            5,
            f"{column}_named",
            f"{model.__tablename__}.{column} names nobody",
            table_of(model),
            partial(nameless, model, column, due),
        )
        for model, column, due in PEOPLE
    ),
    Check(
        5,
        "event_of_own_order",
        "An order event's item is of another order",
        table_of(OrderEvent),
        events_of_other_orders,
    ),
)
