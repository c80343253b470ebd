"""A manager says which column of a file is which, sees the first rows so, and saves it for the next file."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.helpers.markup import Element
from tests.helpers.tablet import Answer
from tests.web.imports.conftest import Desk
from webapp.models import ImportMapping, Order, OrderItem

FILE = "Receipt;When;Thing;Pieces;Colour\n7001;03/04/2026;Mug;2,00;red\n7002;31/04/2026;Cup;1,00;blue\n"
CHOSEN = {
    "column-0": "order number",
    "column-1": "order date",
    "column-2": "product name",
    "column-3": "quantity",
    "column-4": "",
    "same": "etsy",
    "date_order": "day first",
    "decimal_sign": ",",
    "name": "Etsy export",
}


def form_of(desk: Desk, columns: str) -> Element:
    return desk.tablet.get(columns).root.one("form", css="imports__choice")


def filled(form: Element) -> dict[str, str]:
    """What a browser sends of the form: its fields, and what is selected."""
    chosen = {
        one["name"]: next((option["value"] for option in one.all("option") if "selected" in option.attributes), "")
        for one in form.all("select")
    }
    return {**form.fields, **chosen}


def send(desk: Desk, form: Element, **changed: str) -> Answer:
    return desk.tablet.post(form["action"], {**filled(form), **changed}, htmx=False)


def save(desk: Desk, columns: str, **changed: str) -> str:
    """Choose all columns and save; return the address to which it leads."""
    answer = send(desk, form_of(desk, columns), **{**CHOSEN, **changed})
    assert answer.status == 303, answer.words
    return answer.location


@pytest.fixture
def columns(desk: Desk) -> str:
    """Where the file's columns are chosen: its import leads there."""
    return desk.sent("etsy_2026-04.csv", FILE)


def test_a_file_that_no_format_knows_leads_to_its_columns(desk: Desk, columns: str) -> None:
    page = desk.tablet.get(columns)

    assert columns.endswith("/columns")
    assert [one.words for one in page.root.all("label", css="imports__name")] == [
        "Receipt 7001 · 7002",
        "When 03/04/2026 · 31/04/2026",
        "Thing Mug · Cup",
        "Pieces 2,00 · 1,00",
        "Colour red · blue",
    ]
    form = filled(form_of(desk, columns))
    assert (form["kind"], form["column-3"], form["name"]) == ("orders", "quantity", "Etsy")
    assert "Not chosen yet: Order; Ordered; SKU, GTIN or product." in page.words
    assert desk.started == []


@pytest.mark.parametrize("htmx", [False, True])
def test_the_choice_is_applied_to_the_first_rows_and_nothing_is_saved(
    desk: Desk, columns: str, db: Session, htmx: bool
) -> None:
    fields: dict[str, object] = {**filled(form_of(desk, columns)), **CHOSEN}

    answer = desk.tablet.post(f"{columns}/preview", fields, htmx=htmx)

    assert answer.status == 200
    rows = [[cell.words for cell in row.all("td")] for row in answer.root.one("tbody").all("tr")]
    assert rows[0][:4] == ["7001", "03/04/2026", "etsy", "Mug"]
    assert "date" in rows[1][-1]
    kept = filled(answer.root.one("form", css="imports__choice"))
    assert {name: kept[name] for name in CHOSEN} == CHOSEN
    assert db.scalars(select(ImportMapping)).all() == []


@pytest.mark.both_engines
def test_a_mapping_is_saved_and_reads_this_file_and_the_next(desk: Desk, columns: str, db: Session) -> None:
    address = save(desk, columns)

    assert "1 new order" in desk.words(address)
    assert "Read as “Etsy export”" in desk.tablet.get(address).words
    desk.press(address, "run")
    next_file = desk.sent("may.csv", FILE.replace("7001", "7003"))
    assert "Read as “Etsy export”" in desk.tablet.get(next_file).words
    desk.press(next_file, "run")

    assert db.scalars(select(Order.order_number).order_by(Order.id)).all() == ["7001", "7003"]
    assert set(db.scalars(select(OrderItem.quantity))) == {2}


def test_a_later_change_of_the_mapping_does_not_change_an_import_that_was_checked(
    desk: Desk, columns: str, db: Session
) -> None:
    checked = save(desk, columns)
    another = desk.sent("again.csv", FILE)
    save(desk, f"{another}/columns", **{"column-4": "SKU"})

    desk.press(checked, "run")

    assert db.scalars(select(OrderItem.sku)).all() == [""]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "Give the mapping a name of 1 to 60 characters"),
        ({"column-0": ""}, "Not chosen yet: Order."),
        ({"column-2": "", "column-4": ""}, "Not chosen yet: SKU, GTIN or product."),
        ({"same": "x" * 201}, "A title and a constant have 1 to 200 characters."),
        ({"delimiter": ","}, "The columns have changed. Look at them, then save."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    desk: Desk, columns: str, db: Session, changed: dict[str, str], sentence: str
) -> None:
    answer = send(desk, form_of(desk, columns), **{**CHOSEN, **changed})

    assert answer.status in (409, 422)
    assert sentence in answer.words
    assert answer.root.one("form", css="imports__choice").fields["same"] == changed.get("same", "etsy")
    assert db.scalars(select(ImportMapping)).all() == []
    assert desk.started == []


def test_what_is_missing_is_said_once(desk: Desk, columns: str) -> None:
    answer = send(desk, form_of(desk, columns), **{**CHOSEN, "column-0": ""})

    assert answer.words.count("Not chosen yet: Order.") == 1


@pytest.mark.both_engines
def test_of_two_who_save_one_name_the_second_is_told_and_may_replace_it(desk: Desk, columns: str, db: Session) -> None:
    form = form_of(desk, desk.sent("another.csv", FILE))
    save(desk, columns)

    refused = send(desk, form, **{**CHOSEN, "same": "ebay"})

    assert refused.status == 409
    assert "“Etsy export” is saved already, by max." in refused.words
    kept = refused.root.one("form", css="imports__choice")
    assert (filled(kept)["same"], filled(kept)["column-2"]) == ("ebay", "product name")
    assert send(desk, kept).status == 303
    [saved] = db.scalars(select(ImportMapping))
    assert saved.mapping["constants"] == {"channel": "ebay"}


def test_saving_twice_by_a_double_tap_saves_once(desk: Desk, columns: str, db: Session) -> None:
    form = form_of(desk, columns)

    answers = [send(desk, form, **CHOSEN).status for _ in range(2)]

    assert answers == [303, 303]
    assert len(db.scalars(select(ImportMapping)).all()) == 1


def test_stock_is_read_by_a_mapping_with_a_place_for_all_rows(desk: Desk, db: Session) -> None:
    columns = desk.sent("stock.csv", "Thing,Left\nA-1,4\n")
    fields: dict[str, object] = {**filled(form_of(desk, columns)), "kind": "stock"}
    form = desk.tablet.post(f"{columns}/preview", fields, htmx=False).root.one("form", css="imports__choice")

    answer = send(desk, form, same="A-01", name="Count", **{"column-0": "SKU", "column-1": "quantity"})

    assert "4 units added" in desk.words(answer.location)
    assert "Read as “Count”" in desk.tablet.get(desk.sent("next.csv", "Thing,Left\nA-2,4\n")).words


def test_the_columns_of_a_known_format_can_be_read_otherwise(desk: Desk) -> None:
    header = "order_number,ordered_at,sku,old_sku,quantity\n"
    address = desk.sent("ours.csv", header + "1,2026-01-05,A,B,1\n")
    assert "Ready to import" in desk.words(address)

    save(desk, f"{address}/columns", **{"column-2": "", "column-3": "SKU", "column-4": "quantity", "decimal_sign": ""})

    again = desk.sent("ours-2.csv", header + "2,2026-01-05,A,B,1\n")
    assert "Read as “Etsy export”" in desk.tablet.get(again).words


def test_an_import_that_has_begun_leads_back_from_its_columns(desk: Desk, columns: str) -> None:
    address = save(desk, columns)
    desk.press(address, "run")

    assert desk.tablet.get(columns).location == address
    assert desk.tablet.post(columns, {**CHOSEN}, htmx=False).location == address
    assert "Read as “Etsy export”" in desk.tablet.get(address).words
