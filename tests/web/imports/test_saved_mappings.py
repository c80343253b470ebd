"""Saved mappings on their page: listed, renamed, removed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.helpers.cast import Part
from tests.helpers.markup import Element
from tests.web.imports.conftest import Desk
from tests.web.imports.test_columns import FILE, save
from webapp.models import ImportJobRow, ImportMapping, Order
from webapp.services.imports.order_import import CHUNK_ORDERS

PAGE = "/imports/mappings"


def card(desk: Desk, name: str) -> Element:
    cards = desk.tablet.get(PAGE).root.all("section", css="imports__mapping")
    [found] = [one for one in cards if one.one("h2").words == name]
    return found


def names(db: Session) -> list[str]:
    db.rollback()
    return sorted(db.scalars(select(ImportMapping.name)))


def count(db: Session) -> int:
    db.rollback()
    return db.scalar(select(func.count()).select_from(Order)) or 0


def send(desk: Desk, form: Element, **changed: str) -> int:
    return desk.tablet.post(form["action"], {**form.fields, **changed}, htmx=False).status


def test_a_mapping_is_listed_with_its_columns_renamed_and_removed(desk: Desk, db: Session) -> None:
    assert "No mapping is saved" in desk.tablet.get(PAGE).words
    assert desk.tablet.get(PAGE).root.one("a", href="/imports", aria_current="page").words == "Import"
    save(desk, desk.sent("etsy.csv", FILE))
    own = card(desk, "Etsy export")
    assert "Order Receipt Ordered When Product Thing Units Pieces" in own.words
    assert "= etsy" in own.words

    rename, _ = own.all("form")
    assert send(desk, rename, name=" Our  Etsy ") == 303
    assert names(db) == ["Our Etsy"]
    address = desk.sent("etsy2.csv", FILE.replace("7001", "8001"))
    assert "Read as “Our Etsy”" in desk.tablet.get(address).words

    assert send(desk, rename, name="Mine", idempotency_key="another") == 409
    assert names(db) == ["Our Etsy"]
    _, remove = card(desk, "Our Etsy").all("form")
    assert send(desk, remove) == 303
    assert names(db) == []
    assert (
        "Somebody else has removed this mapping meanwhile."
        in desk.tablet.post(remove["action"], {**remove.fields, "idempotency_key": "another"}, htmx=False).words
    )
    assert "Ready to import" in desk.words(address)


def test_a_name_that_is_taken_or_blank_is_refused_and_what_was_typed_stays(desk: Desk, db: Session) -> None:
    of_names = {name: desk.sent(f"{name}.csv", FILE) for name in ("First", "Second")}
    for name, columns in of_names.items():
        save(desk, columns, name=name)
    rename, _ = card(desk, "Second").all("form")

    answer = desk.tablet.post(rename["action"], {**rename.fields, "name": "First"}, htmx=False)
    assert answer.status == 409
    assert "Another mapping is called “First”. Choose another name." in answer.words
    assert answer.root.one("input", id=f"name-{rename['action'].split('/')[3]}")["value"] == "First"
    assert send(desk, rename, name=" ", idempotency_key="blank") == 422
    assert names(db) == ["First", "Second"]


def test_one_that_no_longer_makes_sense_is_shown_with_the_reason_and_can_be_removed(desk: Desk, db: Session) -> None:
    for name, columns in {name: desk.sent(f"{name}.csv", FILE) for name in ("Good", "Spoiled")}.items():
        save(desk, columns, name=name)
    waiting = desk.sent("waiting.csv", FILE.replace("7001", "8001"))
    db.execute(update(ImportMapping).where(ImportMapping.name == "Spoiled").values(mapping={"kind": "nothing"}))
    db.execute(update(ImportJobRow).values(mapping={"kind": "nothing"}))
    db.commit()

    address = desk.sent("etsy.csv", FILE.replace("7001", "9001"))
    assert "Read as “Good”" in desk.tablet.get(address).words
    for path in (waiting, f"{waiting}/columns"):
        assert desk.tablet.get(path).status == 200
    assert "This is not a mapping of columns." in desk.tablet.get(waiting).words
    assert desk.tablet.post(f"{waiting}/reading", {"format": "mapping"}, htmx=False).status == 303
    assert "This is not a mapping of columns." in card(desk, "Spoiled").words
    rename, remove = card(desk, "Spoiled").all("form")
    assert send(desk, rename, name="Old one") == 303
    assert send(desk, rename, name="Old one", idempotency_key="again") == 303
    _, remove = card(desk, "Old one").all("form")
    assert [send(desk, remove), send(desk, remove)] == [303, 303]
    assert names(db) == ["Good"]


def test_another_stores_mapping_cannot_be_reached(desk: Desk, desk_of: Callable[[Part], Desk], db: Session) -> None:
    save(desk, desk.sent("etsy.csv", FILE))
    stranger = desk_of("outsider")
    rename, remove = card(desk, "Etsy export").all("form")

    assert "Etsy export" not in stranger.tablet.get(PAGE).words
    for form in (rename, remove):
        assert send(stranger, form, name="Theirs") == 404
    assert names(db) == ["Etsy export"]


def test_an_import_by_a_mapping_goes_on_by_it_whatever_became_of_the_mapping(
    desk: Desk, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{number};03/04/2026;Mug;1\n" for number in range(7000, 7150))
    columns = desk.sent("etsy.csv", f"Receipt;When;Thing;Pieces\n{rows}")
    address = save(desk, columns)
    monkeypatch.setattr("webapp.cli.import_jobs._SECONDS_BETWEEN_NOTES", 0)
    with monkeypatch.context() as stopping:
        stopping.setattr("webapp.services.imports.jobs.note_progress", lambda *place: place[3] != "orders done")
        desk.press(address, "run")
    assert count(db) == CHUNK_ORDERS
    _, remove = card(desk, "Etsy export").all("form")
    assert send(desk, remove) == 303

    assert "The import is finished" in desk.press(address, "run")

    assert count(db) == 150
    assert {at.month for at in db.scalars(select(Order.ordered_at))} == {4}
