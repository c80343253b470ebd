"""The page of settings: each setting by itself, refusals by the field, and two administrators at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.helpers.cast import Cast, Part
from tests.helpers.markup import Element
from tests.helpers.tablet import Tablet
from webapp.domain.settings import DEFAULTS, EFFECTS, HELP, LABELS, RULES, StoreSettings
from webapp.domain.wording import Wording
from webapp.services.people.store_settings import last_changes, read_settings


def form_on(tablet: Tablet) -> Element:
    return tablet.get("/settings").root.one("form", css="settings")


def present(db: Session, cast: Cast) -> StoreSettings:
    db.rollback()
    return read_settings(db, cast.store.id)


def test_every_setting_is_there_with_its_sentence_its_effect_and_its_value(admin: Tablet) -> None:
    page = admin.get("/settings")
    form = page.root.one("form", css="settings")

    for name in RULES:
        assert form.select(f"[name={name}]"), f"{name} has no field"
        assert all(isinstance(words[name], Wording) for words in (LABELS, HELP, EFFECTS)), f"{name} is not translated"
        assert HELP[name] in page.words
        assert EFFECTS[name] in page.words
    assert page.words.count("This is the default.") == len(RULES)


def test_a_change_is_saved_with_who_made_it_and_the_default_stays_in_sight(
    admin: Tablet, db: Session, cast: Cast
) -> None:
    answer = admin.send(form_on(admin), htmx=False, undo_minutes=" 30 ")

    words = admin.get("/settings").words
    assert (answer.status, answer.location) == (303, "/settings")
    assert "1 setting is saved." in words
    assert "Default: 15 Set by ada, just now" in words
    assert present(db, cast).undo_minutes == 30
    assert set(last_changes(db, cast.store.id)) == {"undo_minutes"}


def test_a_list_has_a_line_for_each_text(admin: Tablet, db: Session, cast: Cast) -> None:
    admin.send(form_on(admin), htmx=False, count_reasons="Spring count\r\n\r\n Audit; Other\r\n")

    assert present(db, cast).count_reasons == ("Spring count", "Audit")


def test_usual_reasons_stay_in_all_languages_when_somebody_adds_one_in_theirs(
    admin: Tablet, db: Session, cast: Cast
) -> None:
    admin.post("/language", {"language": "de"})
    form = form_on(admin)
    lines = form.one("textarea", id="take_reasons").words

    admin.send(form, htmx=False, take_reasons="Beschädigt\nGestohlen")

    assert "Beschädigt" in lines
    assert present(db, cast).take_reasons == ("Damaged", "Gestohlen")
    assert present(db, cast).cancel_reasons == DEFAULTS.cancel_reasons
    assert set(last_changes(db, cast.store.id)) == {"take_reasons"}


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("undo_minutes", "soon", "“soon” is not a whole number from 0 to 10080."),
        ("undo_minutes", "10081", "“10081” is not a whole number from 0 to 10080."),
        ("low_stock", "9" * 400, "“9999999999999999999999999999999999999999” is not a whole number from 0 to"),
        ("start_imported_orders", "perhaps", "“perhaps” is neither yes nor no."),
        ("cancel_reasons", "x" * 61, "Each text has at most 60 characters."),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_its_field_and_nothing_is_lost(
    admin: Tablet, db: Session, cast: Cast, name: str, typed: str, sentence: str
) -> None:
    answer = admin.send(form_on(admin), htmx=False, **{"ship_within_hours": "24", name: typed})

    assert answer.status == 422
    assert sentence in answer.root.one(id=f"{name}-error").words
    assert answer.root.one("form", css="settings").fields["ship_within_hours"] == "24"
    assert present(db, cast) == DEFAULTS


def test_who_saves_later_sees_what_the_other_has_set_and_decides(
    tablet_of: Callable[[Part], Tablet], db: Session, cast: Cast
) -> None:
    first, second = tablet_of("admin"), tablet_of("admin")
    open_form = form_on(second)
    first.send(form_on(first), htmx=False, low_stock="9")

    refused = second.send(open_form, htmx=False, low_stock="7", undo_minutes="1")

    assert refused.status == 409
    assert refused.root.one(id="low_stock-error").words.startswith("ada has set this to “9” meanwhile.")
    assert (present(db, cast).low_stock, present(db, cast).undo_minutes) == (9, 15)
    again = refused.root.one("form", css="settings")
    assert (again.fields["low_stock"], again.fields["undo_minutes"]) == ("7", "1")
    assert second.send(again, htmx=False).status == 303
    assert (present(db, cast).low_stock, present(db, cast).undo_minutes) == (7, 1)


def test_what_nobody_touched_is_left_to_the_other(tablet_of: Callable[[Part], Tablet], db: Session, cast: Cast) -> None:
    first, second = tablet_of("admin"), tablet_of("admin")
    open_form = form_on(second)
    first.send(form_on(first), htmx=False, low_stock="9")

    assert second.send(open_form, htmx=False, undo_minutes="1").status == 303
    assert (present(db, cast).low_stock, present(db, cast).undo_minutes) == (9, 1)


def test_a_form_sent_twice_or_without_a_change_writes_nothing_again(admin: Tablet, db: Session, cast: Cast) -> None:
    form = form_on(admin)
    admin.send(form, htmx=False, low_stock="9")
    at = last_changes(db, cast.store.id)["low_stock"].changed_at

    assert admin.send(form, htmx=False, low_stock="9").status == 303
    assert admin.send(form_on(admin), htmx=False).status == 303
    assert "Nothing was different" in admin.get("/settings").words
    assert last_changes(db, cast.store.id)["low_stock"].changed_at == at


def test_a_form_from_before_a_setting_was_there_leaves_it_alone(admin: Tablet, db: Session, cast: Cast) -> None:
    assert admin.post("/settings", {"low_stock": "9", "seen_low_stock": "5"}, htmx=False).status == 303
    assert present(db, cast).low_stock == 9
    assert admin.post("/settings", {"low_stock": "8"}, htmx=False).status == 409


def test_the_other_store_keeps_its_own(admin: Tablet, db: Session, cast: Cast) -> None:
    admin.send(form_on(admin), htmx=False, low_stock="9", store_id=cast.other_store.id)

    assert read_settings(db, cast.other_store.id) == DEFAULTS
