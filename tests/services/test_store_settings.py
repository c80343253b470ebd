"""A store's settings are its own, are stored once, and apply to everyone who works in it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.helpers.cast import Cast
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import InvalidInput
from webapp.domain.settings import DEFAULTS
from webapp.models import StoreSetting
from webapp.services.people.store_settings import change_setting, read_settings


def set_to(db: Session, store_id: int, name: str, text: str, actor: str = "max") -> None:
    unit_of_work(db, lambda session: change_setting(session, store_id, name, text, actor))


def test_a_setting_is_of_one_store_alone(db: Session, cast: Cast) -> None:
    set_to(db, cast.store.id, "undo_minutes", "60")

    assert read_settings(db, cast.store.id).undo_minutes == 60
    assert read_settings(db, cast.other_store.id) == DEFAULTS


def test_setting_it_again_replaces_the_value_and_says_who(db: Session, cast: Cast) -> None:
    set_to(db, cast.store.id, "cancel_reasons", "Lost; Stolen", "max")
    set_to(db, cast.store.id, "cancel_reasons", "Stolen", "ada")

    row = db.scalars(select(StoreSetting)).one()
    assert (row.value, row.changed_by) == (["Stolen"], "ada")
    assert read_settings(db, cast.store.id).cancel_reasons == ("Stolen",)


def test_a_refused_value_leaves_what_was_there(db: Session, cast: Cast) -> None:
    set_to(db, cast.store.id, "low_stock", "9")

    with pytest.raises(InvalidInput):
        set_to(db, cast.store.id, "low_stock", "many")

    assert read_settings(db, cast.store.id).low_stock == 9


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("value", ["many", "", "1e400", "[1"])
def test_what_is_no_json_counts_as_not_set_and_can_be_set_again(db: Session, cast: Cast, value: str) -> None:
    set_to(db, cast.store.id, "undo_minutes", "60")
    set_to(db, cast.store.id, "low_stock", "9")
    db.execute(text("UPDATE store_settings SET value = :value WHERE name = 'low_stock'"), {"value": value})
    db.commit()

    settings = read_settings(db, cast.store.id)
    assert (settings.low_stock, settings.undo_minutes) == (DEFAULTS.low_stock, 60)

    db.expire_all()
    set_to(db, cast.store.id, "low_stock", "7")
    assert read_settings(db, cast.store.id).low_stock == 7


def test_two_who_set_the_same_leave_one_row(db: Session, cast: Cast, new_session: Callable[[], Session]) -> None:
    together, store_id = Barrier(2), cast.store.id
    sessions = [new_session(), new_session()]

    def work(session: Session, text: str) -> None:
        together.wait(10)
        set_to(session, store_id, "low_stock", text)

    threads = [Thread(target=work, args=(one, text)) for one, text in zip(sessions, ("7", "8"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert db.scalars(select(StoreSetting.value)).one() in (7, 8)
