"""What a packer may send: quantities, seen numbers, and keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from webapp import languages
from webapp.forms.fields import OUT_OF_DATE, ActionForm
from webapp.forms.shipments import ShipItemForm, ShipOrderForm
from webapp.forms.short_picks import FoundUnitsForm, ShortPickForm

Form = TypeVar("Form", bound=ActionForm)


@pytest.fixture(autouse=True)
def any_application() -> Iterator[None]:
    """A bare application: Flask-WTF and refusals ask the current one for the language."""
    application = Flask(__name__)
    languages.init_app(application)
    with application.app_context():
        yield


def sent(form: type[Form], **fields: str) -> Form:
    return form(MultiDict(fields), meta={"csrf": False})


@pytest.mark.parametrize(("typed", "units"), [("1", 1), (" 2 ", 2), ("2147483647", 2147483647)])
def test_a_quantity_is_read(typed: str, units: int) -> None:
    form = sent(ShipItemForm, quantity=typed, seen_shipped="0")

    assert form.validate()
    assert form.quantity.units == units


@pytest.mark.parametrize(
    "typed", ["", " ", "0", "-1", "1.0", "1e3", "1_0", "٣", "１", "+1", "01", "2147483648", "nan", "1 2"]
)
def test_what_is_no_quantity_is_refused_and_kept(typed: str) -> None:
    form = sent(ShipItemForm, quantity=typed, seen_shipped="0")

    assert not form.validate()
    assert form.values() == {"quantity": typed}
    assert set(form.messages()) == {"quantity"}
    assert not form.is_out_of_date()


@pytest.mark.parametrize(("typed", "units"), [("0", 0), (" 0 ", 0), ("3", 3)])
def test_nothing_at_all_can_be_found_on_a_shelf(typed: str, units: int) -> None:
    form = sent(ShortPickForm, counted_quantity=typed, inventory_id="7", seen_quantity="3")

    assert form.validate()
    assert (form.counted_quantity.units, form.inventory_id.number, form.seen_quantity.number) == (units, 7, 3)


@pytest.mark.parametrize("typed", ["00", "-0", "0.0", ""])
def test_zero_is_written_in_one_way(typed: str) -> None:
    assert not sent(ShortPickForm, counted_quantity=typed).validate()


def test_the_key_may_be_missing() -> None:
    form = sent(ShipItemForm, quantity="1", seen_shipped="0", idempotency_key="")

    assert form.validate()
    assert form.idempotency_key.key is None
    assert sent(ShipItemForm, quantity="1", seen_shipped="0").validate()


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (ShipItemForm, {"quantity": "1"}),
        (ShipItemForm, {"quantity": "1", "seen_shipped": ""}),
        (FoundUnitsForm, {"quantity": "1", "location": "A-1"}),
        (ShipOrderForm, {}),
    ],
)
def test_what_was_seen_is_never_missing(form: type[ActionForm], fields: dict[str, str]) -> None:
    refused = sent(form, **fields)

    assert not refused.validate()
    assert refused.is_out_of_date()
    assert refused.messages() == {}


@pytest.mark.parametrize(("typed", "number"), [("0", 0), ("12", 12)])
def test_what_was_seen_is_read(typed: str, number: int) -> None:
    form = sent(ShipOrderForm, seen_version=typed)

    assert form.validate()
    assert form.seen_version.number == number


@pytest.mark.parametrize("typed", ["-1", "1.5", "x", "٣", " 1", "00", "12345678901"])
def test_what_was_seen_is_a_number_or_the_page_was_tampered_with(typed: str) -> None:
    form = sent(ShipItemForm, quantity="1", seen_shipped=typed)

    assert not form.validate()
    assert form.is_out_of_date()
    assert form.seen_shipped.errors == [OUT_OF_DATE]
    assert form.messages() == {}


@pytest.mark.parametrize(
    ("key", "valid"), [("a", True), ("x" * 200, True), ("x" * 201, False), ("a b", False), ("é", False)]
)
def test_a_key_is_short_and_printable(key: str, valid: bool) -> None:
    form = sent(ShipItemForm, quantity="1", seen_shipped="0", idempotency_key=key)

    assert form.validate() is valid
    assert form.idempotency_key.key == (key if valid else None)


def test_found_units_need_a_place_and_no_warehouse() -> None:
    refused = sent(FoundUnitsForm, quantity="1", location=" ", seen_shipped="0")

    assert sent(FoundUnitsForm, quantity="1", location=" A-1 ", seen_shipped="0").validate()
    assert not refused.validate()
    assert set(refused.messages()) == {"location"}
