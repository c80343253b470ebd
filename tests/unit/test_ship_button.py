"""The ship button's label: it shows only a plausible number."""

from __future__ import annotations

import pytest
from flask import Flask

from webapp.presenters.picking.ship_button import ShipButton, add_and_ship_button, ship_button


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("3", "Ship 3"),
        (" 12 ", "Ship 12"),
        ("999999", "Ship 999999"),
        ("1000000", "Ship"),
        ("0", "Ship"),
        ("03", "Ship"),
        ("-1", "Ship"),
        ("1.5", "Ship"),
        ("٣", "Ship"),
        ("", "Ship"),
    ],
)
def test_the_button_says_a_number_that_may_be_meant(app: Flask, typed: str, words: str) -> None:
    with app.test_request_context():
        assert ship_button(typed) == ShipButton(words, "Ship {n}", "Ship")


def test_units_found_on_the_shelf_are_counted_and_ship(app: Flask) -> None:
    with app.test_request_context():
        assert add_and_ship_button("2").words == "Add and ship 2"
        assert add_and_ship_button("two").words == "Add and ship"
