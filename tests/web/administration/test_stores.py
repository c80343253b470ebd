"""Stores on their page: another name or time zone, and another store."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.helpers.cast import Cast
from tests.helpers.tablet import Tablet
from webapp.domain.roles import Role
from webapp.models import Membership, Store

NEW: dict[str, object] = {"store_name": "Second shop", "code": "second", "time_zone": "Europe/Paris"}


def stores(db: Session) -> list[str]:
    db.rollback()
    return list(db.scalars(select(Store.code).order_by(Store.code)))


def test_the_store_gets_another_name_and_zone_and_no_other_does(admin: Tablet, db: Session, cast: Cast) -> None:
    fields = {"store_name": " Tea & Tide ", "time_zone": "Europe/Luxembourg", "store_id": cast.other_store.id}

    assert admin.post("/stores/present", fields, htmx=False).location == "/stores"

    assert "Tea & Tide" in admin.get("/stock").words
    db.expire_all()
    assert (cast.store.name, cast.store.time_zone, cast.store.code) == ("Tea & Tide", "Europe/Luxembourg", "MAIN")
    assert cast.other_store.name == "The shop OTHER"


def test_who_makes_a_store_is_its_administrator_and_can_go_there(admin: Tablet, db: Session, cast: Cast) -> None:
    answer = admin.post("/stores", {**NEW, "role": "manager"}, htmx=False)

    new = db.scalars(select(Store).where(Store.code == "second")).one()
    assert answer.location == "/stores"
    assert (new.name, new.time_zone) == ("Second shop", "Europe/Paris")
    assert db.scalars(select(Membership.role).where(Membership.store_id == new.id)).all() == [Role.ADMIN]
    assert "Change store" in admin.get("/stores").words
    assert admin.post("/store", {"store_id": new.id}, htmx=False).location == "/exceptions"
    people = admin.get("/people").root.one("table").all("th")
    assert [one.words for one in people if one.all("a")] == ["ada"]


def test_a_form_sent_twice_makes_one_store(admin: Tablet, db: Session) -> None:
    for _ in range(2):
        assert admin.post("/stores", {**NEW, "idempotency_key": "tap"}, htmx=False).status == 303

    assert stores(db) == ["MAIN", "OTHER", "second"]


@pytest.mark.parametrize("name", ["The shop OTHER", "Mine now"])
def test_nobody_gets_into_a_store_by_its_code(admin: Tablet, db: Session, cast: Cast, name: str) -> None:
    answer = admin.post("/stores", {**NEW, "code": "OTHER", "store_name": name}, htmx=False)

    assert answer.status == 409
    assert "The code OTHER belongs to another store." in answer.words
    of_other = db.scalars(select(Membership).where(Membership.store_id == cast.other_store.id)).all()
    assert [one.role for one in of_other] == [Role.MANAGER]


@pytest.mark.parametrize(
    ("path", "field", "value", "place"),
    [
        ("/stores", "store_name", "", "new_store_name"),
        ("/stores", "store_name", "x" * 201, "new_store_name"),
        ("/stores", "code", "no blanks", "code"),
        ("/stores", "time_zone", "Mars/Olympus", "new_time_zone"),
        ("/stores/present", "store_name", " ", "store_name"),
        ("/stores/present", "time_zone", "", "time_zone"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    admin: Tablet, db: Session, path: str, field: str, value: str, place: str
) -> None:
    answer = admin.post(path, {**NEW, field: value}, htmx=False)

    assert answer.status == 422
    assert answer.root.one(id=f"{place}-error").words
    assert stores(db) == ["MAIN", "OTHER"]
