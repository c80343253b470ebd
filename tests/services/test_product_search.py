"""Product search is bounded, however common a word is, and never finds another store's products."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from tests.factories import make_product, make_store
from tests.helpers.statements import counted
from tests.helpers.warehouse import Warehouse
from webapp.models import Product, ProductSearchWord
from webapp.services.reads import product_search
from webapp.services.reads.product_search import ProductWords, find_products, index_products


def search_for(warehouse: Warehouse, typed: str) -> set[str]:
    ids = find_products(warehouse.db, warehouse.store.id, typed).product_ids
    return set(warehouse.db.scalars(select(Product.name).where(Product.id.in_(ids))))


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("lamp", {"Red lamp", "Blue lamp"}),
        ("LAMP r", {"Red lamp"}),
        ("lam blu", {"Blue lamp"}),
        ("amp", set()),
        ("lamp lantern", set()),
        ("cafe", {"Café cup"}),
        ("kx-", {"Café cup"}),
        ("", set()),
        ("  ", set()),
        ("lamp lamp lamp lamp lamp red", {"Red lamp"}),
        ("r e d l a m p", set()),
    ],
)
def test_every_word_that_is_typed_begins_a_word_of_the_product(
    warehouse: Warehouse, typed: str, names: set[str]
) -> None:
    for name in ("Red lamp", "Blue lamp"):
        make_product(warehouse.db, warehouse.store, name)
    make_product(warehouse.db, warehouse.store, "Café cup", sku="KX-9")
    make_product(warehouse.db, make_store(warehouse.db), "Red lamp of others", sku="KX-9")

    assert search_for(warehouse, typed) == names


def test_a_word_that_too_many_products_hold_is_cut_and_says_so(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product_search, "MAX_CANDIDATES", 5)
    for number in range(8):
        make_product(warehouse.db, warehouse.store, f"White cup {number}")
    make_product(warehouse.db, warehouse.store, "White vase")

    common = find_products(warehouse.db, warehouse.store.id, "white")
    both_common = find_products(warehouse.db, warehouse.store.id, "white cup")

    assert (len(common.product_ids), common.is_cut) == (6, True)
    assert both_common.is_cut
    assert search_for(warehouse, "white vase") == {"White vase"}
    assert not find_products(warehouse.db, warehouse.store.id, "white vase").is_cut


def test_a_search_takes_two_statements_at_most(warehouse: Warehouse, shared_engine: Engine) -> None:
    make_product(warehouse.db, warehouse.store, "One two three four five six")

    with counted(shared_engine) as statements:
        assert search_for(warehouse, "one two three four five six")

    assert len(statements) <= 3  # One of them is the test's own look at the names.


def test_indexing_again_adds_what_is_new_and_keeps_the_rest(warehouse: Warehouse) -> None:
    product = make_product(warehouse.db, warehouse.store, "Lamp", sku="L-1", gtin=None)
    product.gtin = "4012345678901"
    warehouse.db.commit()

    for _ in range(2):
        index_products(warehouse.db, warehouse.store.id, [ProductWords(product.id, "L-1", "4012345678901", "Lamp")])

    words = warehouse.db.scalars(select(ProductSearchWord.word).where(ProductSearchWord.product_id == product.id)).all()
    assert sorted(words) == ["1", "4012345678901", "l", "l-1", "lamp"]
