"""Products that are made and changed at the same moment: one product has each SKU, and no change is lost unseen."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select

from tests.concurrency.racing import Act, calls, race
from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import ConflictError
from webapp.domain.products import ProductTexts
from webapp.models import Product
from webapp.services import product_service

pytestmark = pytest.mark.both_engines


def edit(product: Product, **changed: str) -> Act:
    seen = ProductTexts(product.name, product.sku, product.gtin or "")
    names = {"store_id": product.store_id, "product_id": product.id, "seen": seen, "actor": "max"}
    return calls(product_service.edit_product, texts=seen._replace(**changed), **names)


def having(warehouse: Warehouse, sku: str) -> int:
    warehouse.db.rollback()
    of_store = select(func.count()).where(Product.store_id == warehouse.store.id, Product.sku == sku)
    return warehouse.db.scalar(of_store) or 0


def test_a_sku_made_and_taken_many_times_at_once_is_of_one_product(warehouse: Warehouse, shared_engine: Engine) -> None:
    mug, plate = warehouse.product("Mug"), warehouse.product("Plate")
    texts = ProductTexts("Bowl", "BOWL")
    make = calls(product_service.make_product, store_id=warehouse.store.id, texts=texts, actor="max")

    results = race(shared_engine, [make, make, make, edit(mug, sku="BOWL"), edit(plate, sku="BOWL")])

    assert [isinstance(one, ConflictError) for one in results].count(True) == 4
    assert having(warehouse, "BOWL") == 1


def test_of_many_who_rename_a_product_at_once_one_does(warehouse: Warehouse, shared_engine: Engine) -> None:
    mug = warehouse.product("Mug")

    results = race(shared_engine, [edit(mug, name=f"Mug {number}") for number in range(4)])

    assert sorted(len(one["changed"]) for one in results) == [0, 0, 0, 1]
    assert sorted(len(one["stale"]) for one in results) == [0, 1, 1, 1]
