"""Prices as files write them: right, or refused in words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from webapp.domain.money import LIMIT, price_text
from webapp.services.imports.price_cells import (
    NO_CURRENCY,
    NO_PRICE,
    TOO_HIGH,
    TWO_CURRENCIES,
    TWO_PRICES,
    UnreadablePrice,
    common_currency,
    read_currency,
    read_price,
)


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("12.90", "12.90"),
        ("12,9", "12.9"),
        ("0", "0"),
        ("0,005", "0.005"),
        ("0.125", "0.125"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1'234.50", "1234.50"),
        ("1’234", "1234"),
        ("1 234,50", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("12\u00a0345", "12345"),
        ("1234", "1234"),
        ("1234.567", "1234.567"),
        ("8.26446281", "8.264463"),
        ("0.30000000000000004", "0.3"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_a_price_is_read_in_either_spelling(text: str, price: str) -> None:
    assert read_price(text, "") == (Decimal(price), "")


@pytest.mark.parametrize("text", ["1.234", "1,234", "12.345", "999,999"])
def test_a_price_that_may_be_thousands_or_a_fraction_is_refused_unless_the_sign_is_known(text: str) -> None:
    with pytest.raises(UnreadablePrice) as refusal:
        read_price(text, "")
    assert refusal.value.reason == TWO_PRICES

    sign = "." if "." in text else ","
    assert read_price(text, sign).price == Decimal(text.replace(",", "."))
    with pytest.raises(UnreadablePrice, match="three digits"):
        read_price(text, "," if sign == "." else ".")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-1", NO_PRICE),
        ("+1", NO_PRICE),
        ("free", NO_PRICE),
        ("1,2,3", NO_PRICE),
        ("1.23.45", NO_PRICE),
        ("1.234.50", NO_PRICE),
        ("1,234,5", NO_PRICE),
        ("12 90", NO_PRICE),
        ("1.5E+3", NO_PRICE),
        ("12.", NO_PRICE),
        (".5", NO_PRICE),
        ("१२", NO_PRICE),
        ("€12.90 EUR", NO_PRICE),
        ("12.90 pcs", NO_PRICE),
        (f"{LIMIT}", TOO_HIGH),
        ("9" * 40, TOO_HIGH),
        ("9" * 5000, TOO_HIGH),
    ],
)
def test_what_is_no_price_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnreadablePrice) as refusal:
        read_price(text, "")

    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("€12.90", ("12.90", "EUR")),
        ("12,90 €", ("12.90", "EUR")),
        ("EUR 12,90", ("12.90", "EUR")),
        ("CHF 1'234.50", ("1234.50", "CHF")),
        ("Fr. 5", ("5", "CHF")),
        ("$5", ("5", "")),
    ],
)
def test_a_sign_beside_the_price_is_its_currency(text: str, expected: tuple[str, str]) -> None:
    assert read_price(text, "") == (Decimal(expected[0]), expected[1])


def test_a_blank_cell_has_no_price() -> None:
    assert read_price("", "") == (None, "")


def test_a_currency_is_an_iso_code_or_a_sign_of_one_country() -> None:
    assert [read_currency(text) for text in ("eur", " CHF ", "€", "$", "")] == ["EUR", "CHF", "EUR", "", ""]
    with pytest.raises(UnreadablePrice) as refusal:
        read_currency("Euro")
    assert refusal.value.reason == NO_CURRENCY


def test_prices_and_column_say_one_currency() -> None:
    assert common_currency("", ["", "EUR", "EUR"]) == "EUR"
    assert common_currency("CHF", [""]) == "CHF"
    with pytest.raises(UnreadablePrice) as refusal:
        common_currency("CHF", ["EUR"])
    assert refusal.value.reason == TWO_CURRENCIES


@pytest.mark.parametrize(
    ("price", "text"), [("12.9", "12.90"), ("5", "5.00"), ("8.265", "8.2650"), ("8.264463", "8.264463"), ("0", "0.00")]
)
def test_a_written_price_is_never_doubtful(price: str, text: str) -> None:
    assert price_text(Decimal(price)) == text
    assert read_price(text, "").price == Decimal(price)
