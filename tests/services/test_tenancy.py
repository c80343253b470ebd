"""Another store's ids: every service responds as for unknown ids, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.factories import make_store
from tests.helpers.rows import rows_of_store
from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import (
    ExceptionNotFound,
    ItemNotFound,
    NotFoundError,
    OrderNotFound,
    ProductNotFound,
    ShipmentLineNotFound,
    StaleView,
)
from webapp.models import Order, Product, StockException
from webapp.schemas.order import OrderUpdate
from webapp.services import (
    inventory_service,
    matching_service,
    order_inventory_service,
    order_service,
    return_service,
    shelf_service,
    undo_service,
)
from webapp.services.engine import stock_exceptions

GTIN, SKU = "4099999999996", "MKT-7"


class Theirs:
    """Another store, with something of everything, and the ids of it."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.product: Product = warehouse.product(A1=3)
        self.order: Order = warehouse.processing((self.product, 5))
        unknown = warehouse.placeholder()
        self.unknown: Order = warehouse.processing((unknown, 1), gtin=GTIN)
        self.unknown_sku: Order = warehouse.processing((unknown, 1), sku=SKU)
        warehouse.ship(self.order, 2)
        exception = warehouse.db.query(StockException).filter_by(store_id=warehouse.store.id).first()
        assert exception is not None
        self.ids: dict[str, int] = {
            "order": self.order.id,
            "item": warehouse.item(self.order).id,
            "line": warehouse.lines(self.order)[0].id,
            "product": self.product.id,
            "inventory": warehouse.place(self.product.id, "A1").id,
            "exception": exception.id,
        }


Names = dict[str, Any]
Call = tuple[Callable[..., Any], Callable[[dict[str, int]], Names], type[Exception]]


def _status(status: str, ids: dict[str, int]) -> Names:
    return {"order_id": ids["order"], "order_update": OrderUpdate(status=status)}


def _stock(units: str, ids: dict[str, int]) -> Names:
    return {"product_id": ids["product"], "location": "A1", "reason": "Ours?", units: 1}


CALLS: dict[str, Call] = {
    "reserve_for_order": (
        order_inventory_service.reserve_for_order,
        lambda ids: {"order_id": ids["order"]},
        OrderNotFound,
    ),
    "fulfill_order": (order_inventory_service.fulfill_order, lambda ids: {"order_id": ids["order"]}, OrderNotFound),
    "fulfill_item": (
        order_inventory_service.fulfill_item,
        lambda ids: {"order_id": ids["order"], "item_id": ids["item"]},
        OrderNotFound,
    ),
    "release_order_reservation": (
        order_inventory_service.release_order_reservation,
        lambda ids: {"order_id": ids["order"]},
        OrderNotFound,
    ),
    "handle_status_change": (
        order_inventory_service.handle_status_change,
        lambda ids: {"order_id": ids["order"], "old_status": "processing", "new_status": "cancelled"},
        OrderNotFound,
    ),
    **{
        f"update_order_status {status}": (
            order_service.update_order_status,
            partial(_status, status),
            OrderNotFound,
        )
        for status in ("processing", "shipped", "cancelled", "refunded")
    },
    "ship_order": (order_service.ship_order, lambda ids: {"order_id": ids["order"]}, OrderNotFound),
    "cancel_order": (
        order_service.cancel_order,
        lambda ids: {"order_id": ids["order"], "reason": "Ours?"},
        OrderNotFound,
    ),
    "cancel_item": (
        order_service.cancel_item,
        lambda ids: {"order_id": ids["order"], "item_id": ids["item"], "quantity": 1, "reason": "Ours?"},
        OrderNotFound,
    ),
    "undo_shipment_line": (
        undo_service.undo_shipment_line,
        lambda ids: {"order_id": ids["order"], "line_id": ids["line"]},
        OrderNotFound,
    ),
    "return_units": (
        return_service.return_units,
        lambda ids: {
            "order_id": ids["order"],
            "item_id": ids["item"],
            "quantity": 1,
            "reason": "Ours?",
            "location": "A1",
        },
        OrderNotFound,
    ),
    "ship_found_on_shelf": (
        shelf_service.ship_found_on_shelf,
        lambda ids: {"order_id": ids["order"], "item_id": ids["item"], "quantity": 1, "location": "A1"},
        OrderNotFound,
    ),
    "report_short_pick": (
        shelf_service.report_short_pick,
        lambda ids: {
            "order_id": ids["order"],
            "item_id": ids["item"],
            "inventory_id": ids["inventory"],
            "counted_quantity": 0,
            "seen_quantity": 1,
        },
        OrderNotFound,
    ),
    "close_exception": (
        stock_exceptions.close_exception,
        lambda ids: {"exception_id": ids["exception"], "resolution": "Ours?"},
        ExceptionNotFound,
    ),
    **{
        name: (getattr(inventory_service, name), lambda ids: {"order_item_id": ids["item"]}, ItemNotFound)
        for name in ("reserve_inventory", "fulfill_reservation", "release_reservation")
    },
    **{
        name: (
            getattr(inventory_service, name),
            partial(_stock, units),
            ProductNotFound,
        )
        for name, units in {
            "adjust_inventory": "quantity_change",
            "set_inventory": "quantity",
            "import_inventory": "quantity",
            "return_inventory": "quantity",
        }.items()
    },
    "match_gtin": (
        matching_service.match_gtin,
        lambda ids: {"gtin": GTIN, "product_id": ids["product"]},
        ProductNotFound,
    ),
    "match_sku": (
        matching_service.match_sku,
        lambda ids: {"sku": SKU, "product_id": ids["product"]},
        ProductNotFound,
    ),
}


@pytest.fixture
def theirs(warehouse: Warehouse, shared_engine: Engine) -> Iterator[Theirs]:
    """The other store, which must be as it was when the test is over."""
    with Session(shared_engine, expire_on_commit=False) as session:
        theirs = Theirs(Warehouse(session, make_store(session), actor="otto"))
        before = rows_of_store(shared_engine, theirs.warehouse.store.id)
        yield theirs
        assert rows_of_store(shared_engine, theirs.warehouse.store.id) == before


@pytest.mark.parametrize("name", CALLS)
def test_another_stores_ids_are_refused_like_ids_that_do_not_exist(
    warehouse: Warehouse, theirs: Theirs, shared_engine: Engine, name: str
) -> None:
    act, names, error = CALLS[name]
    warehouse.processing((warehouse.product(A1=9), 5))
    before = rows_of_store(shared_engine, warehouse.store.id)

    refusals = []
    for ids in (theirs.ids, dict.fromkeys(theirs.ids, 987_654_321)):
        with pytest.raises(NotFoundError) as refusal:
            warehouse.do(act, **names(ids))
        assert type(refusal.value) is error
        refusals.append((refusal.value.code, refusal.value.message, refusal.value.data))

    assert refusals[0] == refusals[1]
    assert rows_of_store(shared_engine, warehouse.store.id) == before


@pytest.mark.parametrize("stranger", ["theirs", "unknown", "of another order"])
@pytest.mark.parametrize(
    "name", ["fulfill_item", "cancel_item", "return_units", "ship_found_on_shelf", "report_short_pick"]
)
def test_an_item_that_is_not_of_the_order_is_not_found(
    warehouse: Warehouse, theirs: Theirs, name: str, stranger: str
) -> None:
    act, names, _ = CALLS[name]
    widget = warehouse.product(A1=9)
    ours, other = warehouse.processing((widget, 5)), warehouse.processing((widget, 4))
    warehouse.ship(ours, 2)
    item_id = {
        "theirs": theirs.ids["item"],
        "unknown": 987_654_321,
        "of another order": warehouse.item(other).id,
    }[stranger]
    before = warehouse.ledger()

    with pytest.raises(ItemNotFound):
        warehouse.do(act, **names({**theirs.ids, "order": ours.id, "item": item_id}))

    assert warehouse.ledger() == before


def test_a_line_that_is_not_of_the_order_is_not_found(warehouse: Warehouse, theirs: Theirs) -> None:
    ours = warehouse.processing((warehouse.product(A1=9), 5))

    with pytest.raises(ShipmentLineNotFound):
        warehouse.undo(ours, line_id=theirs.ids["line"])


def test_a_short_pick_names_a_place_of_the_store(warehouse: Warehouse, theirs: Theirs) -> None:
    ours = warehouse.processing((warehouse.product(A1=9), 5))
    item_id = warehouse.item(ours).id

    with pytest.raises(StaleView):
        warehouse.do(
            shelf_service.report_short_pick,
            order_id=ours.id,
            item_id=item_id,
            inventory_id=theirs.ids["inventory"],
            counted_quantity=0,
            seen_quantity=5,
        )


def test_the_shipment_status_of_another_stores_order_is_not_found(warehouse: Warehouse, theirs: Theirs) -> None:
    for order_id in (theirs.ids["order"], 987_654_321):
        with pytest.raises(OrderNotFound):
            order_inventory_service.get_shipment_status(db=warehouse.db, store_id=warehouse.store.id, order_id=order_id)


def test_a_match_links_no_line_of_another_store_with_the_same_gtin(warehouse: Warehouse, theirs: Theirs) -> None:
    ours = warehouse.processing((warehouse.placeholder(), 2), gtin=GTIN)
    widget = warehouse.product(A1=9)

    result = warehouse.match(GTIN, widget)

    assert (result["matched_items"], warehouse.allocations(ours)) == (1, {"A1": 2})


def test_a_match_links_no_line_of_another_store_with_the_same_sku(warehouse: Warehouse, theirs: Theirs) -> None:
    ours = warehouse.processing((warehouse.placeholder(), 2), sku=SKU)
    widget = warehouse.product(A1=9)

    result = warehouse.do(matching_service.match_sku, sku=SKU, product_id=widget.id)

    assert (result["matched_items"], warehouse.allocations(ours)) == (1, {"A1": 2})


def test_another_stores_line_is_not_matched_alone(warehouse: Warehouse, theirs: Theirs) -> None:
    foreign = theirs.warehouse.item(theirs.unknown_sku).id
    widget = warehouse.product(A1=9)

    for item_id in (foreign, 987_654_321):
        with pytest.raises(ItemNotFound):
            warehouse.do(matching_service.match_item, item_id=item_id, product_id=widget.id)


def test_stock_that_arrives_fills_no_order_of_another_store(warehouse: Warehouse, theirs: Theirs) -> None:
    widget = warehouse.product()
    ours = warehouse.processing((widget, 5))

    warehouse.arrive(widget, 50)

    assert warehouse.allocations(ours) == {"A1": 5}
    assert theirs.warehouse.allocations(theirs.order) == {"A1": 1}
