"""Reads orders: the list, one order, its shipment status, its ledger rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from flask import Blueprint, Response, g

from webapp.api.answers import json_answer
from webapp.api.describing import READING_A_LIST, READING_ONE, describes
from webapp.api.requests import read_query
from webapp.auth.guard import requires
from webapp.domain.assignments import OrderHolder, standing
from webapp.domain.clock import utc_now
from webapp.domain.listed_orders import ListedOrder
from webapp.domain.roles import READERS
from webapp.extensions import db
from webapp.schemas import answers, examples
from webapp.schemas.requests import ListOrdersSchema
from webapp.services import order_inventory_service
from webapp.services.reads import order_details, order_listing, order_news

blueprint = Blueprint("api_orders", __name__, url_prefix="/api/v1/store/orders")
ABOUT: Final = "Reading orders: every role may."

_FILTERS: Final = ListOrdersSchema()


@blueprint.get("")
@describes(answers.OrderListSchema, READING_A_LIST, query=ListOrdersSchema)
@requires(READERS)
def list_orders() -> Response:
    """List orders, a page at a time.

    Without a status the newest come first; with one, the soonest to ship. Follow ``next_cursor`` until it is null.
    """
    query = read_query(_FILTERS)
    status = query.get("status")
    page = order_listing.list_orders(
        db.session(),
        g.store_id,
        statuses=[status] if status else None,
        number=query.get("number"),
        limit=query["limit"],
        cursor=query.get("cursor"),
    )
    return json_answer({"orders": [_summary(row) for row in page.rows], "next_cursor": page.next_cursor})


@blueprint.get("/<id:order_id>")
@describes(answers.OrderSchema, READING_ONE)
@requires(READERS)
def read_order(order_id: int) -> Response:
    """Read an order with its items and its open stock exceptions."""
    read_query()
    order = order_details.get_order(db.session(), g.store_id, order_id)
    _version, assignments = order_news.version_of(db.session(), g.store_id, order_id)
    return json_answer({**order, "assigned_to": _people(assignments)})


@blueprint.get("/<id:order_id>/shipment-status")
@describes(answers.ShipmentStatusSchema, READING_ONE, example=examples.SHIPMENT_STATUS)
@requires(READERS)
def read_shipment_status(order_id: int) -> Response:
    """Read how much of an order has shipped."""
    read_query()
    return json_answer(order_inventory_service.get_shipment_status(db.session(), g.store_id, order_id))


@blueprint.get("/<id:order_id>/transactions")
@describes(answers.TransactionsSchema, READING_ONE)
@requires(READERS)
def read_transactions(order_id: int) -> Response:
    """Read the stock ledger of an order, oldest first."""
    read_query()
    return json_answer(order_details.list_transactions(db.session(), g.store_id, order_id))


def _people(assignments: Iterable[OrderHolder]) -> list[str]:
    return [one.person for one in standing(assignments, utc_now(), g.settings.idle_time)]


def _summary(order: ListedOrder) -> dict[str, Any]:
    return {
        "order_id": order.id,
        "order_number": order.order_number,
        "order_status": order.status,
        "version": order.version,
        "channel": order.channel,
        "external_id": order.external_id,
        "customer_name": order.customer_name,
        "ordered_at": order.ordered_at,
        "ship_by": order.ship_by,
        "hold": order.hold,
        "assigned_to": _people(order.assignments),
        "total_item_count": order.item_count,
        "total_ordered_units": order.ordered_units,
        "total_shipped_units": order.shipped_units,
        "total_cancelled_units": order.cancelled_units,
    }
