"""The list on an import's page: each order, or row of stock, with what becomes of it."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.helpers.markup import Element, parse
from tests.helpers.warehouse import Warehouse
from tests.services.imports.importing import native, stock
from tests.web.imports.conftest import Desk
from webapp.models import Order
from webapp.services import erasure_service, order_service


def listed(desk: Desk, address: str, query: str = "") -> Element:
    return parse(desk.tablet.get(address + query).response.text).one("section", id="entries")


def rows(section: Element) -> list[str]:
    return [row.words for row in section.one("tbody").all("tr")]


def filters(section: Element) -> list[str]:
    return [link.words for link in section.one("ul", css="filters").all("a")]


@pytest.mark.both_engines
def test_the_check_says_of_each_order_what_would_happen(desk: Desk, db: Session, warehouse: Warehouse) -> None:
    known: list[dict[str, object]] = [
        {"order_number": "1", "customer_name": "Ada"},
        {"order_number": "2", "quantity": 2},
    ]
    desk.press(desk.sent("Monday.csv", native(*known)), "run")

    tuesday = native(
        known[0],
        {"order_number": "2", "quantity": 3, "channel": ""},
        {"order_number": "3", "customer_name": "Bea", "channel": "eBay", "quantity": 4},
        {"order_number": "4", "quantity": "4.5"},
    )
    address = desk.sent("Tuesday.csv", tuesday)
    section = listed(desk, address)

    assert filters(section) == ["All 4", "Refused 1", "New 1", "Changed 1", "Unchanged 1"]
    assert rows(section)[0].startswith("1 Ada 1 Unchanged")
    assert rows(section)[1].startswith("2 3 Changed more units")
    assert rows(section)[2].startswith("3 eBay Bea 4 New")
    assert "Refused" in rows(section)[3]
    assert "4.5" in rows(section)[3]

    assert [row.split()[0] for row in rows(listed(desk, address, "?show=changed"))] == ["2"]
    found = listed(desk, address, "?search=bea")
    assert [row.split()[0] for row in rows(found)] == ["3"]
    assert filters(found) == ["All 1", "New 1"]
    assert "Nothing here matches" in listed(desk, address, "?show=changed&search=bea").words


def test_the_list_is_taken_away_with_its_filter_and_does_no_harm_in_a_spreadsheet(desk: Desk) -> None:
    address = desk.sent("o.csv", native({"order_number": "=1+1", "customer_name": "Ada"}, {"quantity": "none"}))

    taken = desk.tablet.client.get(f"{address}/entries.csv?show=new")

    lines = list(csv.DictReader(io.StringIO(taken.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [(line["order_number"], line["outcome"]) for line in lines] == [("'=1+1", "new")]
    assert desk.tablet.client.get(f"{address}/entries.xlsx").status_code == 200


def test_the_check_says_of_each_row_of_stock_what_would_happen(desk: Desk, warehouse: Warehouse) -> None:
    monday: list[dict[str, object]] = [{"sku": "S-1", "quantity": 5}]
    desk.press(desk.sent("Monday.csv", stock(*monday)), "run")

    tuesday = stock(*monday, {"sku": "S-1", "quantity": 2}, {"sku": "S-2"}, {"sku": "S-3", "quantity": "x"})
    section = listed(desk, desk.sent("Tuesday.csv", tuesday))

    assert filters(section) == ["All 4", "Refused 1", "New product 1", "Units added 1", "Repeated 1"]
    assert [row.split()[0] for row in rows(section)] == ["S-1", "S-1", "S-2", "S-3"]


def test_the_list_has_pages_and_the_last_import_says_what_was_done(desk: Desk) -> None:
    address = desk.sent("o.csv", native(*({"order_number": f"N-{number:02}"} for number in range(60))))
    assert len(rows(listed(desk, address))) == 25
    assert [row.split()[0] for row in rows(listed(desk, address, "?page=3"))] == [f"N-{n}" for n in range(50, 60)]

    desk.press(address, "run")

    assert filters(listed(desk, address)) == ["All 60", "New 60"]


def test_an_erased_customer_is_not_shown_by_the_shops_next_file(desk: Desk, db: Session) -> None:
    orders = [{"order_number": "1", "customer_name": "Ada"}, {"order_number": "2", "customer_name": "Bea"}]
    address = desk.sent("Monday.csv", native(*orders))
    desk.press(address, "run")
    for order in list(db.scalars(select(Order))):
        order_service.cancel_order(db, order.store_id, order.id, "No stock", "max")
        erasure_service.erase_person(db, order.store_id, order.id, "max")
    db.commit()

    more = {**orders[1], "quantity": 3}
    section = listed(desk, desk.sent("Tuesday.csv", native(orders[0], more)))

    assert len(rows(section)) == 2
    assert "Ada" not in section.words
    assert "Bea" not in section.words


def test_reasons_are_in_the_readers_language_and_the_report_stays_english(desk: Desk) -> None:
    german = {"Accept-Language": "de"}
    address = desk.sent("o.csv", native({"quantity": "2.5"}, {"order_number": "2", "ordered_at": ""}))

    page = parse(desk.tablet.client.get(address, headers=german).text).words
    assert "die Menge hat einen Punkt oder ein Komma" in page
    assert "das Bestelldatum fehlt" in page
    assert "the quantity has a point" in desk.tablet.client.get(f"{address}/report.csv", buffered=True).text

    file = b'order_number,ordered_at,sku,quantity\r\n1,2026-01-05,"A"x,1\r\n'
    damaged = {"file": [(io.BytesIO(file), "damaged.csv")]}
    refused = desk.tablet.client.post("/imports", data=damaged, headers=german)
    assert "nach einem schließenden Anführungszeichen folgt Text" in parse(refused.text).words


def test_an_import_names_only_lines_of_its_own_file(desk: Desk, warehouse: Warehouse) -> None:
    warehouse.product("Mug", "MUG", A1=5)
    for number, sku, said in (("1", "UNKNOWN", True), ("2", "MUG", False)):
        address = desk.sent(f"{number}.csv", native({"order_number": number, "sku": sku}))

        assert ("matches no product of the store" in desk.press(address, "run")) is said


def test_a_finished_import_has_one_next_thing_to_do_and_folds_what_its_list_says(
    desk: Desk, warehouse: Warehouse
) -> None:
    address = desk.sent("o.csv", native({"order_number": "1"}, {"order_number": "2", "quantity": "none"}))
    desk.press(address, "run")

    panel = desk.panel(address)

    assert len(panel.all("", css="button--primary")) == 1
    assert not panel.all("section", aria_labelledby="reasons")
    assert "1 row" in panel.one("details", css="imports__file-reading").words
