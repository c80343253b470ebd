"""Matching a GTIN that a marketplace sent and that no product has."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import make_order, make_placeholder, make_product
from tests.factories.numbers import gtin13
from tests.helpers.cast import Cast, Part
from tests.helpers.statements import counted
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from tests.web.matching.matches import GTIN, match
from webapp.models import Match, Order, Product

TabletOf = Callable[[Part], Tablet]


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    """5 lamps at A1."""
    return warehouse.product("Brass desk lamp", A1=5)


@pytest.fixture
def orders(warehouse: Warehouse, lamp: Product) -> list[Order]:
    """Two processing orders and a pending one with the unknown GTIN, 2, 1 and 4 units; one line has none."""
    unknown = warehouse.placeholder()
    orders = [warehouse.processing((unknown, 2), gtin=GTIN), warehouse.processing((unknown, 1), gtin=GTIN)]
    warehouse.processing((unknown, 3), product_name="")
    return [*orders, warehouse.order((unknown, 4), gtin=GTIN)]


def test_unknown_gtins_are_listed_with_what_waits_for_them(manager: Tablet, orders: list[Order]) -> None:
    answer = manager.get("/matches")

    (row,) = answer.root.one("tbody").all("tr")
    assert row.one("th").words == GTIN
    assert "3 lines of 3 orders, 7 units" in row.words
    assert row.one("a")["href"] == f"/matches/new?gtin={GTIN}"


def test_lines_with_neither_gtin_nor_sku_nor_name_say_what_can_be_done(
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


def test_too_large_a_pack_is_not_cut_to_a_smaller_one(manager: Tablet, lamp: Product, orders: list[Order]) -> None:
    for path in (f"/matches/new?gtin={GTIN}&search=lamp", f"/stock/new?gtin={GTIN}"):
        field = manager.get(path).root.one("input", name="pack_units")

        assert int(str(field["maxlength"])) >= len("100000")


def test_matching_links_the_lines_reserves_and_says_so(
    manager: Tablet, warehouse: Warehouse, lamp: Product, orders: list[Order]
) -> None:
    page = manager.get(f"/matches/new?gtin={GTIN}&search=lamp")
    form = page.root.one("li", css="candidate").one("form")

    answer = manager.send(form, htmx=False, product_id=str(lamp.id))

    assert (answer.status, answer.location) == (303, "/matches")
    assert [warehouse.allocations(order) for order in orders] == [{"A1": 2}, {"A1": 1}, {}]
    assert {warehouse.item(order).product_id for order in orders} == {lamp.id}
    assert warehouse.events(orders[0])[-2:] == ["item_matched", "reserved"]
    assert warehouse.ledger(orders[0])[-1].created_by == "max"
    after = manager.get("/matches")
    assert "3 lines of 3 orders linked to Brass desk lamp. 3 units reserved." in after.words
    assert "By GTIN" not in after.words
    remembered = warehouse.db.scalars(select(Match)).one()
    assert (remembered.code, remembered.product_id, remembered.matched_by) == (GTIN, lamp.id, "max")


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


def test_a_product_that_has_the_gtin_by_now_is_offered_first(
    manager: Tablet, warehouse: Warehouse, orders: list[Order]
) -> None:
    make_product(warehouse.db, warehouse.store, "Stocked later", gtin=GTIN.zfill(14))

    page = manager.get(f"/matches/new?gtin={GTIN}&search=stocked")

    assert "Stocked later has this GTIN." in page.words
    assert "has this GTIN" in page.root.one("li", css="candidate").words


@pytest.mark.parametrize("product_id", ["", "x", "0", "-1", "٣", "9223372036854775808"])
@pytest.mark.parametrize("htmx", [False, True])
def test_without_a_product_nothing_is_matched(
    manager: Tablet, warehouse: Warehouse, orders: list[Order], product_id: str, htmx: bool
) -> None:
    answer = manager.post("/matches", {"gtin": GTIN, "product_id": product_id}, htmx=htmx)

    assert answer.status == 422
    assert "Choose the product that the GTIN stands for." in answer.words
    assert warehouse.db.scalars(select(Match)).all() == []


@pytest.mark.parametrize("gtin", ["", "  ", "0000000000000", "x" * 65])
def test_what_is_no_gtin_is_refused(manager: Tablet, warehouse: Warehouse, lamp: Product, gtin: str) -> None:
    answer = match(manager, lamp, gtin=gtin)

    assert answer.status == 422
    assert "the placeholder's own cannot be matched" in answer.words
    assert warehouse.db.scalars(select(Match)).all() == []


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
    gtins = [gtin13(number, "40999") for number in range(60)]
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
        warehouse.order((unknown, 1), gtin=gtin13(number, "40999"))
        warehouse.order((unknown, 1))
        warehouse.product(f"Lamp {number}", A1=2)

    for path in ("/matches", "/matches/new?gtin=4099900000001&search=lamp"):
        with counted(engine) as statements:
            assert manager.get(path).status == 200
        assert len(statements) <= 9


# Lines without a GTIN: by SKU, or one by one.
