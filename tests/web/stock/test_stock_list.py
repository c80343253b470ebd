"""The list of products: finding them, narrowing it, and what runs low."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.factories import make_product
from tests.helpers.cast import Cast, Part
from tests.helpers.statements import counted
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Product
from webapp.services.reads import stock_filters

TabletOf = Callable[[Part], Tablet]


def names(answer: Answer) -> list[str]:
    return [link.words for link in answer.root.one(id="stock").all("a", css="stock-product__link")]


def test_the_list_has_products_by_sku_with_their_places(manager: Tablet, lamp: Product) -> None:
    answer = manager.get("/stock")

    assert names(answer) == ["Brass desk lamp", "Mug"]
    row = answer.root.one("tbody").all("tr")[0]
    assert [cell.words for cell in row.all("td")][:4] == ["A1 5 B2 2", "7", "3", "4"]
    assert row.one("rect", css="stock-bar__reserved")["width"] == "42"


@pytest.mark.parametrize("typed", ["bra", "BRASS", "lamp", "desk brass", "lámp"])
def test_products_are_found_by_the_beginnings_of_words(manager: Tablet, lamp: Product, typed: str) -> None:
    assert names(manager.get(f"/stock?search={typed}")) == ["Brass desk lamp"]


def test_products_are_found_by_sku_and_gtin(manager: Tablet, lamp: Product) -> None:
    for typed in (lamp.sku, lamp.sku.lower(), lamp.gtin, (lamp.gtin or "")[:-1]):
        assert "Brass desk lamp" in names(manager.get(f"/stock?search={typed}"))


@pytest.mark.parametrize("typed", ["rass", "lamp mug", "%25", "_", "'; DROP"])
def test_what_nothing_begins_with_finds_nothing_and_says_so(manager: Tablet, lamp: Product, typed: str) -> None:
    answer = manager.get(f"/stock?search={typed}")

    assert names(answer) == []
    assert "Nothing found" in answer.words


def test_characters_that_no_keyboard_types_search_for_nothing(manager: Tablet, lamp: Product) -> None:
    assert len(names(manager.get("/stock?search=%01%1f"))) == 2


def test_the_placeholder_is_no_stock(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    placeholder = warehouse.placeholder()

    assert "Unknown product" not in names(manager.get("/stock"))
    assert manager.get(f"/stock/{placeholder.id}").status == 404


def test_a_long_list_is_read_page_by_page(manager: Tablet, warehouse: Warehouse) -> None:
    expected = sorted(warehouse.product(f"Part {number}").sku for number in range(60))
    seen: list[str] = []
    href = "/stock?search=part"
    while href:
        answer = manager.get(href)
        seen += [row.one("small").all("span")[0].words for row in answer.root.one("tbody").all("tr")]
        onward = answer.root.all("a", rel="next")
        href = onward[0]["href"] if onward else ""

    assert seen == expected


def test_the_list_answers_htmx_with_its_panel(manager: Tablet, lamp: Product) -> None:
    page, panel = manager.get("/stock?search=lamp"), manager.get("/stock?search=lamp", htmx=True)

    assert "<html" not in panel.response.text
    assert panel.root.one(id="stock").words == page.root.one(id="stock").words


def test_a_broken_cursor_is_refused(manager: Tablet, lamp: Product) -> None:
    assert manager.get("/stock?cursor=garbage").status == 422


@pytest.mark.both_engines
@pytest.mark.parametrize("products", [1, 60])
def test_list_and_search_cost_the_same_statements_however_many_products(
    manager: Tablet, warehouse: Warehouse, engine: Engine, products: int
) -> None:
    for number in range(products):
        warehouse.product(f"Part {number}", A1=1, B1=1)

    for address in ("/stock", "/stock?search=part"):
        with counted(engine) as statements:
            assert names(manager.get(address))
        assert len(statements) <= 6


@pytest.fixture
def mixed(warehouse: Warehouse) -> None:
    """A product in each state."""
    for name, units, ordered in (("Fine", 90, 3), ("Low", 5, 1), ("Taken", 4, 4), ("Wanted", 2, 9)):
        warehouse.processing((warehouse.product(name, A1=units), ordered))
    warehouse.adjust(warehouse.product("Empty", A1=1), -1)
    warehouse.product("Nowhere")
    plenty = warehouse.product("Plenty", A1=6, A2=1)
    warehouse.adjust(plenty, -1, "A2")


def states(answer: Answer) -> dict[str, str]:
    rows = answer.root.one("tbody").all("tr")
    return {row.one("a").words: " ".join(pill.words for pill in row.all(css="pill")) for row in rows}


def test_what_runs_low_stands_out(manager: Tablet, mixed: None) -> None:
    assert states(manager.get("/stock")) == {
        "Empty": "Empty",
        "Fine": "",
        "Low": "Low",
        "Nowhere": "Empty",
        "Plenty": "",
        "Taken": "All reserved",
        "Wanted": "7 missing",
    }


@pytest.mark.parametrize(
    ("show", "left"),
    [
        ("reserved", ["Fine", "Low", "Taken", "Wanted"]),
        ("missing", ["Wanted"]),
        ("empty", ["Empty", "Nowhere"]),
        ("all", ["Empty", "Fine", "Low", "Nowhere", "Plenty", "Taken", "Wanted"]),
        ("nonsense", ["Empty", "Fine", "Low", "Nowhere", "Plenty", "Taken", "Wanted"]),
    ],
)
@pytest.mark.parametrize("few", [0, 1000], ids=["walked", "looked up"])
@pytest.mark.both_engines
def test_the_list_may_be_narrowed(
    manager: Tablet, mixed: None, monkeypatch: pytest.MonkeyPatch, few: int, show: str, left: list[str]
) -> None:
    monkeypatch.setattr(stock_filters, "FEW", few)

    answer = manager.get(f"/stock?show={show}")

    assert sorted(names(answer)) == left
    assert len(answer.root.one("ul", css="filters").all(**{"aria-current": "true"})) == 1


def test_a_filter_and_a_search_go_together_and_stay_in_the_address(manager: Tablet, mixed: None) -> None:
    answer = manager.get("/stock?show=reserved&search=w")

    assert names(answer) == ["Wanted"]
    assert answer.root.one("input", name="show")["value"] == "reserved"
    assert {link["href"] for link in answer.root.one(id="stock").all("a", css="filters__link")} == {
        "/stock?search=w",
        "/stock?search=w&show=missing",
        "/stock?search=w&show=reserved",
        "/stock?search=w&show=count",
        "/stock?search=w&show=empty",
        "/stock?search=w&show=retired",
    }


def test_a_filter_that_leaves_nothing_says_so(manager: Tablet, lamp: Product) -> None:
    answer = manager.get("/stock?show=missing")

    assert "No order waits for stock" in answer.words
    assert answer.root.one(id="stock").one("a", css="button")["href"] == "/stock"


def test_another_stores_products_are_not_listed(manager: Tablet, db: Session, cast: Cast, lamp: Product) -> None:
    make_product(db, cast.other_store, "Foreign lamp")

    assert names(manager.get("/stock?search=lamp")) == ["Brass desk lamp"]
    assert names(manager.get("/stock?search=foreign")) == []
