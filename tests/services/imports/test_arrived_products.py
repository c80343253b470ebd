"""Lines that waited for a product are matched when the store gets it, or learns a code of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories.numbers import gtin13
from tests.helpers.warehouse import FIRST_ORDER, Warehouse
from tests.services.imports.importing import Importer, stock
from webapp.domain.products import ProductTexts
from webapp.models import Order, Product, Store
from webapp.services import product_code_service, product_service

GTIN = gtin13(7, "40123")

Road = Callable[[Warehouse, Product], Any]


def teaches(code: str, units: int = 1) -> Road:
    act = product_code_service.teach_code
    return lambda warehouse, lamp: warehouse.do(act, product_id=lamp.id, code=code, units=units)


def edits(**texts: str) -> Road:
    def edit(warehouse: Warehouse, lamp: Product) -> object:
        seen = ProductTexts(lamp.name, lamp.sku, lamp.gtin or "")
        names: dict[str, Any] = {"product_id": lamp.id, "texts": seen._replace(**texts), "seen": seen}
        return warehouse.do(product_service.edit_product, **names)

    return edit


@pytest.fixture
def warehouse(db: Session, store: Store) -> Warehouse:
    """The warehouse of the importer's store."""
    return Warehouse(db, store)


@pytest.fixture
def waiting(warehouse: Warehouse) -> dict[str, Order]:
    """Orders in processing for 3 units each, with the GTIN, the SKU, and another SKU, which nothing has."""
    unknown = warehouse.placeholder()
    return {
        "gtin": warehouse.processing((unknown, 3), gtin=GTIN, sku=""),
        "sku": warehouse.processing((unknown, 3), sku="MKT-LAMP-7"),
        "other": warehouse.processing((unknown, 3), sku="OTHER"),
    }


@pytest.mark.parametrize(
    ("road", "matched"),
    [
        (teaches(GTIN), "gtin"),
        (teaches("mkt-lamp-7"), "sku"),
        (edits(gtin=GTIN), "gtin"),
        (edits(sku="MKT-Lamp-7"), "sku"),
        (teaches(GTIN, units=6), ""),
        (edits(name="Lantern"), ""),
    ],
)
def test_a_code_that_the_store_learns_matches_what_waited_with_it(
    warehouse: Warehouse, waiting: dict[str, Order], road: Road, matched: str
) -> None:
    lamp = warehouse.product("Lamp", "LAMP", A1=2)

    road(warehouse, lamp)

    now = {name for name, order in waiting.items() if warehouse.item(order).product_id == lamp.id}
    assert now == ({matched} if matched else set())
    if matched:
        order = waiting[matched]
        assert (warehouse.allocations(order), warehouse.item(order).match_id) == ({"A1": 2}, None)
        assert warehouse.exceptions(order)[-1] == (1, "insufficient_inventory", 1, "open")
    assert warehouse.unsound() == []


def test_a_product_that_is_made_matches_what_waited_with_its_codes(
    warehouse: Warehouse, waiting: dict[str, Order]
) -> None:
    made = warehouse.do(product_service.make_product, texts=ProductTexts("Lamp", "MKT-LAMP-7", GTIN))

    products = [warehouse.item(order).product_id for order in waiting.values()]
    assert [product_id == made["product_id"] for product_id in products] == [True, True, False]
    assert warehouse.unsound() == []


def test_stock_that_comes_in_goes_to_the_oldest_order_whoever_waited_unknown(
    warehouse: Warehouse, importer: Importer, waiting: dict[str, Order]
) -> None:
    lamp = warehouse.product("Lamp", "LAMP")
    known = warehouse.processing((lamp, 3), ordered_at=FIRST_ORDER.replace(year=2027))
    row = {"sku": "LAMP", "gtin": GTIN, "quantity": 4}

    importer.stock(stock(row))

    assert (warehouse.allocations(waiting["gtin"]), warehouse.allocations(known)) == ({"A-01": 3}, {"A-01": 1})
    assert warehouse.unsound() == []


def test_a_line_whose_codes_name_two_products_goes_on_waiting(warehouse: Warehouse) -> None:
    unknown = warehouse.placeholder()
    warehouse.product("Cup", "CUP")
    order = warehouse.processing((unknown, 1), gtin=GTIN, sku="CUP")

    teaches(GTIN)(warehouse, warehouse.product("Lamp", "LAMP"))

    assert warehouse.item(order).product_id == unknown.id
