"""Codes that are taught, removed and imported at the same moment: one product has each, and the journal adds up."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from tests.concurrency.racing import Act, calls, race
from tests.factories import make_product
from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import ConflictError
from webapp.models import Product, ProductCode, ProductCodeChange
from webapp.services import product_code_service
from webapp.services.imports.stock_drafts import DraftStock
from webapp.services.imports.stock_rows_before import StockFile
from webapp.services.imports.stock_writing import write_stock

pytestmark = pytest.mark.both_engines

CODE = "14006381333938"


def teach(product: Product, units: int = 1) -> Act:
    names = {"store_id": product.store_id, "product_id": product.id, "code": CODE, "units": units, "actor": "max"}
    return calls(product_code_service.teach_code, **names)


def stock(warehouse: Warehouse, sku: str, gtin: str) -> Act:
    rows = [DraftStock(2, sku, gtin, "Mug", "main", "A-01", 5)]
    file = StockFile("a-delivery", "delivery.csv")
    return calls(write_stock, store_id=warehouse.store.id, actor="max", reason="A delivery", rows=rows, file=file)


def journal(warehouse: Warehouse) -> int:
    warehouse.db.rollback()
    changes = select(ProductCodeChange.id).where(ProductCodeChange.store_id == warehouse.store.id)
    return len(warehouse.db.scalars(changes).all())


def test_taught_many_times_at_once_it_is_one_code(warehouse: Warehouse, shared_engine: Engine) -> None:
    mug = warehouse.product("Mug")

    results = race(shared_engine, [teach(mug, 6)] * 6)

    assert sorted(result["is_new"] for result in results) == [False] * 5 + [True]
    assert journal(warehouse) == 1


def test_taught_to_two_products_at_once_it_is_of_one(warehouse: Warehouse, shared_engine: Engine) -> None:
    for _ in range(3):
        mug, plate = warehouse.product("Mug"), warehouse.product("Plate")

        results = race(shared_engine, [teach(mug), teach(plate)] * 2)

        refused = [result for result in results if isinstance(result, ConflictError)]
        assert len(refused) == 2
        code = warehouse.db.scalars(select(ProductCode).where(ProductCode.store_id == warehouse.store.id)).one()
        assert code.product_id in (mug.id, plate.id)
        product_code_service.remove_code(warehouse.db, warehouse.store.id, code.product_id, code.id)
        warehouse.db.commit()


def test_removed_many_times_at_once_it_is_removed_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    mug = warehouse.product("Mug")
    product_code_service.teach_code(warehouse.db, warehouse.store.id, mug.id, CODE, 6)
    warehouse.db.commit()
    code_id = warehouse.db.scalars(select(ProductCode.id).where(ProductCode.product_id == mug.id)).one()
    act = calls(
        product_code_service.remove_code, store_id=warehouse.store.id, product_id=mug.id, code_id=code_id, actor="max"
    )

    results = race(shared_engine, [act] * 4)

    assert sorted(result["code"] for result in results) == ["", "", "", CODE]
    assert journal(warehouse) == 2


def test_two_imports_at_once_make_no_twins_of_a_sku_or_a_gtin(warehouse: Warehouse, shared_engine: Engine) -> None:
    spelled = [stock(warehouse, sku, "") for sku in ("MUG-BLUE", "mug-blue", "MUG\u2011BLUE")]
    coded = [stock(warehouse, sku, CODE) for sku in ("TEA", "TEE")]

    race(shared_engine, [*spelled, *coded])

    warehouse.db.rollback()
    products = warehouse.db.scalars(select(Product).where(Product.store_id == warehouse.store.id)).all()
    skus, gtins = [one.sku for one in products], [one.gtin for one in products if one.gtin]
    owners = warehouse.db.scalars(
        select(ProductCode.product_id).where(ProductCode.store_id == warehouse.store.id)
    ).all()
    assert len([sku for sku in skus if "BLUE" in sku.upper()]) == 1
    assert (len(owners), gtins) == (1, [CODE])
    product = next(one for one in products if "BLUE" in one.sku.upper())
    assert warehouse.shelves(product) == {"A-01": (15, 0)}


def test_a_gtin_of_several_products_is_chosen_for_one_by_many_at_once(
    warehouse: Warehouse, shared_engine: Engine
) -> None:
    for _ in range(5):
        twins = [make_product(warehouse.db, warehouse.store, f"Twin {number}", gtin=CODE) for number in range(4)]

        results = race(shared_engine, [teach(twin) for twin in twins * 2])

        assert {type(result) for result in results} == {dict, ConflictError}
        warehouse.db.rollback()
        code = warehouse.db.scalars(select(ProductCode).where(ProductCode.store_id == warehouse.store.id)).one()
        having = select(Product.id).where(Product.store_id == warehouse.store.id, Product.gtin == CODE)
        assert warehouse.db.scalars(having).all() == [code.product_id]
        product_code_service.remove_code(warehouse.db, warehouse.store.id, code.product_id, code.id)
        warehouse.db.commit()


def test_a_case_that_is_taught_while_a_file_brings_its_gtin_is_nobodys_own(
    warehouse: Warehouse, shared_engine: Engine
) -> None:
    for _ in range(8):
        mug = make_product(warehouse.db, warehouse.store, "Mug", gtin=None)
        warehouse.db.commit()

        race(shared_engine, [teach(mug, 6), stock(warehouse, mug.sku, CODE), teach(mug, 6)])

        warehouse.db.rollback()
        code = warehouse.db.scalars(select(ProductCode).where(ProductCode.store_id == warehouse.store.id)).one()
        own = warehouse.db.scalar(select(Product.gtin).where(Product.id == mug.id))
        assert (code.units, own) in ((6, None), (1, CODE))
        product_code_service.remove_code(warehouse.db, warehouse.store.id, code.product_id, code.id)
        warehouse.db.commit()
