"""Booking returned units."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.helpers.tablet import Tablet, assert_refused_quantity_form
from tests.helpers.warehouse import Warehouse
from webapp.models import InventoryTransaction, Order, Product


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """4 lamps shipped, 3 from A1 and 1 from B2; 1 of them came back before."""
    lamp = warehouse.product("Lamp", A1=3, B2=2)
    order = warehouse.processing((lamp, 4))
    warehouse.ship(order)
    warehouse.give_back(order, 1, location="B2")
    return order


@pytest.fixture
def path(warehouse: Warehouse, order: Order) -> str:
    return f"/orders/{order.id}/items/{warehouse.item(order).id}/returns"


def test_the_page_offers_what_may_come_back_and_where_it_left_from(manager: Tablet, path: str) -> None:
    page = manager.get(path)

    figures = {pair.one("dt").words: pair.one("dd").words for pair in page.root.one("dl").all("div")}
    assert figures == {"Shipped": "4", "Already returned": "1", "Can be returned": "3"}
    fields = page.root.one("form", action=path).fields
    assert (fields["quantity"], fields["warehouse"], fields["location"]) == ("3", "main", "A1")


def test_units_come_back_to_the_place_that_is_named(
    manager: Tablet, warehouse: Warehouse, order: Order, path: str
) -> None:
    form = manager.get(path).root.one("form", action=path)

    answer = manager.send(form, htmx=False, write_off="", quantity="2", location="R-1", reason="Too small")

    assert (answer.status, answer.location) == (303, f"/orders/{order.id}")
    assert warehouse.ledger(order)[-1] == ("return", 2, 0, 2, 0, "R-1", "max")
    assert warehouse.item(order).returned_quantity == 3
    assert "2 units of Lamp came back to R-1." in manager.get(f"/orders/{order.id}").words


def test_written_off_units_change_no_stock_and_need_no_place(
    manager: Tablet, warehouse: Warehouse, order: Order, path: str
) -> None:
    before = warehouse.ledger()

    answer = manager.post(path, {"quantity": "1", "write_off": "1", "location": "", "reason": "Smashed"})

    assert (answer.status, answer.response.headers["HX-Redirect"]) == (204, f"/orders/{order.id}")
    assert warehouse.ledger() == before
    assert warehouse.events(order)[-1] == "written_off"
    assert "1 unit of Lamp came back and was written off: no stock changed." in manager.get(f"/orders/{order.id}").words


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"quantity": "4"}, "quantity", "Cannot return 4 units - only 3 shipped and not yet returned"),
        ({"quantity": "0"}, "quantity", "Quantity is 0. Enter 1 or more; 0 brings nothing back."),
        ({"quantity": ""}, "quantity", "Enter a quantity."),
        ({"location": " "}, "location", "Name the place they go to, or write them off."),
        ({"location": "x" * 65}, "location", "Use at most 64 characters."),
        ({"warehouse": "x" * 65}, "warehouse", "Use at most 64 characters."),
        ({"reason": ""}, "reason", "Say why they came back."),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_refusal_stands_by_its_field(
    manager: Tablet,
    warehouse: Warehouse,
    order: Order,
    path: str,
    fields: dict[str, object],
    field: str,
    sentence: str,
    htmx: bool,
) -> None:
    values = {"quantity": "1", "warehouse": "main", "location": "R-1", "reason": "Too small", **fields}

    answer = manager.post(path, values, htmx=htmx)

    assert_refused_quantity_form(answer, field, sentence, typed=values["quantity"])
    assert warehouse.item(order).returned_quantity == 1


def test_a_usual_reason_alone_suffices(manager: Tablet, warehouse: Warehouse, path: str) -> None:
    form = manager.get(path).root.one("form", action=path)

    answer = manager.send(form, htmx=False, write_off="", common_reason="Damaged", reason="")

    assert answer.status == 303
    assert warehouse.db.scalars(
        select(InventoryTransaction.reason).order_by(InventoryTransaction.id.desc())
    ).first() == ("Damaged")


def test_what_never_shipped_cannot_come_back(manager: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product("Mug", A1=1), 1))
    path = f"/orders/{order.id}/items/{warehouse.item(order).id}/returns"

    assert "No units of this item have shipped" in manager.get(path).words
    refused = manager.post(path, {"quantity": "1", "location": "A1", "reason": "x"})

    assert refused.status == 422
    assert "Cannot return 1 unit - only 0 shipped and not yet returned" in refused.words


def test_a_line_whose_product_is_unknown_must_be_matched_first(manager: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.order((warehouse.placeholder(), 1), gtin="4012345678901")
    path = f"/orders/{order.id}/items/{warehouse.item(order).id}/returns"

    assert "Match it to a product" in manager.get(path).words
    assert manager.post(path, {"quantity": "1", "location": "A1", "reason": "x"}).status == 409


@pytest.mark.parametrize(
    ("fields", "location", "kind"),
    [
        ({"common_reason": "Damaged"}, "R-1", "written_off"),
        ({"common_reason": "Damaged", "write_off": ""}, "R-1", "returned"),
        ({"common_reason": "Wrong item"}, "R-1", "returned"),
        ({"common_reason": "Damaged"}, "", "written_off"),
    ],
)
def test_damaged_units_are_written_off_unless_somebody_chooses_a_place(
    manager: Tablet, warehouse: Warehouse, order: Order, path: str, fields: dict[str, str], location: str, kind: str
) -> None:
    form = manager.get(path).root.one("form", action=path)
    assert [choice.attributes for choice in form.all("input", name="write_off") if "checked" in choice.attributes] == []

    answer = manager.post(path, {"quantity": "1", "reason": "", "location": location, **fields}, htmx=False)

    assert answer.status == 303
    assert warehouse.events(order)[-1] == kind


# Correcting a return


def product_of(warehouse: Warehouse, order: Order) -> Product:
    return warehouse.db.get_one(Product, (warehouse.store.id, warehouse.item(order).product_id))


@pytest.mark.both_engines
@pytest.mark.parametrize("htmx", [False, True])
def test_a_manager_corrects_a_return_from_the_orders_page(
    manager: Tablet, warehouse: Warehouse, order: Order, htmx: bool
) -> None:
    warehouse.give_back(order, 2, location="R1")
    link = next(link for link in manager.get(f"/orders/{order.id}").root.all("a") if "Correct a return" in link.words)
    form = manager.get(link["href"].split("#")[0]).root.one(id="booked").all("form")[0]
    assert form.fields["quantity"] == "1"

    answer = manager.send(form, htmx=htmx)

    assert answer.status == (204 if htmx else 303)
    assert warehouse.shelves(product_of(warehouse, order))["R1"] == (1, 0)
    assert warehouse.item(order).returned_quantity == 2
    page = manager.get(f"/orders/{order.id}")
    assert "The return is corrected: 1 unit did not come back." in page.words
    trail = manager.get(f"/orders/{order.id}/audit").words
    assert "corrected the return of Lamp to R1 : 1 unit came back, 1 unit did not." in trail


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"quantity": "2"}, 422, "Enter fewer than 2. If more came back, book another return."),
        ({"quantity": ""}, 422, "Enter how many units; 0 for none."),
        ({"quantity": "-1"}, 422, "Units cannot be below 0. Enter 0 for none."),
        ({"quantity": "0", "seen_quantity": "3"}, 409, "This return has 2 now, not 3"),
        ({"quantity": "0", "seen_quantity": ""}, 422, "This form is out of date."),
    ],
)
def test_a_wrong_correction_is_refused_beside_its_return(
    manager: Tablet, warehouse: Warehouse, order: Order, path: str, fields: dict[str, str], status: int, sentence: str
) -> None:
    warehouse.give_back(order, 2, location="R1")
    form = manager.get(path).root.one(id="booked").all("form")[0]

    answer = manager.post(form["action"], {**form.fields, **fields})

    assert answer.status == status
    assert sentence in answer.root.one(id="booked").words
    assert warehouse.item(order).returned_quantity == 3


def test_units_that_have_gone_again_cannot_be_taken_off(
    manager: Tablet, warehouse: Warehouse, order: Order, path: str
) -> None:
    warehouse.give_back(order, 2, location="R1")
    form = manager.get(path).root.one(id="booked").all("form")[0]
    warehouse.adjust(product_of(warehouse, order), -2, "R1")

    answer = manager.send(form)

    assert answer.status == 409
    assert "Only 0 units at R1 are not reserved, so 1 cannot be taken off again." in answer.words


def test_only_a_manager_corrects_and_only_returns_of_the_order(
    manager: Tablet, packer: Tablet, warehouse: Warehouse, order: Order, path: str
) -> None:
    form = manager.get(path).root.one(id="booked").one("form")
    other = warehouse.processing((product_of(warehouse, order), 1))

    assert packer.send(form).status == 403
    stranger = form["action"].replace(f"/orders/{order.id}/", f"/orders/{other.id}/")
    assert manager.post(stranger, {"quantity": "0", "seen_quantity": "1"}).status == 404
    assert packer.get(path).root.all(id="booked") == []
