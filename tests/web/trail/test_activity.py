"""The store's activity, newest first, and the way from there to one order's trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from tests.helpers.cast import Cast, Part
from tests.helpers.statements import counted
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Order, Product, Store

TabletOf = Callable[[Part], Tablet]


@pytest.fixture
def supervisor(tablet_of: TabletOf) -> Tablet:
    """Sofia's desk."""
    return tablet_of("supervisor")


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    """A lamp, 9 of them at A1."""
    return warehouse.product("Lamp", A1=9)


@pytest.fixture
def order(warehouse: Warehouse, lamp: Product) -> Order:
    """3 lamps, one of which pete shipped; then max counted the place."""
    order = warehouse.processing((lamp, 3), order_number="HK-7")
    warehouse.ship(order, 1, actor="pete")
    warehouse.recount(lamp, 7, "A1", actor="max")
    return order


def headings(answer: Answer) -> list[str]:
    """The first sentence of each operation."""
    return [operation.all("p")[1].words.replace(" .", ".") for operation in answer.root.all("li", css="operation")]


def test_the_newest_operations_come_first_of_orders_and_of_stock(
    supervisor: Tablet, order: Order, lamp: Product
) -> None:
    answer = supervisor.get("/activity")

    assert headings(answer)[:3] == [
        "max counted 7 units of Lamp at A1.",
        "pete shipped 1 unit of Lamp from A1. 2 left to ship.",
        "paula changed the status from Pending to Processing.",
    ]
    counted_lamps, shipped, *_ = answer.root.all("li", css="operation")
    assert counted_lamps.one("a", href=f"/stock/{lamp.id}").words == "Lamp"
    assert shipped.one("a", href=f"/orders/{order.id}/audit").words == "HK-7"
    assert "On hand 8 → became 7" in counted_lamps.words


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?person=pete", ["pete shipped 1 unit of Lamp from A1. 2 left to ship."]),
        ("?kind=shipped", ["pete shipped 1 unit of Lamp from A1. 2 left to ship."]),
        ("?kind=corrected&person=max", ["max counted 7 units of Lamp at A1."]),
        ("?kind=corrected&person=pete", []),
        ("?kind=returned", []),
        ("?person=nobody", []),
        ("?day=2020-02-29", []),
        ("?operation=nothing", []),
    ],
)
def test_filters_are_in_the_address(supervisor: Tablet, order: Order, query: str, expected: list[str]) -> None:
    answer = supervisor.get(f"/activity{query}")

    assert answer.status == 200
    assert headings(answer) == expected
    assert ("No matching entries" in answer.words) is (not expected)


@pytest.mark.parametrize(
    "query", ["?kind=stolen", "?day=2026-02-30", "?day=x", "?day=0001-01-01", "?cursor=x", "?person=a%00b"]
)
def test_an_address_that_cannot_be_meant_is_refused(supervisor: Tablet, order: Order, query: str) -> None:
    assert supervisor.get(f"/activity{query}").status == 422


def test_a_day_is_one_of_the_stores_zone(supervisor: Tablet, db: Session, cast: Cast, order: Order) -> None:
    far_ahead = "Pacific/Kiritimati"
    db.execute(update(Store).where(Store.id == cast.store.id).values(time_zone=far_ahead))
    db.commit()
    there = datetime.now(UTC) + timedelta(hours=14)

    today = supervisor.get(f"/activity?day={there:%Y-%m-%d}")
    day_before = supervisor.get(f"/activity?day={there - timedelta(days=1):%Y-%m-%d}")

    assert len(headings(today)) + len(headings(day_before)) == len(headings(supervisor.get("/activity")))


def test_pages_follow_each_other_without_gap_or_repetition(supervisor: Tablet, warehouse: Warehouse) -> None:
    part = warehouse.product("Part", A1=200)
    order = warehouse.processing((part, 80))
    for _ in range(70):
        warehouse.ship(order, 1)
    warehouse.cancel(order)
    for query in ("", "?person=paula", "?kind=shipped"):
        seen: list[str] = []
        href, pages = f"/activity{query}", 0
        while href:
            answer = supervisor.get(href)
            seen += [operation["id"] for operation in answer.root.all("li", css="operation")]
            onward = answer.root.all("a", rel="next")
            href, pages = (onward[0]["href"] if onward else ""), pages + 1
        assert pages == 3
        assert len(seen) == len(set(seen)) >= 70


def test_a_large_operation_is_told_in_brief_and_its_link_tells_all(supervisor: Tablet, warehouse: Warehouse) -> None:
    part = warehouse.product("Part", A1=200)
    order = warehouse.processing(*[(part, 2)] * 40)
    warehouse.ship_order(order)

    answer = supervisor.get("/activity?kind=shipped")

    assert headings(answer) == ["paula shipped 80 units of 40 items."]
    (operation,) = answer.root.all("li", css="operation")
    assert len(operation.all("li", css="operation__line")) == 4
    whole = supervisor.get(operation.one("a", css="operation__more")["href"].split("#")[0])
    assert operation.one("a", css="operation__more").words == "and 37 more entries"
    assert len(whole.root.all("li", css="operation__line")) == 41


def test_an_operation_on_stock_has_a_link_of_its_own(supervisor: Tablet, order: Order) -> None:
    link = supervisor.get("/activity").root.all("a", css="copy-link")[0]["href"]

    path, anchor = link.split("#")

    alone = supervisor.get(path)
    assert headings(alone) == ["max counted 7 units of Lamp at A1."]
    assert alone.root.one("li", id=anchor)


def test_the_search_leads_to_the_trail_that_is_meant(supervisor: Tablet, warehouse: Warehouse, order: Order) -> None:
    warehouse.order((warehouse.product("Mug"), 1), order_number="HK-70")

    assert supervisor.get("/activity/orders?search=hk-7").location == f"/orders/{order.id}/audit"
    several = supervisor.get("/activity/orders?search=hk")
    assert {link.one("b").words for link in several.root.all("a", css="found-trails__link")} == {"HK-7", "HK-70"}
    assert "No order matches “nothing”." in supervisor.get("/activity/orders?search=nothing").words
    assert "No order found" in supervisor.get("/activity/orders?search=").words


def test_what_another_store_did_is_not_told(supervisor: Tablet, db: Session, cast: Cast, order: Order) -> None:
    outsider = Warehouse(db, cast.other_store)
    foreign = outsider.processing((outsider.product("Secret", A1=3), 2), order_number="THEIRS-1")
    outsider.ship(foreign, 1, actor="olga")

    assert "Secret" not in supervisor.get("/activity").words
    assert "olga" not in supervisor.get("/activity").words
    assert headings(supervisor.get("/activity?person=olga")) == []
    assert supervisor.get("/activity/orders?search=THEIRS-1").status == 200


@pytest.mark.parametrize(("part", "status"), [("packer", 403), ("manager", 200), ("supervisor", 200), ("admin", 200)])
def test_auditors_may_look(tablet_of: TabletOf, order: Order, part: Part, status: int) -> None:
    assert tablet_of(part).get("/activity").status == status
    assert tablet_of(part).get("/activity/orders?search=nothing").status == status


def test_a_store_in_which_nothing_happened_says_so(supervisor: Tablet) -> None:
    assert "Nothing happened yet" in supervisor.get("/activity").words


def test_page_and_fragment_hold_the_same(supervisor: Tablet, order: Order) -> None:
    page, panel = supervisor.get("/activity"), supervisor.get("/activity", htmx=True)

    assert "<html" not in panel.response.text
    assert panel.root.one(id="activity").words == page.root.one(id="activity").words


@pytest.mark.both_engines
@pytest.mark.parametrize("query", ["", "?kind=corrected&person=max", "?kind=shipped"])
def test_a_page_costs_at_most_8_statements(
    supervisor: Tablet, warehouse: Warehouse, order: Order, engine: Engine, query: str
) -> None:
    warehouse.ship_order(order)

    with counted(engine) as statements:
        answer = supervisor.get(f"/activity{query}")

    assert headings(answer)
    assert len(statements) <= 8
