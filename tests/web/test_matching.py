"""Matching what a marketplace sent and no product has: GTINs, SKUs, single lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import items_of, make_order, make_placeholder, make_product
from tests.helpers.cast import Cast, Part
from tests.helpers.statements import counted
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import GtinMatch, Order, Product

TabletOf = Callable[[Part], Tablet]
GTIN, SKU = "4099999999991", "mkt & Lamp/7"


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    """5 lamps at A1."""
    return warehouse.product("Brass desk lamp", A1=5)


@pytest.fixture
def orders(warehouse: Warehouse, lamp: Product) -> list[Order]:
    """Two processing orders and a pending one with the unknown GTIN, 2, 1 and 4 units; one line has none."""
    unknown = warehouse.placeholder()
    orders = [warehouse.processing((unknown, 2), gtin=GTIN), warehouse.processing((unknown, 1), gtin=GTIN)]
    warehouse.processing((unknown, 3))
    return [*orders, warehouse.order((unknown, 4), gtin=GTIN)]


@pytest.fixture
def by_sku(warehouse: Warehouse, lamp: Product) -> list[Order]:
    """A processing order and a pending one that carry the SKU alone, 2 and 4 units; a GTIN beside it goes first."""
    unknown = warehouse.placeholder()
    orders = [warehouse.processing((unknown, 2), sku=SKU), warehouse.order((unknown, 4), sku=SKU)]
    warehouse.order((unknown, 1), sku=SKU, gtin=GTIN)
    warehouse.order((unknown, 1), sku=SKU.upper())
    return orders


def path_of(**query: object) -> str:
    return f"/matches/new?{urlencode(query, safe='/')}"


def match(tablet: Tablet, product: Product | int, *, gtin: str = GTIN, htmx: bool = False, **fields: Any) -> Answer:
    product_id = product if isinstance(product, int) else product.id
    return tablet.post("/matches", {"gtin": gtin, "product_id": product_id, **fields}, htmx=htmx)


def test_unknown_gtins_are_listed_with_what_waits_for_them(manager: Tablet, orders: list[Order]) -> None:
    answer = manager.get("/matches")

    (row,) = answer.root.one("tbody").all("tr")
    assert row.one("th").words == GTIN
    assert "3 lines of 3 orders, 7 units" in row.words
    assert row.one("a")["href"] == f"/matches/new?gtin={GTIN}"


def test_lines_with_neither_gtin_nor_sku_say_what_can_be_done(
    manager: Tablet, warehouse: Warehouse, orders: list[Order]
) -> None:
    (line,) = manager.get("/matches").root.all("li", css="receipt__line")

    assert "3 units to ship" in line.words
    assert [button.words for button in line.all("a", css="button")] == ["Match", "Cancel units"]


def test_a_gtin_says_what_a_match_will_link_and_what_it_could_be(
    manager: Tablet, lamp: Product, orders: list[Order]
) -> None:
    answer = manager.get(f"/matches/new?gtin={GTIN}&search=lamp")

    assert "3 open lines of 3 orders are linked to the product." in answer.words
    assert [order.order_number for order in orders if order.order_number in answer.words] == [
        order.order_number for order in orders
    ]
    (candidate,) = answer.root.all("li", css="candidate")
    assert "Brass desk lamp" in candidate.words
    assert "5 available of 5 on hand" in candidate.words


def test_matching_links_the_lines_reserves_and_says_so(
    manager: Tablet, warehouse: Warehouse, lamp: Product, orders: list[Order]
) -> None:
    page = manager.get(f"/matches/new?gtin={GTIN}&search=lamp")
    form = page.root.one("li", css="candidate").one("form")

    answer = manager.send(form, htmx=False, product_id=str(lamp.id))

    assert (answer.status, answer.location) == (303, "/matches")
    assert [warehouse.claims(order) for order in orders] == [{"A1": 2}, {"A1": 1}, {}]
    assert {warehouse.item(order).product_id for order in orders} == {lamp.id}
    assert warehouse.events(orders[0])[-2:] == ["item_matched", "reserved"]
    assert warehouse.ledger(orders[0])[-1].created_by == "max"
    after = manager.get("/matches")
    assert "3 lines of 3 orders linked to Brass desk lamp. 3 units reserved." in after.words
    assert "By GTIN" not in after.words
    remembered = warehouse.db.scalars(select(GtinMatch)).one()
    assert (remembered.gtin, remembered.product_id, remembered.matched_by) == (GTIN, lamp.id, "max")


def test_htmx_is_led_on_when_the_match_is_done(manager: Tablet, lamp: Product, orders: list[Order]) -> None:
    answer = match(manager, lamp, htmx=True)

    assert (answer.status, answer.response.headers["HX-Redirect"]) == (204, "/matches")


def test_sent_twice_with_one_key_it_is_matched_once(
    manager: Tablet, warehouse: Warehouse, lamp: Product, orders: list[Order]
) -> None:
    for _ in range(2):
        assert match(manager, lamp, idempotency_key="k1").status == 303
        assert "3 lines of 3 orders linked" in manager.get("/matches").words

    assert warehouse.events(orders[0]).count("item_matched") == 1


def test_matching_what_nothing_waits_for_is_remembered_for_later(manager: Tablet, lamp: Product) -> None:
    match(manager, lamp)

    assert "No open line carried it." in manager.get("/matches").words
    again = manager.get(f"/matches/new?gtin={GTIN}&search=lamp")
    assert "It was matched to Brass desk lamp before." in again.words
    assert "matched before" in again.root.one("li", css="candidate").words


@pytest.mark.parametrize("product_id", ["", "x", "0", "-1", "٣", "9223372036854775808"])
@pytest.mark.parametrize("htmx", [False, True])
def test_without_a_product_nothing_is_matched(
    manager: Tablet, warehouse: Warehouse, orders: list[Order], product_id: str, htmx: bool
) -> None:
    answer = manager.post("/matches", {"gtin": GTIN, "product_id": product_id}, htmx=htmx)

    assert answer.status == 422
    assert "Choose the product that the GTIN stands for." in answer.words
    assert warehouse.db.scalars(select(GtinMatch)).all() == []


@pytest.mark.parametrize("gtin", ["", "  ", "0000000000000", "x" * 65, "a\0b"])
def test_what_is_no_gtin_is_refused(manager: Tablet, warehouse: Warehouse, lamp: Product, gtin: str) -> None:
    answer = match(manager, lamp, gtin=gtin)

    assert answer.status == 422
    assert "the placeholder's own cannot be matched" in answer.words
    assert warehouse.db.scalars(select(GtinMatch)).all() == []


def test_the_placeholder_and_unknown_products_cannot_be_matched_to(
    manager: Tablet, warehouse: Warehouse, orders: list[Order]
) -> None:
    placeholder = warehouse.item(orders[0]).product_id

    assert match(manager, placeholder).status == 404
    assert match(manager, 999999999).status == 404


def test_an_address_without_a_gtin_leads_to_the_list(manager: Tablet) -> None:
    assert manager.get("/matches/new").location == "/matches"
    assert manager.get("/matches/new?gtin=0000000000000").location == "/matches"


def test_the_search_answers_htmx_with_its_panel(manager: Tablet, lamp: Product, orders: list[Order]) -> None:
    path = f"/matches/new?gtin={GTIN}&search=lamp"
    page, panel = manager.get(path), manager.get(path, htmx=True)

    assert "<html" not in panel.response.text
    assert panel.root.one(id="match").words == page.root.one(id="match").words


@pytest.mark.parametrize("part", ["packer", "supervisor", "admin"])
def test_everybody_may_look_and_only_a_manager_may_match(
    tablet_of: TabletOf, lamp: Product, orders: list[Order], part: Part
) -> None:
    tablet = tablet_of(part)

    assert tablet.get("/matches").root.all("a", css="button--secondary", href=f"/matches/new?gtin={GTIN}") == []
    assert tablet.get(f"/matches/new?gtin={GTIN}&search=lamp").root.all("li", css="candidate")
    assert match(tablet, lamp).status == 403


def test_another_stores_lines_and_products_are_not_there(
    manager: Tablet, db: Session, cast: Cast, lamp: Product
) -> None:
    foreign = make_product(db, cast.other_store, "Brass foreign lamp")
    unknown = make_placeholder(db, cast.other_store)
    order = make_order(db, cast.other_store, [(unknown, 1)], gtin=GTIN)

    assert "Every product is known" in manager.get("/matches").words
    answer = manager.get(f"/matches/new?gtin={GTIN}&search=brass")
    assert order.order_number not in answer.words
    assert "foreign" not in answer.words
    assert match(manager, foreign).status == 404


def test_a_long_list_is_read_page_by_page(manager: Tablet, warehouse: Warehouse) -> None:
    unknown = warehouse.placeholder()
    gtins = [f"40999{number:08d}" for number in range(60)]
    for gtin in gtins:
        warehouse.order((unknown, 1), gtin=gtin)
    seen: list[str] = []
    href = "/matches"
    while href:
        answer = manager.get(href)
        seen += [row.one("th").words for row in answer.root.one("tbody").all("tr")]
        onward = answer.root.all("a", rel="next")
        href = onward[0]["href"] if onward else ""

    assert seen == gtins


@pytest.mark.both_engines
@pytest.mark.parametrize("count", [1, 30])
def test_list_and_match_cost_the_same_statements_however_many_lines_wait(
    manager: Tablet, warehouse: Warehouse, engine: Engine, count: int
) -> None:
    unknown = warehouse.placeholder()
    for number in range(count):
        warehouse.order((unknown, 1), gtin=f"40999{number:08d}")
        warehouse.order((unknown, 1))
        warehouse.product(f"Lamp {number}", A1=2)

    for path in ("/matches", "/matches/new?gtin=4099900000000&search=lamp"):
        with counted(engine) as statements:
            assert manager.get(path).status == 200
        assert len(statements) <= 8


# Lines without a GTIN: by SKU, or one by one.


def test_skus_of_lines_without_a_gtin_are_listed_with_what_waits_for_them(manager: Tablet, by_sku: list[Order]) -> None:
    section = manager.get("/matches").root.one("section", id="unknown-sku")

    rows = section.one("tbody").all("tr")
    assert {row.one("th").words for row in rows} == {SKU, SKU.upper()}
    (row,) = [row for row in rows if row.one("th").words == SKU]
    assert "2 lines of 2 orders, 6 units" in row.words
    assert row.one("a")["href"] == path_of(sku=SKU)
    assert "not remembered" in section.words


def test_a_sku_is_matched_from_its_screen(
    manager: Tablet, warehouse: Warehouse, lamp: Product, by_sku: list[Order]
) -> None:
    page = manager.get(path_of(sku=SKU, search="lamp"))
    assert "2 open lines of 2 orders are linked to the product." in page.words
    assert "The SKU is not remembered" in page.words

    answer = manager.send(page.root.one("li", css="candidate").one("form"), htmx=False, product_id=str(lamp.id))

    assert (answer.status, answer.location) == (303, "/matches")
    assert [warehouse.claims(order) for order in by_sku] == [{"A1": 2}, {}]
    assert {warehouse.item(order).product_id for order in by_sku} == {lamp.id}
    assert warehouse.ledger(by_sku[0])[-1].created_by == "max"
    after = manager.get("/matches")
    assert "2 lines of 2 orders linked to Brass desk lamp. 2 units reserved. The SKU is not remembered" in after.words
    assert {row.one("th").words for row in after.root.all("tr") if row.all("th", scope="row")} == {GTIN, SKU.upper()}
    assert warehouse.db.scalars(select(GtinMatch)).all() == []


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
    order = warehouse.processing((warehouse.placeholder(), 2), sku="")
    item = warehouse.item(order)
    item.product_name = "Brass"
    warehouse.db.commit()

    page = manager.get(path_of(item=item.id))
    assert "Which product is “Brass”?" in page.words
    manager.send(page.root.one("li", css="candidate").one("form"), htmx=False, product_id=str(lamp.id))

    assert warehouse.claims(order) == {"A1": 2}
    assert "Every product is known" in manager.get("/matches").words


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
    assert "matched, cancelled or shipped meanwhile." in words
    assert warehouse.item(by_sku[0]).product_id == lamp.id
    screen = manager.get(path_of(**{what: code}))
    assert "Nothing waits here" in screen.words
    assert screen.root.all("li", css="candidate") == []


def test_a_line_with_a_gtin_is_led_to_the_gtin(
    manager: Tablet, warehouse: Warehouse, lamp: Product, orders: list[Order]
) -> None:
    item_id = warehouse.item(orders[0]).id

    assert manager.get(path_of(item=item_id)).location == path_of(gtin=GTIN)
    answer = match(manager, lamp, gtin="", item=item_id)

    assert answer.status == 422
    assert f"This line has the GTIN {GTIN}. Match the GTIN" in answer.words
    assert warehouse.item(orders[0]).product_id != lamp.id


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"sku": "PLACEHOLDER"}, "Give the SKU that the lines carry"),
        ({"sku": "x" * 65}, "Give the SKU that the lines carry"),
        ({"sku": "a\0b"}, "Give the SKU that the lines carry"),
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
        assert len(statements) <= 8
