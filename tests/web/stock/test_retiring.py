"""A manager retires a product: it is off the lists, its stock and orders go on, and it can be brought back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.helpers.cast import Part
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Product
from webapp.services.imports.product_matching import OrderedAs, ProductFinder

TabletOf = Callable[[Part], Tablet]


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    warehouse.product("Brass shade", A1=2)
    return warehouse.product("Brass desk lamp", "LAMP", A1=5)


def retire(manager: Tablet, lamp: Product, **fields: object) -> Answer:
    form = manager.get(f"/stock/{lamp.id}/retirement").root.one("form", css="card")
    return manager.send(form, htmx=False, **fields)


def names(answer: Answer) -> list[str]:
    return [link.words for link in answer.root.all("a", css="stock-product__link")]


def test_retired_it_is_off_the_lists_and_the_page_says_who_did_it(manager: Tablet, lamp: Product) -> None:
    assert "5 units stay on hand" in manager.get(f"/stock/{lamp.id}/retirement").words
    for _ in range(2):
        assert retire(manager, lamp).status == 303

    assert names(manager.get("/stock")) == ["Brass shade"]
    assert names(manager.get("/stock?search=brass")) == ["Brass shade"]
    assert names(manager.get("/stock?show=retired")) == ["Brass desk lamp"]
    assert "Search retired products" in manager.get("/stock?search=lamp").words
    offered = manager.get("/matches/new?gtin=4099999999996&search=brass")
    assert [row.one("h2").words for row in offered.root.all("li", css="candidate")] in ([], ["Brass shade"])
    assert "max retired this product" in manager.get(f"/stock/{lamp.id}").words


def test_its_stock_and_orders_go_on_and_new_lines_still_find_it(
    manager: Tablet, warehouse: Warehouse, lamp: Product
) -> None:
    order = warehouse.processing((lamp, 2))
    retire(manager, lamp)

    warehouse.ship(order, 2)
    warehouse.recount(lamp, 4)
    later = warehouse.processing((lamp, 3))
    assert warehouse.shelves(lamp) == {"A1": (4, 3)}
    line = OrderedAs("", "lamp", "", 0)
    assert ProductFinder(warehouse.db, lamp.store_id, [line]).find(line).product_id == lamp.id
    assert names(manager.get("/stock?show=reserved")) == ["Brass desk lamp"]
    warehouse.ship(later, 3)


def test_brought_back_it_is_on_the_list_again(manager: Tablet, lamp: Product) -> None:
    retire(manager, lamp)
    form = manager.get(f"/stock/{lamp.id}").root.one("form", action=f"/stock/{lamp.id}/retirement/end")

    assert [manager.send(form, htmx=False).status for _ in range(2)] == [303, 303]

    assert names(manager.get("/stock")) == ["Brass desk lamp", "Brass shade"]
    assert "retired this product" not in manager.get(f"/stock/{lamp.id}").words
