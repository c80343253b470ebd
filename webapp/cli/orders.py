"""``flask orders status``: set an order's status from the command line."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from webapp.cli.changes import change
from webapp.cli.console import Refused, echo
from webapp.cli.lookup import require_actor, require_store
from webapp.domain.causes import CAUSES, Cause
from webapp.domain.codes import code_key
from webapp.domain.names import CONSOLE
from webapp.extensions import db
from webapp.models import Store
from webapp.schemas.order import OrderUpdate
from webapp.services import order_service
from webapp.services.engine.results import StockResult
from webapp.services.reads.order_lookup import item_labels, orders_with_number

orders = AppGroup("orders", help="Orders and their statuses.")


@orders.command("status")
@click.argument("order_number")
@click.argument("status")
@click.option("--store", "code", metavar="CODE", required=True, help="The store the order belongs to.")
@click.option("--channel", metavar="CODE", help="The order's channel, where two channels have the number.")
@click.option("--reason", default="", help="Why, as the order's history will say; used when it is cancelled.")
@click.option("--actor", default=CONSOLE, show_default=True, help="Who does it, as the history will say.")
def status_command(order_number: str, status: str, code: str, channel: str | None, reason: str, actor: str) -> None:
    """Set the STATUS of the order ORDER_NUMBER, with what that asks of stock.

    What stock could not serve is listed; it does not stop the change. Ends with 1 when the change is refused.
    """
    store = require_store(code)
    store_id, actor = store.id, require_actor(store, actor, CONSOLE)
    order_id = _require_order(store, order_number, channel)

    def set_status(session: Session) -> tuple[str, StockResult | None]:
        update = OrderUpdate(status=status, reason=reason)
        changed = order_service.change_status(session, store_id, order_id, update, actor=actor)
        return changed.order.status, changed.stock

    now, stock = change(set_status)
    echo(f"Order {order_number} is {now}.")
    if stock is not None:
        _say_stock(stock, item_labels(db.session(), store_id, order_id))


def _require_order(store: Store, number: str, channel: str | None) -> int:
    """Return the id of the order with this number; end the command if there is none, or several might be meant."""
    of_channels = orders_with_number(db.session(), store.id, number)
    if not of_channels:
        raise Refused(f"There is no order {number} in store {store.code}.")
    key = None if channel is None else code_key(channel)
    candidates = [order_id for code, order_id in of_channels.items() if key in (None, code_key(code))]
    if len(candidates) == 1:
        return candidates[0]
    codes = ", ".join(f"“{code}”" for code in sorted(of_channels))
    if candidates:
        raise Refused(f"Several channels have an order {number}: {codes}. Say which one with --channel CODE.")
    raise Refused(f"There is no order {number} of the channel “{channel}”. Channels with this number: {codes}.")


def _say_stock(stock: StockResult, labels: dict[int, str]) -> None:
    """Print the units that a stock action moved, and each item it skipped."""
    stock_result: dict[str, Any] = {**stock}
    for verb in ("reserved", "fulfilled", "released"):
        if f"{verb}_count" in stock_result:
            echo(f"{verb.capitalize()}: {stock_result[f'{verb}_units']} units of {stock_result[f'{verb}_count']} items")
    for skipped in stock["skipped_items"]:
        words = CAUSES[Cause(skipped["reason"])].words
        echo(f"Skipped: {skipped['quantity']} units of {labels[skipped['item_id']]}: {words}")
