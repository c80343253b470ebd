"""Matching lines without a GTIN: all of one SKU, or one alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import items_of, make_order, make_placeholder
from tests.helpers.cast import Cast, Part
from tests.helpers.statements import counted
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from tests.web.matching.matches import GTIN, match, path_of
from webapp.models import Match, Order, Product

TabletOf = Callable[[Part], Tablet]
SKU = "mkt & Lamp/7"
KEY = "a" * 32


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    """5 lamps at A1."""
    return warehouse.product("Brass desk lamp", A1=5)


@pytest.fixture
def by_sku(warehouse: Warehouse, lamp: Product) -> list[Order]:
    """A processing order and a pending one that carry the SKU alone, 2 and 4 units; a GTIN beside it goes first."""
    unknown = warehouse.placeholder()
    orders = [warehouse.processing((unknown, 2), sku=SKU), warehouse.order((unknown, 4), sku=SKU)]
    warehouse.order((unknown, 1), sku=SKU, gtin=GTIN)
    warehouse.order((unknown, 1), sku=SKU.upper())
    return orders


def test_skus_of_lines_without_a_gtin_are_listed_with_what_waits_for_them(manager: Tablet, by_sku: list[Order]) -> None:
    section = manager.get("/matches").root.one("section", id="unknown-sku")

    rows = section.one("tbody").all("tr")
    assert {row.one("th").words for row in rows} == {SKU, SKU.upper()}
    (row,) = [row for row in rows if row.one("th").words == SKU]
    assert "2 lines of 2 orders, 6 units" in row.words
    assert row.one("a")["href"] == path_of(sku=SKU)
    assert "later imports remember it" in section.words


def test_a_sku_is_matched_from_its_screen(
    manager: Tablet, warehouse: Warehouse, lamp: Product, by_sku: list[Order]
) -> None:
    page = manager.get(path_of(sku=SKU, search="lamp"))
    assert "2 open lines of 2 orders are linked to the product." in page.words
    assert "Later imports use this match automatically." in page.words

    answer = manager.send(page.root.one("li", css="candidate").one("form"), htmx=False, product_id=str(lamp.id))

    assert (answer.status, answer.location) == (303, "/matches")
    assert [warehouse.allocations(order) for order in by_sku] == [{"A1": 2}, {}]
    assert {warehouse.item(order).product_id for order in by_sku} == {lamp.id}
    assert warehouse.ledger(by_sku[0])[-1].created_by == "max"
    after = manager.get("/matches")
    assert "2 lines of 2 orders linked to Brass desk lamp. 2 units reserved." in after.words
    assert f"SKU {SKU} is Brass desk lamp from now on, in later imports as well." in after.words
    assert {row.one("th").words for row in after.root.all("tr") if row.all("th", scope="row")} == {GTIN, SKU.upper()}
    remembered = warehouse.db.scalars(select(Match)).one()
    assert (remembered.code, remembered.product_id) == (SKU, lamp.id)


def test_the_product_that_has_the_sku_by_now_is_offered_first(manager: Tablet, warehouse: Warehouse) -> None:
    late = warehouse.product("Stocked after its orders", A1=5)
    warehouse.order((warehouse.placeholder(), 1), sku=late.sku)

    page = manager.get(path_of(sku=late.sku))

    assert "Stocked after its orders has this SKU." in page.words
    assert "has this SKU" in page.root.all("li", css="candidate")[0].words
    match(manager, late, gtin="", sku=late.sku)
    assert "Later imports find it by its SKU." in manager.get("/matches").words


def test_one_line_of_a_sku_is_matched_alone(
    manager: Tablet, warehouse: Warehouse, lamp: Product, by_sku: list[Order]
) -> None:
    item = warehouse.item(by_sku[0])
    only = manager.get(path_of(sku=SKU)).root.all("a", href=path_of(item=item.id))
    assert len(only) == 1
    page = manager.get(path_of(item=item.id, search="lamp"))
    assert f"This one line of order {by_sku[0].order_number} only, 2 units." in page.words
    assert page.root.all("a", href=path_of(sku=SKU))

    manager.send(page.root.one("li", css="candidate").one("form"), htmx=False, product_id=str(lamp.id))

    assert "1 line of 1 order linked to Brass desk lamp. 2 units reserved." in manager.get("/matches").words
    assert [warehouse.item(order).product_id == lamp.id for order in by_sku] == [True, False]


def test_a_line_without_any_code_is_found_by_its_name_and_matched(
    manager: Tablet, warehouse: Warehouse, lamp: Product
) -> None:
    order = warehouse.processing((warehouse.placeholder(), 2), sku="", product_name="Brass")
    item = warehouse.item(order)

    page = manager.get(path_of(item=item.id))
    assert "Which product is “Brass”?" in page.words
    assert page.root.all("a", href=path_of(name=f"{order.channel_id}:{item.name_key}"))
    manager.send(page.root.one("li", css="candidate").one("form"), htmx=False, product_id=str(lamp.id))

    assert warehouse.allocations(order) == {"A1": 2}
    assert "Every product is known" in manager.get("/matches").words


def test_names_of_lines_without_a_code_are_listed_and_matched_for_their_channel(
    manager: Tablet, warehouse: Warehouse, lamp: Product
) -> None:
    unknown = warehouse.placeholder()
    order = warehouse.processing((unknown, 2), sku="", product_name="Brass Lamp")
    alike = warehouse.order((unknown, 1), sku="", product_name="brass  lamp")
    other = warehouse.order((unknown, 1), sku="", product_name="Brass Lamp", channel="ebay")
    section = manager.get("/matches").root.one("section", id="unknown-name")
    (row,) = [row for row in section.one("tbody").all("tr") if "shop" in row.words]
    assert "2 lines of 2 orders, 3 units" in row.words

    page = manager.get(row.one("a")["href"])
    assert "2 open lines of 2 orders are linked to the product." in page.words
    assert "shop calls it so." in page.words
    assert page.root.all("a", href=path_of(item=warehouse.item(alike).id))
    assert page.root.all("a", href=f"/orders/{order.id}/items/{warehouse.item(order).id}/cancellation")
    manager.send(page.root.one("li", css="candidate").one("form"), htmx=False, product_id=str(lamp.id))

    after = manager.get("/matches")
    assert "This name is Brass desk lamp from now on, in later imports of its channel as well." in after.words
    assert [warehouse.item(one).product_id for one in (order, alike, other)] == [lamp.id, lamp.id, unknown.id]
    assert "Brass Lamp Name in shop" in manager.get("/matches/kept").words
    assert "by its name, to the product" in manager.get(f"/orders/{order.id}/audit").words


@pytest.mark.parametrize("name", ["", "1", f"0:{KEY}", f"1:{KEY[1:]}x", f"٣:{KEY}", f"{2**63}:{KEY}"])
def test_what_is_no_name_is_refused(manager: Tablet, lamp: Product, name: str) -> None:
    assert match(manager, lamp, gtin="", name=name).status == 422
    assert manager.get(path_of(name=name)).location == "/matches"


def test_a_name_that_nothing_waits_for_says_so(manager: Tablet, lamp: Product) -> None:
    name = f"{10**17}:{KEY}"

    assert "Nothing waits for this name." in manager.get(path_of(name=name)).words
    assert match(manager, lamp, gtin="", name=name).status == 303


@pytest.mark.parametrize("what", ["sku", "item"])
def test_what_was_matched_meanwhile_is_told_and_nothing_changes(
    manager: Tablet, warehouse: Warehouse, lamp: Product, by_sku: list[Order], what: str
) -> None:
    code: Any = {"sku": SKU, "item": warehouse.item(by_sku[0]).id}[what]
    match(manager, lamp, gtin="", sku=SKU)

    again = match(manager, warehouse.product("Mug", B1=9), gtin="", **{what: code})

    assert again.status == 303
    words = manager.get("/matches").words
    assert "Nothing was matched." in words
    assert "matched, cancelled or shipped in the meantime." in words
    assert warehouse.item(by_sku[0]).product_id == lamp.id
    screen = manager.get(path_of(**{what: code}))
    assert "Nothing waits here" in screen.words
    assert screen.root.all("li", css="candidate") == []


def test_a_line_with_a_gtin_is_led_to_the_gtin(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    order = warehouse.processing((warehouse.placeholder(), 2), gtin=GTIN)
    item_id = warehouse.item(order).id

    assert manager.get(path_of(item=item_id)).location == path_of(gtin=GTIN)
    answer = match(manager, lamp, gtin="", item=item_id)

    assert answer.status == 422
    assert f"This line has the GTIN {GTIN}. Match the GTIN" in answer.words
    assert warehouse.item(order).product_id != lamp.id


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"sku": "PLACEHOLDER"}, "Give the SKU that the lines carry"),
        ({"sku": "x" * 65}, "Give the SKU that the lines carry"),
        ({"item": "0"}, "Choose the line"),
        ({"item": "x"}, "Choose the line"),
        ({"item": "١"}, "Choose the line"),
        ({"item": "99999999999"}, "Choose the line"),
    ],
)
def test_what_is_no_sku_and_no_line_is_refused(
    manager: Tablet, lamp: Product, fields: dict[str, Any], sentence: str
) -> None:
    answer = match(manager, lamp, gtin="", **fields)

    assert answer.status == 422
    assert sentence in answer.words
    assert manager.get(path_of(**fields)).location == "/matches"


@pytest.mark.parametrize(("what", "noun"), [("sku", "SKU"), ("item", "line")])
@pytest.mark.parametrize("htmx", [False, True])
def test_without_a_product_no_line_is_matched_and_the_search_stays(
    manager: Tablet, warehouse: Warehouse, by_sku: list[Order], what: str, noun: str, htmx: bool
) -> None:
    code: Any = {"sku": SKU, "item": warehouse.item(by_sku[0]).id}[what]

    answer = match(manager, 0, gtin="", search="desk", htmx=htmx, **{what: code})

    assert answer.status == 422
    assert f"Choose the product that the {noun} stands for." in answer.words
    assert answer.root.one("input", id="search")["value"] == "desk"
    assert answer.root.all("li", css="candidate")


def test_a_sku_sent_twice_with_one_key_is_matched_once(
    manager: Tablet, warehouse: Warehouse, lamp: Product, by_sku: list[Order]
) -> None:
    for _ in range(2):
        assert match(manager, lamp, gtin="", sku=SKU, idempotency_key="k1").status == 303
        assert "2 lines of 2 orders linked" in manager.get("/matches").words

    assert warehouse.events(by_sku[0]).count("item_matched") == 1


def test_the_history_says_what_was_matched_by_what(
    manager: Tablet, warehouse: Warehouse, lamp: Product, by_sku: list[Order]
) -> None:
    match(manager, lamp, gtin="", item=warehouse.item(by_sku[0]).id)
    match(manager, lamp, gtin="", sku=SKU)

    assert "matched this line alone" in manager.get(f"/orders/{by_sku[0].id}/audit").words
    assert f"(SKU {SKU} ) to the product {lamp.sku} ." in manager.get(f"/orders/{by_sku[1].id}/audit").words


def test_another_stores_line_is_like_one_that_does_not_exist(
    manager: Tablet, db: Session, cast: Cast, lamp: Product
) -> None:
    foreign = make_order(db, cast.other_store, [(make_placeholder(db, cast.other_store), 1)], sku=SKU)
    item_id = items_of(db, foreign)[0].id

    for unknown in (item_id, 987654321):
        assert manager.get(path_of(item=unknown)).status == 404
        assert match(manager, lamp, gtin="", item=unknown).status == 404
    assert foreign.order_number not in manager.get(path_of(sku=SKU)).words
    assert "Every product is known" in manager.get("/matches").words


@pytest.mark.parametrize("part", ["packer", "supervisor", "admin"])
def test_only_a_manager_is_offered_a_match_of_a_line(
    tablet_of: TabletOf, warehouse: Warehouse, lamp: Product, by_sku: list[Order], part: Part
) -> None:
    tablet, item_id = tablet_of(part), warehouse.item(by_sku[0]).id

    page = tablet.get(path_of(sku=SKU, search="lamp"))
    assert page.root.all("li", css="candidate")
    assert page.root.all("a", href=path_of(item=item_id)) == []
    assert match(tablet, lamp, gtin="", item=item_id).status == 403


def test_a_long_list_of_skus_is_read_page_by_page(manager: Tablet, warehouse: Warehouse) -> None:
    unknown = warehouse.placeholder()
    skus = [f"MKT-{number:03}" for number in range(60)]
    for sku in skus:
        warehouse.order((unknown, 1), sku=sku)
    seen: list[str] = []
    href = "/matches"
    while href:
        section = manager.get(href).root.one("section", id="unknown-sku")
        seen += [row.one("th").words for row in section.one("tbody").all("tr")]
        onward = section.all("a", rel="next")
        href = onward[0]["href"] if onward else ""

    assert seen == skus


@pytest.mark.both_engines
@pytest.mark.parametrize("count", [1, 30])
def test_skus_and_lines_cost_the_same_statements_however_many_wait(
    manager: Tablet, warehouse: Warehouse, engine: Engine, count: int
) -> None:
    unknown = warehouse.placeholder()
    orders = [warehouse.order((unknown, 1), (unknown, 2), sku="MKT-7") for _ in range(count)]
    warehouse.order((unknown, 1), sku="")
    for number in range(count):
        warehouse.order((unknown, 1), sku=f"MKT-{number}-X")
        warehouse.product(f"Lamp {number}", A1=2)

    for path in ("/matches", path_of(sku="MKT-7", search="lamp"), path_of(item=warehouse.item(orders[0]).id)):
        with counted(engine) as statements:
            assert manager.get(path).status == 200
        assert len(statements) <= 9
