"""Reads one order in full: its details, its ledger rows, and how it got its status."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, TypedDict

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from webapp.domain.causes import Cause, ExceptionState
from webapp.domain.errors import OrderNotFound
from webapp.domain.events import EventKind
from webapp.domain.holds import Hold
from webapp.domain.parcel_data import FIELDS
from webapp.domain.statuses import OrderStatus, StatusChanged
from webapp.models import InventoryTransaction, Order, OrderEvent, StockException
from webapp.models.base import constant, table_of
from webapp.models.channel import channel_code
from webapp.models.rows import columns_of, rows_of
from webapp.services.engine.results import ShipmentStatus
from webapp.services.reads.shipment_status import get_shipment_status


class OpenExceptionDetails(TypedDict):
    """Units that a stock action could not cover, waiting for a person."""

    item_id: int
    reason: str
    quantity: int
    opened_at: datetime


class _ExceptionRow(NamedTuple):
    """The same, as the database has it."""

    item_id: int
    cause: Cause
    quantity: int
    opened_at: datetime


_exceptions = table_of(StockException)
_DETAILS: Final = select(
    channel_code(table_of(Order)).label("channel"),
    Order.external_id,
    Order.customer_name,
    Order.ordered_at,
    Order.ship_by,
    Order.hold,
    Order.currency,
    Order.packing_note_read_by,
    Order.packing_note_read_at,
    Order.person_erased_by,
    Order.person_erased_at,
    *(getattr(Order, name) for name in FIELDS),
)
_EXCEPTION: Final = columns_of(_ExceptionRow, _exceptions, item_id=_exceptions.c.order_item_id)


class ShipTo(TypedDict):
    """Where an order goes; blank where the shop said nothing."""

    name: str
    company: str
    lines: list[str]
    postcode: str
    city: str
    region: str
    country: str


class OrderDetails(ShipmentStatus):
    """An order's shipment status with prices, its parcel data and its other details."""

    currency: str
    channel: str
    external_id: str
    customer_name: str
    ordered_at: datetime
    ship_by: datetime
    hold: Hold | None
    ship_to: ShipTo
    phone: str
    email: str
    language: str
    shipping_method: str
    customer_note: str
    packing_note: str
    packing_note_read_by: str | None
    packing_note_read_at: datetime | None
    gift_text: str
    person_erased_by: str | None
    person_erased_at: datetime | None
    stock_exceptions: list[OpenExceptionDetails]


class OrderTransactions(TypedDict):
    """An order's ledger rows, oldest first, named like the ledger's columns."""

    order_id: int
    order_number: str
    transactions: list[dict[str, Any]]


def get_order(db: Session, store_id: int, order_id: int) -> OrderDetails:
    """Return an order with its items and open stock exceptions, in four statements. Raises OrderNotFound."""
    shipped = get_shipment_status(db=db, store_id=store_id, order_id=order_id, with_prices=True)
    order = db.execute(_DETAILS.where(Order.store_id == store_id, Order.id == order_id)).one()
    exceptions = db.execute(
        select(*_EXCEPTION)
        .where(
            StockException.store_id == store_id,
            StockException.order_id == order_id,
            StockException.state == constant(ExceptionState.OPEN),
        )
        .order_by(StockException.id)
    )
    return OrderDetails(
        **shipped,
        currency=order.currency,
        channel=order.channel,
        external_id=order.external_id,
        customer_name=order.customer_name,
        ordered_at=order.ordered_at,
        ship_by=order.ship_by,
        hold=order.hold,
        ship_to=ShipTo(
            name=order.ship_to_name,
            company=order.ship_to_company,
            lines=order.ship_to_lines.splitlines(),
            postcode=order.ship_to_postcode,
            city=order.ship_to_city,
            region=order.ship_to_region,
            country=order.ship_to_country,
        ),
        phone=order.phone,
        email=order.email,
        language=order.language,
        shipping_method=order.shipping_method,
        customer_note=order.customer_note,
        packing_note=order.packing_note,
        packing_note_read_by=order.packing_note_read_by,
        packing_note_read_at=order.packing_note_read_at,
        gift_text=order.gift_text,
        person_erased_by=order.person_erased_by,
        person_erased_at=order.person_erased_at,
        stock_exceptions=[
            OpenExceptionDetails(item_id=one.item_id, reason=one.cause, quantity=one.quantity, opened_at=one.opened_at)
            for one in rows_of(_ExceptionRow, exceptions)
        ],
    )


def read_status_change(db: Session, store_id: int, order_id: int) -> StatusChanged | None:
    """Return how the order got its status, in one statement; None if it never changed.

    If cancelling an item's units changed the status, that reason counts as the order's.
    """
    rows = db.execute(
        select(OrderEvent.kind, OrderEvent.actor, OrderEvent.reason, OrderEvent.details, OrderEvent.created_at)
        .where(
            OrderEvent.store_id == store_id,
            OrderEvent.order_id == order_id,
            OrderEvent.kind.in_((EventKind.STATUS_CHANGED, EventKind.ITEM_CANCELLED)),
        )
        .order_by(OrderEvent.id.desc())
        .limit(2)
    ).all()
    changed = next((row for row in rows if row.kind is EventKind.STATUS_CHANGED), None)
    if changed is None:
        return None
    reason = changed.reason or next((row.reason for row in rows if row.kind is EventKind.ITEM_CANCELLED), "")
    return StatusChanged(OrderStatus(changed.details["to"]), changed.actor, reason, changed.created_at)


def list_transactions(db: Session, store_id: int, order_id: int) -> OrderTransactions:
    """Return all ledger rows of an order, oldest first, in two statements. Raises OrderNotFound.

    They are sorted by id: rows are written under the order's lock, so ids never go back, while the clock may.
    """
    number = db.scalar(select(Order.order_number).where(Order.store_id == store_id, Order.id == order_id))
    if number is None:
        raise OrderNotFound
    ledger = table_of(InventoryTransaction)
    rows: Sequence[Row[Any]] = db.execute(
        select(ledger).where(ledger.c.store_id == store_id, ledger.c.order_id == order_id).order_by(ledger.c.id)
    ).all()
    return OrderTransactions(order_id=order_id, order_number=number, transactions=[row._asdict() for row in rows])
