"""Changes orders: ship units of an item, set the status, cancel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, g
from sqlalchemy.orm import Session

from webapp.api.changes import change
from webapp.api.describing import CHANGING, describes
from webapp.api.requests import read_body
from webapp.auth.guard import requires
from webapp.domain.roles import MANAGERS, SHIPPERS
from webapp.schemas import answers, examples
from webapp.schemas.order import OrderUpdate
from webapp.schemas.requests import CancelOrderSchema, ChangeStatusSchema, ShipItemSchema
from webapp.services import order_inventory_service, order_service
from webapp.services.order_service import StatusChange

blueprint = Blueprint("api_order_changes", __name__, url_prefix="/api/v1/store/orders/<id:order_id>")
ABOUT: Final = "Changing orders: packers and managers ship, managers set the status and cancel."

_SHIP_ITEM: Final = ShipItemSchema()
_CHANGE_STATUS: Final = ChangeStatusSchema()
_CANCEL_ORDER: Final = CancelOrderSchema()


@blueprint.post("/items/<id:item_id>/ship")
@describes(answers.ShippedItemSchema, CHANGING, body=ShipItemSchema, body_required=False, example=examples.SHIPPED_ITEM)
@requires(SHIPPERS)
def ship_item(order_id: int, item_id: int) -> Response:
    """Ship units of one item; without a quantity, all that remain.

    A fully shipped item answers with ``fulfilled_quantity`` 0 and a ``message``. More than remains is refused with 422;
    missing stock, or a cancelled or refunded order, with 409.
    """
    body = read_body(_SHIP_ITEM)

    def work(db: Session) -> Mapping[str, Any]:
        return order_inventory_service.fulfill_item(
            db=db,
            store_id=g.store_id,
            order_id=order_id,
            item_id=item_id,
            quantity=body.get("quantity"),
            seen_shipped=body.get("seen_shipped"),
            skip_missing=False,
            actor=g.actor,
        )

    return change(work, body)


@blueprint.post("/status")
@describes(answers.ChangedOrderSchema, CHANGING, body=ChangeStatusSchema)
@requires(MANAGERS)
def change_status(order_id: int) -> Response:
    """Set an order's status and do what it means for stock.

    ``processing`` reserves, ``shipped`` ships all that remains, ``cancelled`` releases what is still reserved. Missing
    stock never stops the change: see ``skipped_items``. Setting the same status again does nothing.
    """
    body = read_body(_CHANGE_STATUS)
    update = OrderUpdate(status=body["status"], reason=body.get("reason", ""))

    def work(db: Session) -> Mapping[str, Any]:
        return _changed(
            order_service.change_status(
                db=db, store_id=g.store_id, order_id=order_id, order_update=update, actor=g.actor
            )
        )

    return change(work, body)


@blueprint.post("/cancel")
@describes(answers.ChangedOrderSchema, CHANGING, body=CancelOrderSchema)
@requires(MANAGERS)
def cancel_order(order_id: int) -> Response:
    """Cancel what has not shipped: release what is still reserved, never more; shipped units stay shipped.

    Cancelling a cancelled order again does nothing.
    """
    body = read_body(_CANCEL_ORDER)

    def work(db: Session) -> Mapping[str, Any]:
        return _changed(
            order_service.cancel_order(
                db=db, store_id=g.store_id, order_id=order_id, reason=body["reason"], actor=g.actor
            )
        )

    return change(work, body)


def _changed(done: StatusChange) -> dict[str, Any]:
    """Return the order's status under both names (as read elsewhere, and as it was sent), and the stock action's
    result."""
    order = done.order
    return {
        "order_id": order.id,
        "order_number": order.order_number,
        "order_status": str(order.status),
        "status": str(order.status),
        "skipped_items": [],
        **(done.stock or {}),
    }
