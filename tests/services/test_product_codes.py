"""Several codes of a product: each stands for units of one product only, and the journal says who changed them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import make_product, make_store
from tests.factories.numbers import gtin13
from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import ConflictError, InvalidInput, InvalidQuantity, ProductNotFound
from webapp.models import Product, ProductCode, ProductCodeChange
from webapp.presenters.picking.screen import find_scanned
from webapp.services import product_code_service
from webapp.services.reads.order_search import find_orders
from webapp.services.reads.picking_queries import read_progress
from webapp.services.reads.product_codes import owners_of, read_codes
from webapp.services.reads.product_search import find_products

CASE = "14006381333938"


def teach(warehouse: Warehouse, product: Product, code: str, units: int = 1) -> product_code_service.CodeTaught:
    return warehouse.do(product_code_service.teach_code, product_id=product.id, code=code, units=units, actor="max")


def remove(warehouse: Warehouse, product: Product, code_id: int) -> product_code_service.CodeRemoved:
    return warehouse.do(product_code_service.remove_code, product_id=product.id, code_id=code_id, actor="max")


def codes_of(warehouse: Warehouse, product: Product) -> dict[str, int]:
    warehouse.db.rollback()
    return {one.code: one.units for one in read_codes(warehouse.db, warehouse.store.id, product.id)}


def journal(warehouse: Warehouse) -> list[tuple[str, int, bool, str]]:
    warehouse.db.rollback()
    of_store = select(ProductCodeChange).where(ProductCodeChange.store_id == warehouse.store.id)
    changes = warehouse.db.scalars(of_store.order_by(ProductCodeChange.id))
    return [(one.code, one.units, one.is_removal, one.changed_by) for one in changes]


def test_a_case_is_scanned_and_searched_as_its_product(warehouse: Warehouse) -> None:
    mug, other = warehouse.product("Mug", A1=50), warehouse.product("Plate", A2=50)
    order = warehouse.processing((other, 1), (mug, 12))
    teach(warehouse, mug, CASE, 6)
    teach(warehouse, mug, "Supplier 7")

    progress = read_progress(warehouse.db, warehouse.store.id, order.id, timedelta(minutes=15))
    for code in (CASE, "Supplier 7", "SUPPLIER  7"):
        assert find_scanned(progress, code).item_id == warehouse.item(order, 2).id, code
    assert find_orders(warehouse.db, warehouse.store.id, CASE).order_ids == {order.id}
    for search in (CASE, "supplier 7"):
        assert set(find_products(warehouse.db, warehouse.store.id, search).product_ids) == {mug.id}
    assert progress.items[0].further_codes == []


def test_taught_twice_it_is_one_code_and_one_entry_of_the_journal(warehouse: Warehouse) -> None:
    mug = warehouse.product("Mug")

    first, again = teach(warehouse, mug, CASE, 6), teach(warehouse, mug, CASE, 6)

    assert (first["is_new"], again["is_new"]) == (True, False)
    assert codes_of(warehouse, mug) == {CASE: 6}
    assert journal(warehouse) == [(CASE, 6, False, "max")]


@pytest.mark.parametrize("form", ["4006381333931", "04006381333931"])
def test_a_code_of_one_product_is_refused_for_another_in_every_form(warehouse: Warehouse, form: str) -> None:
    mug, plate = warehouse.product("Mug"), warehouse.product("Plate")
    teach(warehouse, mug, "4006381333931")

    with pytest.raises(ConflictError, match=mug.sku):
        teach(warehouse, plate, form)

    assert codes_of(warehouse, plate) == {}
    assert len(journal(warehouse)) == 1


def test_other_units_for_a_code_are_refused(warehouse: Warehouse) -> None:
    mug = warehouse.product("Mug")
    teach(warehouse, mug, CASE, 6)

    with pytest.raises(ConflictError, match="stands for 6 units"):
        teach(warehouse, mug, CASE, 12)


def test_a_sku_is_no_further_code(warehouse: Warehouse) -> None:
    mug, plate = warehouse.product("Mug"), warehouse.product("Plate")

    for sku in (mug.sku, plate.sku.lower()):
        with pytest.raises(ConflictError, match="is the SKU of"):
            teach(warehouse, mug, sku)


@pytest.mark.parametrize("code", ["", " ", "X" * 65, "A\u200bB", "5,01E+12", "4006381333932", "400638133393"])
def test_what_cannot_be_a_code_is_refused(warehouse: Warehouse, code: str) -> None:
    with pytest.raises(InvalidInput):
        teach(warehouse, warehouse.product("Mug"), code)

    assert journal(warehouse) == []


@pytest.mark.parametrize("units", [0, -1, 2**31])
def test_a_code_stands_for_one_unit_or_more(warehouse: Warehouse, units: int) -> None:
    with pytest.raises(InvalidQuantity):
        teach(warehouse, warehouse.product("Mug"), CASE, units)


def test_a_removed_code_finds_nothing_and_may_be_taught_to_another(warehouse: Warehouse) -> None:
    mug, plate = warehouse.product("Mug"), warehouse.product("Plate")
    teach(warehouse, mug, CASE, 6)
    code_id = warehouse.db.scalars(select(ProductCode.id).where(ProductCode.product_id == mug.id)).one()

    first, again = remove(warehouse, mug, code_id), remove(warehouse, mug, code_id)
    assert (first["code"], again["code"]) == (CASE, "")
    assert not find_products(warehouse.db, warehouse.store.id, CASE).product_ids
    teach(warehouse, plate, CASE, 4)

    assert codes_of(warehouse, plate) == {CASE: 4}
    assert journal(warehouse) == [(CASE, 6, False, "max"), (CASE, 6, True, "max"), (CASE, 4, False, "max")]


def test_the_first_gtin_is_the_products_own_and_the_next_takes_its_place(warehouse: Warehouse) -> None:
    mug = make_product(warehouse.db, warehouse.store, "Mug", gtin=None)
    old, new = gtin13(1), gtin13(2)
    teach(warehouse, mug, CASE, 6)
    teach(warehouse, mug, old)
    teach(warehouse, mug, new)
    own = warehouse.db.scalars(
        select(ProductCode).where(ProductCode.product_id == mug.id, ProductCode.code == old)
    ).one()
    assert warehouse.db.scalar(select(Product.gtin).where(Product.id == mug.id)) == old

    remove(warehouse, mug, own.id)

    assert warehouse.db.scalar(select(Product.gtin).where(Product.id == mug.id)) == new
    assert codes_of(warehouse, mug) == {CASE: 6, new: 1}
    assert not find_products(warehouse.db, warehouse.store.id, old).product_ids


def test_a_gtin_of_several_products_becomes_that_of_the_one_a_person_chooses(warehouse: Warehouse) -> None:
    gtin = gtin13(7)
    twins = [make_product(warehouse.db, warehouse.store, f"Twin {number}", gtin=gtin) for number in range(2)]
    third = warehouse.product("Mug")
    with pytest.raises(ConflictError):
        teach(warehouse, third, gtin)

    teach(warehouse, twins[1], gtin)

    owners = owners_of(warehouse.db, warehouse.store.id, [gtin])[gtin]
    assert [owner.product_id for owner in owners] == [twins[1].id]
    assert journal(warehouse) == [(gtin, 1, True, "max"), (gtin, 1, False, "max")]


def test_codes_are_of_one_store(warehouse: Warehouse) -> None:
    theirs = make_product(warehouse.db, make_store(warehouse.db), "Mug")
    mug = warehouse.product("Mug")

    with pytest.raises(ProductNotFound):
        teach(warehouse, theirs, CASE)
    with pytest.raises(ProductNotFound):
        teach(warehouse, warehouse.placeholder(), CASE)
    product_code_service.teach_code(warehouse.db, theirs.store_id, theirs.id, CASE, actor="max")
    teach(warehouse, mug, CASE, 6)

    assert codes_of(warehouse, mug) == {CASE: 6}


@pytest.mark.parametrize("spelled", ["box-7 a", "BOX-7  A", "Box\u20117 A"])
def test_a_code_of_one_product_is_refused_for_another_in_every_spelling_that_scans_alike(
    warehouse: Warehouse, spelled: str
) -> None:
    mug, plate = warehouse.product("Mug"), warehouse.product("Plate")
    teach(warehouse, mug, "Box-7 A")

    with pytest.raises(ConflictError, match=mug.sku):
        teach(warehouse, plate, spelled)
    with pytest.raises(ConflictError, match="stands for 1"):
        teach(warehouse, mug, spelled, 6)
    assert teach(warehouse, mug, spelled)["is_new"] is False

    assert codes_of(warehouse, plate) == {}
    assert len(journal(warehouse)) == 1


def test_a_gtin_of_several_products_that_is_a_cases_is_nobodys_own(warehouse: Warehouse) -> None:
    twins = [make_product(warehouse.db, warehouse.store, f"Twin {number}", gtin=CASE) for number in range(2)]

    teach(warehouse, twins[0], CASE, 6)

    gtins = select(Product.gtin).where(Product.id.in_([one.id for one in twins]))
    assert set(warehouse.db.scalars(gtins)) == {None}
    assert [owner.units for owner in owners_of(warehouse.db, warehouse.store.id, [CASE])[CASE]] == [6]
    assert set(find_products(warehouse.db, warehouse.store.id, CASE).product_ids) == {twins[0].id}
    assert not warehouse.unsound()
