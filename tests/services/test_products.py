"""A product is made and changed by people: its texts, its codes and its words agree, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories import make_product as factory_product
from tests.factories import make_store
from tests.factories.numbers import gtin13
from tests.helpers.warehouse import Warehouse
from tests.services.test_product_codes import codes_of, journal, teach
from webapp.domain.errors import ConflictError, InvalidInput, ProductNotFound
from webapp.domain.products import ProductTexts
from webapp.domain.unknown_lines import MatchBy, UnknownCode
from webapp.models import Product
from webapp.services import matching_service, product_service
from webapp.services.imports.product_matching import OrderedAs, ProductFinder
from webapp.services.product_service import ProductEdited, ProductMade
from webapp.services.reads.product_search import find_products

GTIN = "4006381333931"


def make(warehouse: Warehouse, name: str, sku: str, gtin: str = "", unknown: UnknownCode | None = None) -> ProductMade:
    texts = ProductTexts(name, sku, gtin)
    return warehouse.do(product_service.make_product, texts=texts, unknown=unknown, actor="max")


def texts_of(warehouse: Warehouse, product_id: int) -> ProductTexts:
    warehouse.db.rollback()
    product = warehouse.db.get_one(Product, (warehouse.store.id, product_id), populate_existing=True)
    return ProductTexts(*(str(getattr(product, name) or "") for name in ProductTexts._fields))


def edit(warehouse: Warehouse, product_id: int, seen: ProductTexts | None = None, **changed: str) -> ProductEdited:
    seen = seen or texts_of(warehouse, product_id)
    named: dict[str, Any] = {"product_id": product_id, "texts": seen._replace(**changed), "seen": seen, "actor": "max"}
    return warehouse.do(product_service.edit_product, **named)


def found(warehouse: Warehouse, search: str) -> set[int]:
    return set(find_products(warehouse.db, warehouse.store.id, search).product_ids)


def product_of_line(warehouse: Warehouse, gtin: str, sku: str) -> int:
    line = OrderedAs(gtin, sku, name="", channel_id=0)
    return ProductFinder(warehouse.db, warehouse.store.id, [line]).find(line).product_id


def test_a_new_product_is_found_by_its_name_its_sku_and_its_gtin(warehouse: Warehouse) -> None:
    made = make(warehouse, "  Enamel   mug ", "MUG-E", GTIN)["product_id"]

    assert texts_of(warehouse, made) == ProductTexts("Enamel mug", "MUG-E", GTIN)
    assert found(warehouse, "enamel") == found(warehouse, "mug-e") == found(warehouse, GTIN) == {made}
    assert journal(warehouse) == [(GTIN, 1, False, "max")]


def test_one_number_may_be_both_sku_and_gtin(warehouse: Warehouse) -> None:
    made = make(warehouse, "Mug", GTIN, GTIN)["product_id"]

    assert codes_of(warehouse, warehouse.db.get_one(Product, (warehouse.store.id, made))) == {GTIN: 1}


@pytest.mark.parametrize("sku", ["MUG", "mug", "M UG", "BOX-7", "box-7", "PLACEHOLDER", "", "5,01E+12", "M\u200bUG"])
def test_a_sku_that_cannot_be_makes_no_product(warehouse: Warehouse, sku: str) -> None:
    teach(warehouse, warehouse.product("Mug", "MUG"), "BOX-7")
    count = select(func.count()).select_from(Product).where(Product.store_id == warehouse.store.id)
    before = warehouse.db.scalar(count)

    with pytest.raises((ConflictError, InvalidInput)):
        make(warehouse, "Another", sku)

    assert warehouse.db.scalar(count) == before


@pytest.mark.parametrize("gtin", ["4006381333932", "12345", "SKU", "0" * 13])
def test_what_is_no_gtin_or_another_products_is_refused_and_leaves_nothing(warehouse: Warehouse, gtin: str) -> None:
    make(warehouse, "Mug", "MUG", GTIN)

    for refused in (gtin, GTIN):
        with pytest.raises((InvalidInput, ConflictError)):
            make(warehouse, "Plate", "PLATE", refused)

    assert found(warehouse, "plate") == set()


def test_a_product_made_for_lines_has_them_at_once_and_later_imports_know_it(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.placeholder(), 3), gtin=GTIN)

    made = make(warehouse, "Mug", "MUG", GTIN, UnknownCode(MatchBy.GTIN, GTIN))

    assert made["match"] is not None
    assert (made["match"]["matched_items"], made["match"]["is_remembered"]) == (1, True)
    assert warehouse.item(order).product_id == made["product_id"]
    assert product_of_line(warehouse, GTIN, "") == made["product_id"]


def test_a_changed_sku_stays_a_code_and_the_ledger_keeps_everything(warehouse: Warehouse) -> None:
    mug = warehouse.product("Mug", "MUG-1", A1=5)
    warehouse.processing((mug, 2))
    matched = warehouse.processing((warehouse.placeholder(), 1), gtin=GTIN)
    warehouse.do(matching_service.match_gtin, gtin=GTIN, product_id=mug.id)

    edit(warehouse, mug.id, name="Blue mug", sku="MUG-2")

    assert found(warehouse, "mug-2") == found(warehouse, "mug-1") == found(warehouse, "blue") == {mug.id}
    assert product_of_line(warehouse, "", "MUG-1") == product_of_line(warehouse, "", "MUG-2") == mug.id
    assert journal(warehouse) == [("MUG-1", 1, False, "max")]
    assert warehouse.item(matched).product_id == mug.id

    edit(warehouse, mug.id, sku="MUG-1")  # And back: the SKU is a code no longer, the other one is.
    edit(warehouse, mug.id, sku="mug-1")
    assert codes_of(warehouse, mug) == {"MUG-2": 1}
    assert found(warehouse, "mug-2") == found(warehouse, "mug-1") == {mug.id}


def test_a_changed_name_is_no_longer_found_by_its_former_words(warehouse: Warehouse) -> None:
    made = make(warehouse, "Enamel mug", "E-1")["product_id"]

    edit(warehouse, made, name="Steel mug")

    assert (found(warehouse, "enamel"), found(warehouse, "steel mug")) == (set(), {made})


def test_another_gtin_is_shown_and_the_former_one_still_scans(warehouse: Warehouse) -> None:
    made = make(warehouse, "Mug", "MUG", GTIN)["product_id"]
    mug, other = warehouse.db.get_one(Product, (warehouse.store.id, made)), gtin13(77)

    edit(warehouse, made, gtin=other)
    assert (texts_of(warehouse, made).gtin, codes_of(warehouse, mug)) == (other, {GTIN: 1, other: 1})

    edit(warehouse, made, gtin="")  # Taken away, the next one takes its place.
    assert (texts_of(warehouse, made).gtin, codes_of(warehouse, mug)) == (GTIN, {GTIN: 1})


def test_of_two_who_change_the_same_the_later_one_changes_nothing(warehouse: Warehouse) -> None:
    made = make(warehouse, "Mug", "MUG")["product_id"]
    seen = texts_of(warehouse, made)
    edit(warehouse, made, seen, name="Blue mug")

    late = edit(warehouse, made, seen, name="Red mug", sku="RED")
    other = edit(warehouse, made, seen, sku="MUG-B")

    assert late == {"changed": {}, "stale": {"name": "Blue mug"}}
    assert other["changed"] == {"sku": "MUG-B"}
    assert texts_of(warehouse, made) == ProductTexts("Blue mug", "MUG-B")


def test_a_refused_change_leaves_nothing_and_sent_again_it_changes_nothing(warehouse: Warehouse) -> None:
    warehouse.product("Plate", "PLATE")
    made = make(warehouse, "Mug", "MUG", GTIN)["product_id"]

    for sku in ("PLATE", "plate", "pla te"):
        with pytest.raises(ConflictError):
            edit(warehouse, made, name="Blue mug", sku=sku, gtin=gtin13(5))

    assert texts_of(warehouse, made) == ProductTexts("Mug", "MUG", GTIN)
    assert edit(warehouse, made)["changed"] == {}


def test_the_placeholder_and_another_stores_product_are_not_changed(warehouse: Warehouse) -> None:
    foreign = factory_product(warehouse.db, make_store(warehouse.db), "Theirs")
    for product_id in (warehouse.placeholder().id, foreign.id):
        with pytest.raises(ProductNotFound):
            edit(warehouse, product_id, ProductTexts("a", "b"), name="Mine")


def test_weight_customs_code_and_origin_are_read_as_people_write_them(warehouse: Warehouse) -> None:
    made = make(warehouse, "Mug", "MUG")["product_id"]

    edit(warehouse, made, weight_grams="0,35 kg", hs_code="6912.00 23", origin_country="pt")

    assert texts_of(warehouse, made)[3:] == ("350", "69120023", "PT")
    wrong = [("weight_grams", "0"), ("weight_grams", "heavy"), ("weight_grams", "1000001"), ("hs_code", "691")]
    for name, text in (*wrong, ("hs_code", "69A200"), ("origin_country", "XX")):
        changed: dict[str, Any] = {name: text}
        with pytest.raises(InvalidInput):
            edit(warehouse, made, **changed)
    assert edit(warehouse, made, weight_grams="")["changed"] == {"weight_grams": ""}
    assert texts_of(warehouse, made)[3:] == ("", "69120023", "PT")
