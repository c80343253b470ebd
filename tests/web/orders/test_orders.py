"""The list of orders, the next one to pick, and the page of one order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine, select

from tests.helpers.cast import Part
from tests.helpers.statements import counted
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from tests.web.orders.listed import numbers
from webapp.domain.clock import utc_now
from webapp.models import Order, Shipment
from webapp.presenters.phrases import words


def in_hours(hours: float) -> dict[str, object]:
    return {"ship_by": utc_now() + timedelta(hours=hours, minutes=1)}


@pytest.fixture
def orders(warehouse: Warehouse) -> dict[str, Order]:
    """An order of each kind, by its number."""
    lamp, cup = warehouse.product("Lamp", A1=50), warehouse.product("Cup", A2=50)
    orders_made = {
        "SOON": warehouse.processing(
            (lamp, 2), (cup, 3), order_number="SOON", customer_name="Anna Müller", **in_hours(2)
        ),
        "LATE": warehouse.processing((cup, 1), order_number="LATE", customer_name="Bob Smith", **in_hours(-25)),
        "NEW": warehouse.order((lamp, 1), order_number="NEW", customer_name="Anna Smithson", **in_hours(40)),
        "DONE": warehouse.processing((cup, 1), order_number="DONE", customer_name="Zoe Smith", **in_hours(-50)),
        "GONE": warehouse.processing((cup, 4), order_number="GONE", customer_name="Ida Roe", **in_hours(1)),
    }
    warehouse.ship(orders_made["SOON"], 1, line=2)
    warehouse.ship(orders_made["DONE"], 1)
    warehouse.cancel(orders_made["GONE"])
    return orders_made


def test_the_list_begins_with_what_is_to_ship_next(
    packer: Tablet, warehouse: Warehouse, orders: dict[str, Order]
) -> None:
    answer = packer.get("/orders")

    assert numbers(answer) == ["LATE", "SOON"]
    rows = [*answer.root.all("li", css="order"), *packer.get("/orders?status=pending").root.all("li", css="order")]
    late, soon, new = (row.words for row in rows)
    due = {number: words.due(order.ship_by, utc_now()) for number, order in orders.items()}
    assert due["LATE"].startswith("Late by")
    assert due["NEW"].startswith("Ship by")
    assert late == f"LATE Bob Smith {due['LATE']} Processing 0 of 1 unit shipped · 1 item"
    began = warehouse.db.scalar(select(Shipment.created_at).where(Shipment.order_id == orders["SOON"].id))
    packed = f"Partially shipped Begun by you {began:%H:%M}"
    assert soon == f"SOON Anna Müller {due['SOON']} {packed} 1 of 5 units shipped · 2 items"
    assert new == f"NEW Anna Smithson {due['NEW']} Pending 0 of 1 unit shipped · 1 item"


def test_every_part_of_a_row_is_live_or_says_that_it_never_changes(packer: Tablet, orders: dict[str, Order]) -> None:
    for row in packer.get("/orders").root.all("li", css="order"):
        parts = [part.attributes for part in row.children if not isinstance(part, str)]
        names = [attributes.get("data-live") for attributes in parts if "data-static" not in attributes]

        assert None not in names, "News never refresh this part of a row: give it data-live, or data-static."
        assert names == ["name", "due", "status", "units"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("late=1", ["LATE"]),
        ("mine=1", ["DONE", "SOON"]),
        ("status=all", ["GONE", "DONE", "NEW", "LATE", "SOON"]),
        ("status=shipped", ["DONE"]),
        ("status=cancelled", ["GONE"]),
        ("status=delivered", []),
        ("search=done", ["DONE"]),
        ("search=muller", ["SOON"]),
        ("search=MÜLLER", ["SOON"]),
        ("search=smith", ["DONE", "NEW", "LATE"]),
        ("search=anna smi", ["NEW"]),
        ("search=smith&status=processing", ["LATE"]),
        ("search=smith&mine=1", ["DONE"]),
        ("search=smith&late=1", ["LATE"]),
        ("search=smith&status=open", ["LATE"]),
        ("mine=1&status=open", ["SOON"]),
        ("status=open", ["LATE", "SOON"]),
        ("mine=1&status=partially_shipped", ["SOON"]),
        ("search=lam", ["NEW", "SOON"]),
        ("search=cu", []),
        ("search=nobody", []),
        ("search=%25", []),
        ("search=_", []),
        ("search=%01", ["LATE", "SOON"]),
        ("search=" + "9" * 300, []),
        ("late=0&mine=no", ["LATE", "SOON"]),
    ],
)
def test_the_address_says_what_is_listed(
    packer: Tablet, orders: dict[str, Order], query: str, found: list[str]
) -> None:
    answer = packer.get(f"/orders?{query}")

    assert (answer.status, numbers(answer)) == (200, found)


def test_a_sku_or_gtin_finds_the_orders_that_hold_it(
    packer: Tablet, warehouse: Warehouse, orders: dict[str, Order]
) -> None:
    cup = warehouse.item(orders["LATE"])

    for code in (cup.sku, cup.sku.lower(), cup.gtin):
        assert numbers(packer.get(f"/orders?search={code}")) == ["GONE", "DONE", "LATE", "SOON"]
    assert numbers(packer.get(f"/orders?search={(cup.gtin or '')[:-1]}")) == []


def test_another_stores_orders_are_not_listed(tablet_of: Callable[[Part], Tablet], orders: dict[str, Order]) -> None:
    outsider = tablet_of("outsider")

    assert [numbers(outsider.get(path)) for path in ("/orders", "/orders?status=all", "/orders?search=smith")] == [
        []
    ] * 3


def test_an_open_exception_is_marked(packer: Tablet, warehouse: Warehouse) -> None:
    warehouse.processing((warehouse.product(), 1), (warehouse.product(), 2), order_number="SHORT")

    assert packer.get("/orders").root.one(css="order__note").words == "2 exceptions"


def test_pages_go_on_where_the_one_before_ended(manager: Tablet, warehouse: Warehouse) -> None:
    product = warehouse.product()
    orders_made = [
        warehouse.order((product, 1), order_number=f"O{n:03}", **in_hours(1)).order_number for n in range(110)
    ]
    listed, path = [], "/orders"
    while path:
        answer = manager.get(path)
        listed.append(numbers(answer))
        path = next((link["href"] for link in answer.root.all("a", rel="next")), "")

    assert [len(page) for page in listed] == [50, 50, 10]
    assert sorted(number for page in listed for number in page) == orders_made


def test_the_next_page_keeps_what_was_asked_for(packer: Tablet, warehouse: Warehouse) -> None:
    product = warehouse.product()
    for _ in range(51):
        warehouse.order((product, 1), customer_name="Anna Smith")

    (following,) = packer.get("/orders?search=smith&status=pending").root.all("a", rel="next")

    query = parse_qs(urlsplit(following["href"]).query)
    assert (query["search"], query["status"]) == (["smith"], ["pending"])
    assert len(numbers(packer.get(following["href"]))) == 1


@pytest.mark.parametrize("query", ["cursor=garbage", "cursor=%F0%9F", "status=lost", "status=SHIPPED"])
def test_a_broken_address_shows_what_is_to_ship_and_says_so(
    packer: Tablet, orders: dict[str, Order], query: str
) -> None:
    answer = packer.get(f"/orders?{query}")

    assert answer.status == 422
    assert numbers(answer) == ["LATE", "SOON"]
    assert len(answer.root.one("main").all(css="notice")) == 1


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "Nothing is left to ship"),
        ("late=1", "Nothing is late"),
        ("mine=1", "You have shipped nothing yet"),
        ("status=all", "There are no orders yet"),
        ("status=shipped", "There is no order with the status “Shipped”"),
        ("search=<b>x", "No order matches “<b>x”"),
    ],
)
def test_an_empty_list_says_what_to_do(packer: Tablet, query: str, title: str) -> None:
    assert packer.get(f"/orders?{query}").root.one(css="empty-state").one("h2").words == title


def test_an_empty_list_leads_to_other_orders_only_if_there_are_some(packer: Tablet, warehouse: Warehouse) -> None:
    assert packer.get("/orders").root.one(css="empty-state").all("a") == []
    assert packer.get("/orders?late=1").root.one(css="empty-state").all("a") == []

    warehouse.ship(warehouse.processing((warehouse.product(A1=1), 1)))

    assert packer.get("/orders").root.one(css="empty-state").one("a").words == "Show all orders"


@pytest.mark.parametrize(("part", "suffix"), [("packer", "/pick"), ("manager", ""), ("supervisor", "")])
def test_a_row_leads_where_the_role_works(
    tablet_of: Callable[[Part], Tablet], orders: dict[str, Order], part: Part, suffix: str
) -> None:
    answer = tablet_of(part).get("/orders?search=soon")

    assert answer.root.one("a", css="order__number")["href"] == f"/orders/{orders['SOON'].id}{suffix}"


def test_the_next_order_is_the_soonest_with_something_ready(packer: Tablet, warehouse: Warehouse) -> None:
    missing, there = warehouse.product("Missing"), warehouse.product("There", A1=50)
    warehouse.processing((missing, 1), **in_hours(-9))
    warehouse.order((there, 1), **in_hours(-8))
    first = warehouse.processing((missing, 1), (there, 1), **in_hours(1))
    second = warehouse.processing((there, 1), **in_hours(2))
    pick = "/orders/{}/pick"

    assert packer.get("/orders/next").location == pick.format(first.id)
    assert packer.get(f"/orders/{first.id}/next").location == pick.format(second.id)
    assert packer.get(f"/orders/{second.id}/next").location == pick.format(first.id), "the queue begins again"
    warehouse.ship(first, 1, line=2)
    assert packer.get("/orders/next").location == pick.format(second.id)


def test_without_a_next_order_the_list_says_so(packer: Tablet) -> None:
    answer = packer.get("/orders/next")

    assert answer.location == "/orders"
    assert "Nothing is ready to pick" in packer.get("/orders").words


def test_there_is_no_order_behind_one_that_is_not_there(packer: Tablet) -> None:
    assert packer.get("/orders/999999/next").status == 404


@pytest.mark.both_engines
@pytest.mark.parametrize(
    "query", ["", "status=all", "late=1", "mine=1", "search=smith", "search=anna+smith", "status=shipped"]
)
def test_the_list_costs_the_same_statements_however_many_orders(
    engine: Engine, packer: Tablet, warehouse: Warehouse, query: str
) -> None:
    product = warehouse.product(A1=90)
    costs = []
    for _ in range(2):
        for _ in range(4):
            order = warehouse.processing((product, 1), (product, 2), customer_name="Anna Smith", **in_hours(-1))
            warehouse.ship(order, 1)
            warehouse.ship_order(warehouse.processing((product, 1), customer_name="Anna Smith"))
        with counted(engine) as statements:
            assert len(numbers(packer.get(f"/orders?{query}"))) > 0
        costs.append(len(statements))

    assert costs[0] == costs[1] <= 8


def test_an_orders_page_shows_its_items_and_parcels(
    tablet_of: Callable[[Part], Tablet], orders: dict[str, Order]
) -> None:
    order = orders["SOON"]

    main = tablet_of("supervisor").get(f"/orders/{order.id}").root.one("main")

    rows = [[cell.words for cell in row.select("th, td")] for row in main.one("tbody").all("tr")]
    assert [row[1:] for row in rows] == [["2", "0", "2", "2"], ["3", "1", "2", "2"]]
    assert main.one("li", css="parcel__line").words == "1 × Cup paula, just now"
    assert "Open: packed by paula" in main.words
    assert main.one("a", href=f"/orders/{order.id}/audit")
    assert [form for form in main.all("form") if "action" in form.attributes] == []


@pytest.mark.parametrize(
    ("number", "offered"),
    [
        ("NEW", {"processing", "shipped"}),
        ("SOON", set()),
        ("LATE", {"shipped"}),
        ("DONE", {"delivered", "refunded"}),
        ("GONE", {"refunded"}),
    ],
)
def test_a_manager_is_offered_what_the_status_allows(
    manager: Tablet, orders: dict[str, Order], number: str, offered: set[str]
) -> None:
    main = manager.get(f"/orders/{orders[number].id}").root.one("main")

    assert {button["value"] for button in main.all("button", name="status")} == offered
    assert ("Cancel order" in main.words) is (number in ("NEW", "SOON", "LATE"))


def test_a_manager_reaches_returns_and_cancelling_of_units_from_the_items(
    tablet_of: Callable[[Part], Tablet], orders: dict[str, Order]
) -> None:
    path = f"/orders/{orders['SOON'].id}"

    links = {
        part: [link.words for link in tablet_of(part).get(path).root.one("main").one("tbody").all("a")]
        for part in ("manager", "supervisor", "packer")
    }

    assert links == {"manager": ["Cancel units", "Cancel units", "Book a return"], "supervisor": [], "packer": []}
