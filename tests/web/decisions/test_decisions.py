"""Open stock exceptions: the list, what to do about each, and closing one by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import make_order, make_product
from tests.helpers.cast import Cast, Part
from tests.helpers.markup import Element
from tests.helpers.statements import counted
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.domain.clock import utc_now
from webapp.models import Order, StockException
from webapp.schemas.order import OrderUpdate
from webapp.services import order_service

TabletOf = Callable[[Part], Tablet]
GTIN = "4099999999989"


@pytest.fixture
def orders(warehouse: Warehouse) -> dict[str, Order]:
    """One order for each cause, named by it."""
    lamp, rare, unknown = warehouse.product("Lamp", A1=3), warehouse.product("Rarity"), warehouse.placeholder()
    short = warehouse.processing((lamp, 3))
    warehouse.short_pick(short, 1, "A1")
    return {
        "short_pick": short,
        "insufficient_inventory": warehouse.processing((lamp, 4)),
        "no_inventory": warehouse.processing((rare, 1)),
        "placeholder_product": warehouse.processing((unknown, 2), gtin=GTIN),
    }


def exception_of(db: Session, order: Order) -> int:
    return db.scalars(select(StockException.id).where(StockException.order_id == order.id)).one()


def panels(answer: Answer) -> list[Element]:
    """Return the products with their exceptions."""
    return answer.root.all("li", css="exception-group")


def lines(answer: Answer) -> list[Element]:
    """Return the exceptions, one for an order's line."""
    return answer.root.all("li", css="exception")


def order_numbers(answer: Answer) -> list[str]:
    return [line.one(css="exception__order").all("a")[0].words for line in lines(answer)]


def links(panel: Element) -> dict[str, str]:
    return {link.words: link["href"] for link in panel.all("a", css="button")}


def close(tablet: Tablet, exception_id: int, resolution: str, *, htmx: bool = True, **fields: object) -> Answer:
    return tablet.post(f"/exceptions/{exception_id}/closure", {"resolution": resolution, **fields}, htmx=htmx)


def test_every_cause_says_what_is_wrong_and_what_helps(
    manager: Tablet, warehouse: Warehouse, orders: dict[str, Order]
) -> None:
    short, insufficient, missing, unknown = panels(manager.get("/exceptions"))
    lamp = warehouse.item(orders["short_pick"]).product_id

    assert "Fewer on the shelf than the records say" in short.words
    assert "Somebody counted too few at A1." in short.words
    assert links(short)["See the stock"] == f"/stock/{lamp}"
    assert "Not enough stock" in insufficient.words
    assert "4 units missing" in insufficient.words
    assert links(insufficient)["See the stock"] == f"/stock/{lamp}"
    assert "No stock record for this product" in missing.words
    assert "Add stock" in links(missing)
    assert f"The GTIN {GTIN} is no product's" in unknown.words
    assert links(unknown)["Match the GTIN"] == f"/matches/new?gtin={GTIN}"
    item = warehouse.item(orders["placeholder_product"])
    cancel = f"/orders/{orders['placeholder_product'].id}/items/{item.id}/cancellation"
    assert links(unknown)["Cancel units"] == cancel
    assert unknown.all("a", href=f"/orders/{orders['placeholder_product'].id}")
    assert "paula, just now" in unknown.words


def test_a_line_without_a_gtin_is_matched_by_its_sku_or_its_name_and_without_all_alone(
    manager: Tablet, warehouse: Warehouse
) -> None:
    unknown = warehouse.placeholder()
    warehouse.processing((unknown, 1), sku="MKT-7")
    named = warehouse.processing((unknown, 1), sku="", product_name="Fern")
    alone = warehouse.processing((unknown, 1), sku="", product_name="")

    by_sku, by_name, by_line = panels(manager.get("/exceptions"))

    assert "no product has the SKU MKT-7" in by_sku.words
    assert links(by_sku)["Match the SKU"] == "/matches/new?sku=MKT-7"
    item = warehouse.item(named)
    assert links(by_name)["Match the name"] == f"/matches/new?name={named.channel_id}:{item.name_key}"
    assert "neither GTIN nor SKU" in by_line.words
    assert links(by_line)["Match the line"] == f"/matches/new?item={warehouse.item(alone).id}"
    assert "Cancel units" in links(by_line)


@pytest.mark.parametrize("cause", ["short_pick", "insufficient_inventory", "no_inventory", "placeholder_product"])
def test_the_list_narrows_to_one_cause(manager: Tablet, orders: dict[str, Order], cause: str) -> None:
    answer = manager.get(f"/exceptions?cause={cause}")

    (panel,) = panels(answer)
    assert orders[cause].order_number in panel.words
    assert answer.root.one("a", aria_current="true")["href"] == f"/exceptions?cause={cause}"


@pytest.mark.parametrize("query", ["?cause=fire", "?cursor=garbage"])
def test_an_address_that_cannot_be_meant_is_refused(manager: Tablet, orders: dict[str, Order], query: str) -> None:
    assert manager.get(f"/exceptions{query}").status == 422


def test_a_line_without_a_name_has_the_catalogues_and_none_before_it_is_matched(
    manager: Tablet, warehouse: Warehouse
) -> None:
    warehouse.processing((warehouse.product("Brass lamp", "LAMP-B"), 1), product_name="")
    warehouse.processing((warehouse.placeholder(), 1), gtin=GTIN, sku="", product_name="")

    of_lamp, of_unknown = panels(manager.get("/exceptions"))

    assert of_lamp.one("h2").words == "Brass lamp"
    assert of_unknown.one("h2").words == GTIN


def test_nothing_open_is_good_news(manager: Tablet, warehouse: Warehouse) -> None:
    assert "Nothing is waiting for you" in manager.get("/exceptions").words
    assert "None of this kind" in manager.get("/exceptions?cause=short_pick").words


def test_an_exception_says_what_its_person_did(manager: Tablet, orders: dict[str, Order]) -> None:
    (panel,) = panels(manager.get("/exceptions?cause=short_pick"))

    assert panel.one(css="exception__since").words.startswith("Raised by paula, just now")


def test_nothing_open_is_no_claim_about_what_else_waits(manager: Tablet, warehouse: Warehouse) -> None:
    warehouse.order((warehouse.product("Lamp", A1=5), 1))

    words = manager.get("/exceptions").words

    assert "No open exceptions" in words
    assert "Nothing is waiting for you" not in words


def test_a_long_list_is_read_page_by_page_the_most_urgent_first(manager: Tablet, warehouse: Warehouse) -> None:
    rare = warehouse.product("Rarity")
    hours = [*range(0, 60, 2), *range(59, 0, -2)]
    due = {hour: warehouse.processing((rare, 1), ship_by=utc_now() + timedelta(hours=hour)) for hour in hours}
    numbers = [due[hour].order_number for hour in sorted(due)]
    seen: list[str] = []
    href = "/exceptions?cause=no_inventory"
    while href:
        answer = manager.get(href)
        seen += order_numbers(answer)
        onward = answer.root.all("a", rel="next")
        href = onward[0]["href"] if onward else ""

    assert seen == numbers


def test_closing_takes_words_and_leads_back_to_the_same_list(
    manager: Tablet, warehouse: Warehouse, orders: dict[str, Order]
) -> None:
    (panel,) = panels(manager.get("/exceptions?cause=no_inventory"))

    answer = manager.send(panel.one("form"), htmx=False, resolution="Bought from the shop next door")

    assert (answer.status, answer.location) == (303, "/exceptions?cause=no_inventory")
    page = manager.get("/exceptions")
    assert "Closed: Bought from the shop next door" in page.words
    assert len(panels(page)) == 3
    order = orders["no_inventory"]
    assert warehouse.exceptions(order) == [(1, "no_inventory", 1, "closed")]
    assert warehouse.events(order)[-1] == "exception_closed"
    trail = manager.get(f"/orders/{order.id}/audit").words
    assert "closed the exception “ No stock record for this product ” of Rarity" in trail
    assert "Reason: “Bought from the shop next door”" in trail


def test_htmx_gets_the_list_without_the_closed_one(
    manager: Tablet, warehouse: Warehouse, orders: dict[str, Order]
) -> None:
    answer = close(manager, exception_of(warehouse.db, orders["no_inventory"]), "Bought elsewhere")

    assert answer.status == 200
    assert "<html" not in answer.response.text
    assert "Closed: Bought elsewhere" in answer.words
    assert len(panels(answer)) == 3


@pytest.mark.parametrize("resolution", ["", "  ", "x" * 501])
@pytest.mark.parametrize("htmx", [False, True])
def test_closing_needs_words(
    manager: Tablet, warehouse: Warehouse, orders: dict[str, Order], resolution: str, htmx: bool
) -> None:
    exception_id = exception_of(warehouse.db, orders["no_inventory"])

    answer = close(manager, exception_id, resolution, htmx=htmx)

    assert answer.status == 422
    assert answer.root.one(id=f"exception-{exception_id}-resolution-error").words.endswith(".")
    panel = answer.root.one("li", id=f"exception-{exception_id}")
    assert "open" in panel.one("details").attributes
    assert warehouse.exceptions(orders["no_inventory"])[0][3] == "open"


def test_closing_what_somebody_closed_says_who_and_how(
    manager: Tablet, warehouse: Warehouse, orders: dict[str, Order]
) -> None:
    exception_id = exception_of(warehouse.db, orders["no_inventory"])
    close(manager, exception_id, "Bought elsewhere")

    answer = close(manager, exception_id, "I did it")

    assert "max already closed the exception: Bought elsewhere" in answer.words


def test_sent_twice_with_one_key_it_is_closed_once(
    manager: Tablet, warehouse: Warehouse, orders: dict[str, Order]
) -> None:
    exception_id = exception_of(warehouse.db, orders["no_inventory"])

    answers = [close(manager, exception_id, "Bought elsewhere", idempotency_key="k1") for _ in range(2)]

    assert ["Closed: Bought elsewhere" in answer.words for answer in answers] == [True, True]
    assert warehouse.events(orders["no_inventory"]).count("exception_closed") == 1


def test_units_that_a_shipped_order_left_behind_cannot_be_talked_away(manager: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product("Lamp", A1=1), 1), (warehouse.product("Rarity"), 2))
    warehouse.do(order_service.change_status, order_id=order.id, order_update=OrderUpdate(status="shipped"))

    answer = close(manager, exception_of(warehouse.db, order), "Never mind")

    assert answer.status == 409
    assert "2 units of this item have not shipped." in panels(answer)[0].words


@pytest.mark.parametrize("part", ["packer", "supervisor", "admin"])
def test_everybody_may_look_and_only_a_manager_may_settle(
    tablet_of: TabletOf, warehouse: Warehouse, orders: dict[str, Order], part: Part
) -> None:
    tablet = tablet_of(part)
    page = tablet.get("/exceptions")

    assert len(panels(page)) == 4
    assert page.root.one("main").all("form") == []
    assert [links(panel) for panel in panels(page)] == [{}] * 4
    assert close(tablet, exception_of(warehouse.db, orders["no_inventory"]), "Mine").status == 403


def test_an_exception_that_is_not_there_or_another_stores_is_not_found(
    manager: Tablet, db: Session, cast: Cast
) -> None:
    other = Warehouse(db, cast.other_store)
    foreign = make_order(db, cast.other_store, [(make_product(db, cast.other_store), 1)])
    other.process(foreign)

    assert panels(manager.get("/exceptions")) == []
    for exception_id in (exception_of(db, foreign), 999999999, 0):
        assert close(manager, exception_id, "Mine now").status == 404
        assert close(manager, exception_id, "").status == 404


@pytest.mark.both_engines
@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_statements_however_many(
    manager: Tablet, warehouse: Warehouse, engine: Engine, count: int
) -> None:
    for _ in range(count):
        warehouse.short_pick(warehouse.processing((warehouse.product("Lamp", A1=5), 1)), 0, "A1")

    with counted(engine) as statements:
        answer = manager.get("/exceptions")

    assert len(lines(answer)) == count
    assert len(statements) <= 6


@pytest.mark.both_engines
def test_a_product_stands_once_with_a_line_for_each_order_and_the_most_urgent_product_first(
    manager: Tablet, warehouse: Warehouse
) -> None:
    rare, scarce = warehouse.product("Rarity"), warehouse.product("Scarcity", A1=1)

    def due(hours: int, **columns: object) -> dict[str, object]:
        return {"ship_by": utc_now() + timedelta(hours=hours), **columns}

    warehouse.processing((rare, 2), **due(30, order_number="LAST"))
    warehouse.processing((scarce, 3), **due(2, order_number="SECOND"))
    warehouse.processing((rare, 1), **due(1, order_number="FIRST"))

    answer = manager.get("/exceptions")

    assert order_numbers(answer) == ["FIRST", "LAST", "SECOND"]
    rarity, scarcity = panels(answer)
    assert (rarity.one("h2").words, scarcity.one("h2").words) == ("Rarity", "Scarcity")
    assert rarity.one(css="exception-group__do").words == "3 units missing Add stock"
    assert scarcity.one(css="exception-group__do").words == "See the stock"
    assert [line.one(css="exception__units").words for line in lines(answer)][:2] == [
        "1 unit missing",
        "2 units missing",
    ]


def tiles(answer: Answer) -> dict[str, tuple[str, str]]:
    return {
        tile.one(css="tile__words").words: (tile.one(css="tile__number").words, tile["href"])
        for tile in answer.root.all("a", css="tile")
    }


def test_a_manager_begins_with_what_waits(
    manager: Tablet, warehouse: Warehouse, db: Session, cast: Cast, orders: dict[str, Order]
) -> None:
    lamp = warehouse.product("Late lamp", A1=1)
    late = [warehouse.order((lamp, 1)), warehouse.order((lamp, 1))]
    for order in orders.values():
        order.ship_by = utc_now() + timedelta(hours=3)
    db.commit()
    make_order(db, cast.other_store, [(make_product(db, cast.other_store), 1)])

    page = manager.get("/exceptions")

    assert page.root.one("h1").words == "To decide"
    assert tiles(page) == {
        "Late orders": (str(len(late)), "/orders?late=1"),
        "Orders to start": ("2", "/orders?status=pending"),
        "Lines to match": ("1", "/matches"),
        "Open exceptions": ("4", "/exceptions#exceptions"),
        "Places to count": ("1", "/stock?show=count"),
    }


def test_the_ways_to_narrow_the_list_say_how_many_there_are(manager: Tablet, orders: dict[str, Order]) -> None:
    words = [link.words for link in manager.get("/exceptions").root.all("a", css="filters__link")]

    assert words == ["All 4", "Unknown product 1", "No stock record 1", "Not enough stock 1", "Short pick 1"]


@pytest.mark.parametrize(
    ("part", "title", "numbers"),
    [
        ("manager", "To decide", 5),
        ("admin", "To decide", 5),
        ("packer", "Exceptions", 0),
        ("supervisor", "Exceptions", 0),
    ],
)
def test_who_does_not_decide_is_not_asked_to(
    tablet_of: TabletOf, orders: dict[str, Order], part: Part, title: str, numbers: int
) -> None:
    page = tablet_of(part).get("/exceptions")

    assert page.root.one("h1").words == title
    assert len(tiles(page)) == numbers


def test_an_exception_says_whose_order_waits_and_by_when_it_is_to_ship(
    manager: Tablet, warehouse: Warehouse, db: Session
) -> None:
    order = warehouse.processing((warehouse.product("Rarity"), 1))
    order.customer_name, order.ship_by = "Alice Becker", utc_now() - timedelta(days=2)
    db.commit()

    (panel,) = panels(manager.get("/exceptions"))

    assert "Alice Becker" in panel.words
    assert panel.one(css="pill--late").words == "Late by 2 days"


def test_an_order_that_went_out_is_not_late_any_more(manager: Tablet, warehouse: Warehouse, db: Session) -> None:
    order = warehouse.processing((warehouse.product("Lamp", A1=1), 1), (warehouse.product("Rarity"), 2))
    warehouse.do(order_service.change_status, order_id=order.id, order_update=OrderUpdate(status="shipped"))
    order.ship_by = utc_now() - timedelta(days=2)
    db.commit()

    (panel,) = panels(manager.get("/exceptions"))

    assert panel.all(css="pill--late") == []
