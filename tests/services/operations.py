"""Every operation that changes stock or orders, each in a situation with much to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from tests.helpers.warehouse import Warehouse
from webapp.models import StockException
from webapp.schemas.order import OrderUpdate
from webapp.services import (
    inventory_service,
    matching_service,
    order_inventory_service,
    order_service,
    product_merge_service,
    return_service,
    shelf_service,
    undo_service,
)
from webapp.services.engine import stock_exceptions
from webapp.services.reads import returns

Operation = tuple[Callable[..., Any], dict[str, Any]]
"""A service and its arguments, without ``db``, ``store_id`` and ``actor``."""

GTIN, SKU = "4099999999996", "MKT-7"


def reserve(warehouse: Warehouse) -> Operation:
    widget, gadget = warehouse.product(A1=3, B2=4), warehouse.product("Gadget", A1=1)
    order = warehouse.order((widget, 6), (gadget, 2), (warehouse.product("Rarity"), 1), (warehouse.placeholder(), 1))
    return order_inventory_service.reserve_for_order, {"order_id": order.id}


def set_processing(warehouse: Warehouse) -> Operation:
    _, names = reserve(warehouse)
    return order_service.change_status, {**names, "order_update": OrderUpdate(status="processing")}


def ship_item(warehouse: Warehouse) -> Operation:
    order = warehouse.processing((warehouse.product(A1=3, B2=4), 6), (warehouse.product("Gadget", A1=1), 1))
    return order_inventory_service.fulfill_item, _item(warehouse, order, quantity=5)


def ship_last_item(warehouse: Warehouse) -> Operation:
    """Ship the last units of an order, some of which were never reserved."""
    widget = warehouse.product(A1=3)
    order = warehouse.processing((widget, 5))
    warehouse.ship(order, 2)
    warehouse.adjust(widget, 4)
    return order_inventory_service.fulfill_item, _item(warehouse, order)


def ship_softly(warehouse: Warehouse) -> Operation:
    order = warehouse.processing((warehouse.product(A1=3), 5))
    return order_inventory_service.fulfill_item, _item(warehouse, order)


def ship_order(warehouse: Warehouse) -> Operation:
    order = warehouse.processing((warehouse.product(A1=3, B2=4), 9), (warehouse.product("Gadget", A1=1), 1))
    return order_service.ship_order, {"order_id": order.id}


def set_shipped(warehouse: Warehouse) -> Operation:
    _, names = ship_order(warehouse)
    return order_service.change_status, {**names, "order_update": OrderUpdate(status="shipped")}


def cancel(warehouse: Warehouse) -> Operation:
    """Cancel what is left of a partly shipped order for which two others wait."""
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5), (widget, 2))
    warehouse.processing((widget, 2))
    warehouse.processing((widget, 2))
    warehouse.ship(order, 1)
    return order_service.cancel_order, {"order_id": order.id, "reason": "Ordered twice"}


def cancel_item(warehouse: Warehouse) -> Operation:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5), (widget, 2))
    warehouse.processing((widget, 2))
    return order_service.cancel_item, _item(warehouse, order, quantity=4, reason="Out of season")


def release(warehouse: Warehouse) -> Operation:
    _, names = cancel(warehouse)
    return order_inventory_service.release_order_reservation, {"order_id": names["order_id"]}


def refund(warehouse: Warehouse) -> Operation:
    order = warehouse.processing((warehouse.product(A1=5), 9))
    warehouse.set_status(order, "shipped")
    return order_service.change_status, {"order_id": order.id, "order_update": OrderUpdate(status="refunded")}


def undo(warehouse: Warehouse) -> Operation:
    order = warehouse.processing((warehouse.product(A1=3, B2=4), 6))
    warehouse.ship(order, 6)
    return undo_service.undo_shipment_line, {"order_id": order.id, "line_id": warehouse.lines(order)[0].id}


def give_back(warehouse: Warehouse) -> Operation:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5))
    warehouse.ship(order)
    warehouse.processing((widget, 2))
    named = _item(warehouse, order, quantity=3, reason="Too small", location="NEW")
    return return_service.return_units, named


def merge(warehouse: Warehouse) -> Operation:
    """Merge a product that is at two places, held and waited for, with a twin that is waited for, too."""
    twin, widget = warehouse.product("Twin", A1=3, B2=4), warehouse.product(A1=1)
    warehouse.processing((widget, 3))
    warehouse.processing((twin, 5))
    return product_merge_service.merge_products, {"product_id": twin.id, "survivor_id": widget.id}


def undo_merge(warehouse: Warehouse) -> Operation:
    act, names = merge(warehouse)
    warehouse.do(act, **names)
    return product_merge_service.undo_merge, {"product_id": names["product_id"]}


def write_off(warehouse: Warehouse) -> Operation:
    act, names = give_back(warehouse)
    return act, {**names, "write_off": True}


def correct_return(warehouse: Warehouse) -> Operation:
    order = warehouse.processing((warehouse.product(A1=5), 3))
    warehouse.ship(order)
    warehouse.give_back(order, 3)
    booked = returns.list_returns(warehouse.db, warehouse.store.id, order.id)[0].event_id
    named = {"order_id": order.id, "event_id": booked, "quantity": 1, "seen_quantity": 3}
    return return_service.correct_return, named


def _waiting(warehouse: Warehouse, **names: Any) -> dict[str, Any]:
    """A product that two orders wait for, and where units of it arrive."""
    widget = warehouse.product(A1=1)
    warehouse.processing((widget, 3))
    warehouse.processing((widget, 3))
    return {"product_id": widget.id, "location": "A1", "reason": "Cycle count", **names}


def adjust(warehouse: Warehouse) -> Operation:
    return inventory_service.adjust_inventory, _waiting(warehouse, quantity_change=4)


def set_stock(warehouse: Warehouse) -> Operation:
    return inventory_service.set_inventory, _waiting(warehouse, quantity=9)


def count_below_reserved(warehouse: Warehouse) -> Operation:
    """Count fewer units than two orders hold; the place elsewhere serves one of them."""
    widget = warehouse.product(A1=6)
    warehouse.processing((widget, 3))
    warehouse.processing((widget, 3))
    warehouse.arrive(widget, 2, "B2")
    named = {"product_id": widget.id, "location": "A1", "quantity": 1, "reason": "Cycle count"}
    return inventory_service.set_inventory, named


def import_stock(warehouse: Warehouse) -> Operation:
    return inventory_service.import_inventory, _waiting(warehouse, quantity=9, location="NEW")


def return_stock(warehouse: Warehouse) -> Operation:
    return inventory_service.return_inventory, _waiting(warehouse, quantity=9, location="NEW")


def match(warehouse: Warehouse) -> Operation:
    unknown = warehouse.placeholder()
    warehouse.processing((unknown, 3), gtin=GTIN)
    warehouse.set_status(warehouse.processing((unknown, 3), gtin=GTIN), "shipped")
    return matching_service.match_gtin, {"gtin": GTIN, "product_id": warehouse.product(A1=4).id}


def match_sku(warehouse: Warehouse) -> Operation:
    unknown = warehouse.placeholder()
    warehouse.processing((unknown, 3), sku=SKU)
    warehouse.set_status(warehouse.processing((unknown, 3), sku=SKU), "shipped")
    return matching_service.match_sku, {"sku": SKU, "product_id": warehouse.product(A1=4).id}


def match_item(warehouse: Warehouse) -> Operation:
    order = warehouse.processing((warehouse.placeholder(), 3), sku="")
    named = {"item_id": warehouse.item(order).id, "product_id": warehouse.product(A1=2).id}
    return matching_service.match_item, named


def found_on_shelf(warehouse: Warehouse) -> Operation:
    order = warehouse.processing((warehouse.product(A1=3), 5))
    return shelf_service.ship_found_on_shelf, _item(warehouse, order, quantity=5, location="NEW")


def short_pick(warehouse: Warehouse) -> Operation:
    widget = warehouse.product(A1=5)
    order = warehouse.processing((widget, 5))
    warehouse.arrive(widget, 2, "B2")
    place = warehouse.place(widget.id, "A1").id
    named = _item(warehouse, order, inventory_id=place, counted_quantity=1, seen_quantity=5)
    return shelf_service.report_short_pick, named


def close_exception(warehouse: Warehouse) -> Operation:
    order = warehouse.processing((warehouse.product(A1=3), 5))
    exception = warehouse.db.scalars(select(StockException).where(StockException.order_id == order.id)).first()
    assert exception is not None
    return stock_exceptions.close_exception, {"exception_id": exception.id, "resolution": "Counted again"}


def reserve_by_hand(warehouse: Warehouse) -> Operation:
    order = warehouse.order((warehouse.product(A1=3, B2=4), 6))
    return inventory_service.reserve_inventory, {"order_item_id": warehouse.item(order).id}


def release_by_hand(warehouse: Warehouse) -> Operation:
    _, names = cancel_item(warehouse)
    return inventory_service.release_reservation, {"order_item_id": names["item_id"], "quantity": 3}


OPERATIONS: dict[str, Callable[[Warehouse], Operation]] = {
    make.__name__: make
    for make in (
        reserve,
        set_processing,
        ship_item,
        ship_last_item,
        ship_softly,
        ship_order,
        set_shipped,
        cancel,
        cancel_item,
        release,
        refund,
        undo,
        give_back,
        merge,
        undo_merge,
        write_off,
        correct_return,
        adjust,
        set_stock,
        count_below_reserved,
        import_stock,
        return_stock,
        match,
        match_sku,
        match_item,
        found_on_shelf,
        short_pick,
        close_exception,
        reserve_by_hand,
        release_by_hand,
    )
}


def _item(warehouse: Warehouse, order: Any, **names: Any) -> dict[str, Any]:
    return {"order_id": order.id, "item_id": warehouse.item(order).id, **names}
