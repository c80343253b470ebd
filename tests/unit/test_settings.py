"""A store's settings: defaults, allowed values, and how a value is written."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from webapp.domain.errors import InvalidInput
from webapp.domain.settings import DEFAULTS, HELP, RULES, load_settings, read_setting, write_setting


def test_a_store_that_set_nothing_has_the_defaults() -> None:
    assert load_settings(None) == load_settings({}) == DEFAULTS
    assert (DEFAULTS.undo_window, DEFAULTS.low_stock, DEFAULTS.ship_within_hours) == (timedelta(minutes=15), 5, 48)


def test_what_is_set_wins_and_an_unknown_name_is_left() -> None:
    settings = load_settings({"undo_minutes": 60, "count_reasons": ["Spring count"], "of_a_newer_program": True})

    assert (settings.undo_minutes, settings.count_reasons) == (60, ("Spring count",))
    assert settings.low_stock == DEFAULTS.low_stock


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        *product(["undo_minutes"], [None, "15", 1.5, True, -1, 10**20, [], [1], {"a": 1}]),
        *product(["start_imported_orders"], [None, "yes", 1, 0, [], {"a": True}]),
        *product(["count_reasons"], [None, "Lost", 5, {}, [], [None], [""], ["x" * 61], ["a"] * 21]),
    ],
)
def test_what_a_setting_cannot_be_counts_as_not_set(name: str, stored: object) -> None:
    settings = load_settings({name: stored, "low_stock": 9})

    assert getattr(settings, name) == getattr(DEFAULTS, name)
    assert settings.low_stock == 9


@pytest.mark.parametrize("name", RULES)
def test_every_default_can_be_written_and_read_again(name: str) -> None:
    assert read_setting(name, write_setting(DEFAULTS, name)) == getattr(DEFAULTS, name)
    assert HELP[name].endswith(".")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("undo_minutes", "-1"),
        ("undo_minutes", "10081"),
        ("undo_minutes", "١٥"),
        ("undo_minutes", "1.5"),
        ("ship_within_hours", "0"),
        ("start_imported_orders", "true"),
        ("start_imported_orders", ""),
        ("cancel_reasons", ";"),
        ("cancel_reasons", "Lost; Lost"),
        ("cancel_reasons", "x" * 61),
        ("no_such_setting", "1"),
    ],
)
def test_a_value_that_a_setting_cannot_have_is_refused(name: str, text: str) -> None:
    with pytest.raises(InvalidInput):
        read_setting(name, text)


@pytest.mark.parametrize(("text", "minutes"), [("0", 0), (" 15 ", 15), ("10080", 10080)])
def test_a_number_in_its_bounds_is_read(text: str, minutes: int) -> None:
    assert read_setting("undo_minutes", text) == minutes


def test_other_is_offered_once_whatever_a_list_says() -> None:
    assert read_setting("cancel_reasons", "Fire; Other") == ("Fire",)
