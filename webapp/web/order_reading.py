"""Reads an order, or one of its items, for the screens."""

from __future__ import annotations

from flask import g

from webapp.domain.errors import ItemNotFound
from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.extensions import db
from webapp.services.reads.picking_queries import read_progress


def read_order(order_id: int, *, for_page: bool = False) -> OrderProgress:
    """Return the order as it is now; ``for_page`` with its parcel data, which no panel needs. Raises OrderNotFound."""
    window = g.settings.undo_window
    return read_progress(db.session(), g.store_id, order_id, window, with_parcel_data=for_page)


def read_item(order_id: int, item_id: int, *, for_page: bool = False) -> tuple[OrderProgress, ItemProgress]:
    """Return the order and one of its items as they are now. Raises OrderNotFound, ItemNotFound."""
    order = read_order(order_id, for_page=for_page)
    item = order.item(item_id)
    if item is None:
        raise ItemNotFound
    return order, item
