"""Numbers typed for a place."""

from __future__ import annotations

import pytest

from webapp.domain.errors import InvalidQuantity
from webapp.domain.stock_numbers import ADD, TAKE, parse_change, parse_count


@pytest.mark.parametrize(("typed", "units"), [("0", 0), ("1", 1), (" 7 ", 7), ("2147483647", 2147483647)])
def test_a_count_is_nothing_or_a_number_of_units(typed: str, units: int) -> None:
    assert parse_count(typed) == units


@pytest.mark.parametrize(
    "typed", ["", "  ", "-1", "-0", "+1", "00", "01", "1.0", "1e3", "1_0", "٣", "１", "x", "2147483648"]
)
def test_what_is_no_count_is_refused(typed: str) -> None:
    with pytest.raises(InvalidQuantity) as refusal:
        parse_count(typed)

    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize(
    ("typed", "direction", "units"),
    [
        ("3", "", 3),
        ("+3", "", 3),
        ("-3", "", -3),
        ("3", ADD, 3),
        ("3", TAKE, -3),
        (" 3 ", TAKE, -3),
        ("-2147483647", "", -2147483647),
    ],
)
def test_a_change_has_a_direction(typed: str, direction: str, units: int) -> None:
    assert parse_change(typed, direction) == units


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0",
        "+0",
        "-0",
        "000",
        "-",
        "+",
        "--3",
        "+-3",
        "3-",
        "- 3",
        "3.5",
        "-1e3",
        "−3",
        "٣",
        "-１",
        "1_0",
        "2147483648",
    ],
)
def test_what_is_no_change_is_refused(typed: str) -> None:
    with pytest.raises(InvalidQuantity):
        parse_change(typed)


@pytest.mark.parametrize(("typed", "direction"), [("-3", ADD), ("-3", TAKE), ("+3", TAKE), ("3", "sideways")])
def test_a_direction_takes_a_plain_number_and_is_one_of_two(typed: str, direction: str) -> None:
    with pytest.raises(InvalidQuantity):
        parse_change(typed, direction)
