"""A product's page: the orders behind its numbers, its movements, counting and adjusting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.factories import make_placeholder, make_product
from tests.helpers.cast import Cast, Part
from tests.helpers.markup import Element
from tests.helpers.statements import counted
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import InventoryTransaction, Product

TabletOf = Callable[[Part], Tablet]


def path(product: Product) -> str:
    return f"/stock/{product.id}"


def figures(root: Element) -> dict[str, str]:
    return {pair.one("dt").words: pair.one("dd").words for pair in root.one("dl", css="definitions").all("div")}


def due(holders: Element) -> str:
    return holders.all("p")[0].one("time").words


def place(answer: Answer, location: str) -> Element:
    return next(found for found in answer.root.all(css="stock-place") if found.one("h3").words == location)


def adjust(tablet: Tablet, product: Product, *, htmx: bool = True, **fields: object) -> Answer:
    values = {"warehouse": "main", "location": "A1", "reason": "Broken in the aisle", **fields}
    return tablet.post(f"{path(product)}/adjustments", values, htmx=htmx)


def count(tablet: Tablet, product: Product, *, htmx: bool = True, **fields: object) -> Answer:
    values = {"warehouse": "main", "location": "A1", "reason": "Cycle count", "seen_quantity": "5", **fields}
    return tablet.post(f"{path(product)}/counts", values, htmx=htmx)


def test_a_product_shows_its_places_and_who_stands_behind_the_numbers(
    manager: Tablet, warehouse: Warehouse, lamp: Product
) -> None:
    waiting = warehouse.processing((lamp, 9), customer_name="Björk")

    answer = manager.get(path(lamp))

    assert figures(answer.root) == {"On hand": "7", "Reserved": "7", "Available": "0", "Missing for orders": "5"}
    assert "On hand 5 Reserved 5 Available 0" in place(answer, "A1").words
    missing, held = answer.root.all(css="holders")
    assert missing.words == f"{waiting.order_number} Björk 5 {due(missing)}"
    assert f"{waiting.order_number} Björk 2 {due(missing)} B2" in held.words
    assert answer.root.all("a", href=f"/orders/{waiting.id}")


def test_the_last_movements_come_newest_first_and_go_on(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    for number in range(12):
        warehouse.adjust(lamp, 1, "B2", reason=f"Found {number}")

    first = manager.get(path(lamp))
    older = manager.get(first.root.one("a", rel="next")["href"].split("#")[0])

    rows = first.root.all("li", css="moved__row")
    assert len(rows) == 10
    assert "paula added 1 unit at B2" in rows[0].words
    assert "Found 11" in rows[0].words
    assert "Found 1”" in older.root.all("li", css="moved__row")[0].words
    assert len(older.root.all("li", css="moved__row")) == 5


@pytest.mark.both_engines
@pytest.mark.parametrize("orders", [1, 30])
def test_a_product_costs_the_same_statements_however_many_orders_want_it(
    manager: Tablet, warehouse: Warehouse, engine: Engine, orders: int
) -> None:
    lamp = warehouse.product("Lamp", A1=20, B1=15)
    for _ in range(orders):
        warehouse.processing((lamp, 2))

    with counted(engine) as statements:
        answer = manager.get(path(lamp))

    assert len(statements) <= 10
    if orders > 1:
        assert figures(answer.root)["Missing for orders"] == "25"


def test_a_chart_tells_how_the_units_on_hand_came_to_be(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    warehouse.adjust(lamp, 4)

    figure = manager.get(path(lamp)).root.one("figure")

    assert figure.one("desc").words == "On hand rose from 0 to 11 today."
    assert figure.one("tbody").all("td")[0].words == "11"
    assert figure.one("svg", role="img")["aria-labelledby"] == f"{figure.one('title')['id']} {figure.one('desc')['id']}"


def test_a_product_that_never_moved_has_no_chart(manager: Tablet, warehouse: Warehouse) -> None:
    assert manager.get(path(warehouse.product("Lamp"))).root.all("figure") == []


def test_a_movement_leads_to_the_orders_trail(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    link = manager.get(path(lamp)).root.all("li", css="moved__row")[0].one("a")

    assert manager.get(link["href"]).status == 200
    assert "/audit?operation=" in link["href"]


# Changing it


def test_adding_units_says_what_is_there_now_and_fills_orders_that_wait(
    manager: Tablet, warehouse: Warehouse, lamp: Product
) -> None:
    waiting = warehouse.processing((lamp, 6))

    answer = adjust(manager, lamp, direction="add", quantity="4")

    assert answer.status == 200
    assert "4 units added. On hand at A1: 9, of which 7 reserved and 2 available." in answer.words
    assert warehouse.shelves(lamp) == {"A1": (9, 7), "B2": (2, 2)}
    assert warehouse.allocations(waiting) == {"A1": 4, "B2": 2}
    adjusted = [row for row in warehouse.ledger() if row.kind == "adjust"]
    assert [(row.quantity_change, row.quantity_after, row.created_by) for row in adjusted] == [(4, 9, "max")]


def test_taking_units_leads_back_to_the_place_without_javascript(
    manager: Tablet, warehouse: Warehouse, lamp: Product
) -> None:
    answer = adjust(manager, lamp, direction="take", quantity="2", htmx=False)

    assert answer.status == 303
    assert answer.location == f"{path(lamp)}#place-{warehouse.place(lamp.id, 'A1').id}"
    assert "2 units removed." in manager.get(path(lamp)).words
    assert warehouse.shelves(lamp)["A1"] == (3, 3)


@pytest.mark.parametrize(("quantity", "on_hand"), [("-2", 3), ("+2", 7), ("2", 7)])
def test_a_number_with_a_sign_says_the_direction_itself(
    manager: Tablet, warehouse: Warehouse, lamp: Product, quantity: str, on_hand: int
) -> None:
    assert adjust(manager, lamp, quantity=quantity).status == 200
    assert warehouse.shelves(lamp)["A1"][0] == on_hand


def test_units_may_lie_at_a_new_place(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    form = manager.get(path(lamp)).root.one(id="new-place").one("form")

    answer = manager.send(form, location=" C-3 ", quantity="6", reason="Delivery")

    assert answer.status == 200
    assert "On hand 6" in place(answer, "C-3").words
    assert warehouse.shelves(lamp)["C-3"] == (6, 0)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"quantity": ""}, "quantity", "Enter how many units to add or take."),
        ({"quantity": "0"}, "quantity", "Enter how many units to add or take: 1 to 2147483647, not 0."),
        ({"quantity": "-1"}, "quantity", "Write the number without a sign, and choose to add or to take."),
        ({"quantity": "1.5"}, "quantity", "Quantity must be a whole number, without a decimal point."),
        ({"quantity": "٣"}, "quantity", "Quantity must be a whole number, written with the digits 0 to 9."),
        ({"quantity": "2147483648"}, "quantity", "Quantity is too large. The most is 2147483647."),
        ({"quantity": "1", "direction": "up"}, "quantity", "Choose whether to add or to take units."),
        ({"quantity": "1", "reason": "  "}, "reason", "Say why the stock changes."),
        ({"quantity": "1", "reason": "", "common_reason": "Other"}, "reason", "Say why the stock changes."),
    ],
)
def test_a_wrong_change_is_refused_by_its_field_and_keeps_what_was_typed(
    manager: Tablet, warehouse: Warehouse, lamp: Product, fields: dict[str, str], field: str, sentence: str
) -> None:
    values: dict[str, Any] = {"direction": "add", **fields}
    answer = adjust(manager, lamp, **values)

    anchor = f"place-{warehouse.place(lamp.id, 'A1').id}"
    assert answer.status == 422
    assert answer.root.one(id=f"{anchor}-add-{field}-error").words == sentence
    assert answer.root.one("input", id=f"{anchor}-add-quantity")["value"] == fields["quantity"]
    opened = [change for change in answer.root.all("details", css="change") if "open" in change.attributes]
    assert [change["id"] for change in opened] == [f"{anchor}-add"]
    assert warehouse.shelves(lamp)["A1"] == (5, 3)


@pytest.mark.parametrize(
    ("common", "words", "reason"),
    [
        ("Damaged", "", "Damaged"),
        ("Damaged", "dropped", "Damaged: dropped"),
        ("Other", "eaten by mice", "eaten by mice"),
        ("", "eaten by mice", "eaten by mice"),
    ],
)
def test_a_usual_reason_or_ones_own_words_are_enough(
    manager: Tablet, warehouse: Warehouse, lamp: Product, common: str, words: str, reason: str
) -> None:
    values: dict[str, Any] = {"direction": "take", "quantity": "1", "common_reason": common, "reason": words}

    assert adjust(manager, lamp, **values).status == 200
    assert reason in [row.reason for row in warehouse.db.scalars(select(InventoryTransaction))]


@pytest.mark.parametrize("location", ["", "   ", "x" * 65])
def test_a_new_place_needs_a_name(manager: Tablet, warehouse: Warehouse, lamp: Product, location: str) -> None:
    answer = adjust(manager, lamp, direction="add", quantity="1", location=location)

    assert answer.status == 422
    assert answer.root.one(id="new-location-error").words
    assert len(warehouse.shelves(lamp)) == 2


def test_more_than_is_there_cannot_be_taken(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    answer = adjust(manager, lamp, direction="take", quantity="6")

    assert answer.status == 409
    assert "Only 5 units are here, so 6 cannot be taken." in place(answer, "A1").words
    assert warehouse.shelves(lamp)["A1"] == (5, 3)


def test_a_count_sets_the_place_and_says_who_counted(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    forms = place(manager.get(path(lamp)), "A1").all("form")
    form = next(form for form in forms if form["action"].endswith("/counts"))

    answer = manager.send(form, quantity="4", reason="Cycle count")

    assert "Count saved. On hand at A1: 4, of which 3 reserved and 1 available." in answer.words
    assert warehouse.ledger()[-1][:4] == ("set", -1, 0, 4)
    assert warehouse.ledger()[-1].created_by == "max"


def test_an_empty_place_is_a_count_too(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    assert count(manager, lamp, location="B2", quantity="0", seen_quantity="2").status == 200
    assert warehouse.shelves(lamp)["B2"] == (0, 0)


def test_a_product_without_units_shows_none_of_them_available(manager: Tablet, warehouse: Warehouse) -> None:
    gone = warehouse.product("Gone", A1=1)
    assert manager.get(path(gone)).root.all("rect", css="stock-bar__available")

    count(manager, gone, quantity="0", seen_quantity="1")

    assert not manager.get(path(gone)).root.all("rect", css="stock-bar__available")


def test_a_count_of_what_changed_meanwhile_is_refused_with_the_fresh_number(
    manager: Tablet, warehouse: Warehouse, lamp: Product
) -> None:
    answer = count(manager, lamp, quantity="9", seen_quantity="4")

    assert answer.status == 409
    assert "On hand is 5 now, not 4" in place(answer, "A1").words
    form = next(form for form in place(answer, "A1").all("form") if form["action"].endswith("/counts"))
    assert (form.fields["seen_quantity"], form.fields["quantity"]) == ("5", "9")
    assert manager.send(form).status == 200
    assert warehouse.shelves(lamp)["A1"] == (9, 3)


@pytest.mark.both_engines
@pytest.mark.parametrize("seen", [{}, {"seen_quantity": ""}, {"seen_quantity": "many"}])
def test_a_count_that_does_not_say_what_was_seen_is_refused(
    manager: Tablet, warehouse: Warehouse, lamp: Product, seen: dict[str, str]
) -> None:
    fields: dict[str, object] = {"location": "A1", "reason": "Cycle count", "quantity": "9", **seen}

    answer = manager.post(f"{path(lamp)}/counts", fields)

    assert answer.status == 422
    assert "This form is out of date. Check the numbers, then send it again." in place(answer, "A1").words
    assert warehouse.shelves(lamp)["A1"] == (5, 3)
    form = next(form for form in place(answer, "A1").all("form") if form["action"].endswith("/counts"))
    assert manager.send(form).status == 200
    assert warehouse.shelves(lamp)["A1"] == (9, 3)


@pytest.mark.parametrize("typed", ["", "-1", "x", "1.0", "٣", "2147483648"])
def test_what_is_no_count_is_refused(manager: Tablet, warehouse: Warehouse, lamp: Product, typed: str) -> None:
    answer = count(manager, lamp, quantity=typed)

    assert answer.status == 422
    assert answer.root.one(id=f"place-{warehouse.place(lamp.id, 'A1').id}-count-quantity-error")
    assert warehouse.shelves(lamp)["A1"] == (5, 3)


def test_sent_twice_with_one_key_stock_changes_once(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    for _ in range(2):
        assert adjust(manager, lamp, direction="add", quantity="4", idempotency_key="k1").status == 200

    assert warehouse.shelves(lamp)["A1"] == (9, 3)


def test_the_key_of_one_change_does_not_serve_another(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    adjust(manager, lamp, direction="add", quantity="4", idempotency_key="k1")

    assert adjust(manager, lamp, direction="take", quantity="4", idempotency_key="k1").status == 422
    assert count(manager, lamp, quantity="4", seen_quantity="9", idempotency_key="k1").status == 422
    assert warehouse.shelves(lamp)["A1"] == (9, 3)


@pytest.mark.parametrize("part", ["packer", "supervisor", "admin"])
def test_only_a_manager_may_change_stock_and_the_others_may_look(
    tablet_of: TabletOf, warehouse: Warehouse, lamp: Product, part: Part
) -> None:
    tablet = tablet_of(part)

    assert tablet.get("/stock").status == 200
    assert [form["action"] for form in tablet.get(path(lamp)).root.one("main").all("form")] == []
    assert adjust(tablet, lamp, direction="add", quantity="1").status == 403
    assert count(tablet, lamp, quantity="1").status == 403
    assert warehouse.shelves(lamp)["A1"] == (5, 3)


@pytest.mark.parametrize("product_id", ["999999999", "0", "01", "1_0", "٣", "9223372036854775808"])
def test_a_product_that_is_not_there_is_not_found(manager: Tablet, product_id: str) -> None:
    assert manager.get(f"/stock/{product_id}").status == 404
    for form in ("adjustments", "counts"):
        assert (
            manager.post(f"/stock/{product_id}/{form}", {"quantity": "1", "location": "A", "reason": "x"}).status == 404
        )
        assert manager.post(f"/stock/{product_id}/{form}", {}).status == 404


def test_another_stores_stock_is_neither_found_nor_changed(manager: Tablet, db: Session, cast: Cast) -> None:
    foreign = make_product(db, cast.other_store, "Foreign lamp")
    make_placeholder(db, cast.other_store)

    assert manager.get(path(foreign)).status == 404
    assert adjust(manager, foreign, direction="add", quantity="1").status == 404
    assert db.scalar(select(func.count()).select_from(InventoryTransaction)) == 0


def test_page_and_fragment_hold_the_same(manager: Tablet, lamp: Product) -> None:
    page, panel = manager.get(path(lamp)).root, manager.get(path(lamp), htmx=True).root

    assert panel.one(id="product").words == page.one(id="product").words
