"""An export that comes back to its own store: nothing changes, whatever has become of its orders and its stock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from tests.services.imports.importing import NATIVE, Importer, table
from webapp.domain.causes import Cause
from webapp.domain.unknown_lines import MatchBy, UnknownCode
from webapp.models import (
    Base,
    ImportedStockRow,
    Inventory,
    InventoryTransaction,
    Order,
    OrderEvent,
    OrderItem,
    Product,
    StockException,
    Store,
)
from webapp.models.base import table_of
from webapp.services import matching_service

COLUMNS = (
    *NATIVE,
    *("updated_at", "line_id", "cancelled_at", "payment_status", "fulfillment_status", "external_id"),
    *("ship_to_line1", "ship_to_line2", "ship_to_city", "ship_to_country", "packing_note", "phone"),
    *("unit_price", "currency"),
)
LAMP, CUP = {"sku": "LAMP", "product_name": "Lamp"}, {"sku": "CUP", "product_name": "Cup", "gtin": "04006381333931"}

pytestmark = pytest.mark.both_engines


class Shop:
    """A shop with an order in each state, and its warehouse."""

    def __init__(self, db: Session, store: Store, folder: Path) -> None:
        self.db, self.importer, self.warehouse = db, Importer(db, store, folder), Warehouse(db, store)
        self.warehouse.product("Lamp", "LAMP", A1=40)
        self.warehouse.product("Cup", "CUP", A2=40)
        self.warehouse.product("Nowhere", "NOWHERE")

    def says(self, number: str, *lines: dict[str, Any], **head: Any) -> Order:
        """Import an order; return it as it is then."""
        self.db.rollback()
        usual = {"order_number": number, "ordered_at": "2026-01-05 10:00", "quantity": 3, "customer_name": "+Ada"}
        self.importer.orders(table(COLUMNS, ({**usual, **head, **line} for line in lines)))
        self.db.rollback()
        return self.db.scalars(select(Order).where(Order.order_number == number)).one()

    def started(self, number: str, *lines: dict[str, Any], **head: Any) -> Order:
        order = self.says(number, *lines, **head)
        self.warehouse.process(order)
        return order

    def has_an_order_in_each_state(self) -> int:
        """Return how many orders there are."""
        address = {
            "ship_to_line1": "=1 Rue",
            "ship_to_line2": "b",
            "ship_to_city": "Luxembourg",
            "ship_to_country": "LU",
        }
        self.says("open", LAMP, CUP, **address, packing_note="-fragile\nyes", phone="+352 1")
        self.warehouse.cancel(self.started("cancelled", LAMP))
        self.warehouse.cancel_item(self.started("cancelled in part", LAMP, CUP), 1)
        self.warehouse.ship(self.started("shipped in part", LAMP, CUP, **address), 2)
        whole = self.started("shipped", LAMP)
        self.warehouse.ship_order(whole)
        back = self.started("returned", LAMP)
        self.warehouse.ship_order(back)
        self.warehouse.give_back(back, 1)
        self.says("unpaid", LAMP, payment_status="pending")
        self.says("on hold", LAMP, fulfillment_status="on hold")
        self.says("placeholder", {"sku": "WHO-KNOWS", "gtin": "0012345678905"})
        self.says("split", LAMP, LAMP, {**LAMP, "quantity": 5})
        self.says("priced", {**LAMP, "unit_price": "1.234,50"}, {**CUP, "unit_price": "8.2650"}, currency="EUR")
        self.says(
            "with ids", {**LAMP, "line_id": "1"}, {**LAMP, "line_id": "2"}, external_id="G-7", updated_at="2026-01-06"
        )
        pack = {"sku": "LAMP-3", "product_name": "3 lamps", "quantity": 2}
        packs = self.started("packs", pack)
        unknown = UnknownCode.require(MatchBy.SKU, "LAMP-3")
        lamp_id = self.db.scalars(select(Product.id).where(Product.sku == "LAMP")).one()
        self.warehouse.do(matching_service.match_lines, unknown=unknown, product_id=lamp_id, pack_units=3)
        self.warehouse.ship(packs, 2)
        self.started("fewer", LAMP, CUP)
        self.says("fewer", {**LAMP, "quantity": 2}, CUP)
        self.started("a line less", LAMP, CUP)
        self.says("a line less", LAMP)
        self.started("more", LAMP)
        self.says("more", {**LAMP, "quantity": 4})
        self.started("cancelled in the shop", LAMP)
        self.says("cancelled in the shop", LAMP, cancelled_at="2026-01-07")
        late = self.started("too late", LAMP)
        self.warehouse.ship_order(late)
        self.says("too late", {**LAMP, "quantity": 1})
        self.warehouse.erase_person(whole)
        return self.db.query(Order).count()

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of what a warehouse lives by."""
        self.db.rollback()
        models: list[type[Base]] = [
            ImportedStockRow,
            Order,
            OrderItem,
            OrderEvent,
            Inventory,
            InventoryTransaction,
            StockException,
            Product,
        ]
        return {
            one.__tablename__: sorted((tuple(row) for row in self.db.execute(select(table_of(one)))), key=str)
            for one in models
        }


@pytest.fixture
def shop(db: Session, store: Store, tmp_path: Path) -> Shop:
    store.time_zone = "Europe/Luxembourg"
    return Shop(db, store, tmp_path)


def test_an_export_of_orders_changes_nothing_in_its_own_store(shop: Shop, manager: Tablet) -> None:
    orders = shop.has_an_order_in_each_state()
    before = shop.everything()

    exported = manager.client.get("/exports/orders.csv?status=all", buffered=True).data
    first, second = shop.importer.orders(exported), shop.importer.orders(exported)

    assert shop.everything() == before
    for again in (first, second):
        result = again.result
        assert (result.new_orders, result.changed_orders, again.tally.rejected) == (0, 0, 0), again.report
        assert result.known_orders == orders
    assert Cause.CHANGED_UPSTREAM in {one.cause for one in shop.db.scalars(select(StockException))}
    assert shop.warehouse.unsound() == []


def test_what_a_person_changes_in_an_export_is_followed(shop: Shop, manager: Tablet) -> None:
    shop.says("1", {**LAMP, "quantity": 3}, CUP)

    exported = manager.client.get("/exports/orders.csv?status=all", buffered=True).data.decode()
    changed = shop.importer.orders(exported.replace("Lamp,3", "Lamp,2"))

    assert (changed.result.changed_orders, changed.result.known_orders) == (1, 0)


def test_an_export_of_stock_adds_nothing_to_its_own_store(shop: Shop, manager: Tablet) -> None:
    shop.has_an_order_in_each_state()
    before = shop.everything()

    exported = manager.client.get("/exports/stock.csv", buffered=True).data
    again = shop.importer.stock(exported)

    assert shop.everything() == before
    assert again.numbers == (4, 0, 4, 0)
    assert (again.result.units, again.result.new_products, again.result.rows_before) == (0, 0, 3)


def test_an_export_of_stock_counts_as_a_delivery_if_somebody_says_so(shop: Shop, manager: Tablet) -> None:
    exported = manager.client.get("/exports/stock.csv", buffered=True).data

    added = [shop.importer.stock(exported, is_another_delivery=True).result.units for _ in range(2)]

    assert added == [80, 0]
