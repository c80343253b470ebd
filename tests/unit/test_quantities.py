"""What counts as a quantity, from Python and from a form field: less, equal and more than each limit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from webapp.domain.errors import InvalidQuantity
from webapp.domain.quantities import MAX_QUANTITY, check_count, check_quantity, parse_id, parse_quantity


@pytest.mark.parametrize("quantity", [1, 2, MAX_QUANTITY - 1, MAX_QUANTITY])
def test_a_quantity_is_a_whole_number_from_1_to_the_most(quantity: int) -> None:
    assert check_quantity(quantity) == quantity
    assert parse_quantity(str(quantity)) == quantity


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        (0, "Quantity is 0. Enter 1 or more; 0 ships nothing."),
        (-1, "Quantity is below 0. Enter 1 or more."),
        (-(2**63), "Quantity is below 0. Enter 1 or more."),
        (2**31, "Quantity is too large. The most is 2147483647."),
        (2**63, "Quantity is too large. The most is 2147483647."),
        (1.5, "Quantity must be a whole number, without a decimal point."),
        (1.0, "Quantity must be a whole number, without a decimal point."),
        (float("nan"), "Quantity must be a whole number, without a decimal point."),
        ("3", "Quantity must be a number, not text."),
        ("٣", "Quantity must be a number, not text."),
        (True, "Quantity is true or false. It must be a whole number."),
        (False, "Quantity is true or false. It must be a whole number."),
        (None, "Quantity is empty. Leave it out altogether to mean all that remains."),
        (Decimal(3), "Quantity must be a whole number."),
        (Fraction(3, 1), "Quantity must be a whole number."),
        ([3], "Quantity must be a whole number."),
    ],
)
def test_anything_else_is_refused_with_its_own_sentence(quantity: object, sentence: str) -> None:
    with pytest.raises(InvalidQuantity) as refusal:
        check_quantity(quantity)

    assert refusal.value.message == sentence
    assert refusal.value.status == 422


@pytest.mark.parametrize("count", [0, 1, MAX_QUANTITY])
def test_a_count_may_be_0(count: int) -> None:
    assert check_count(count) == count


@pytest.mark.parametrize("count", [-1, MAX_QUANTITY + 1, 0.0, -0.0, Decimal(0), False, None, "", "0"])
def test_what_only_resembles_0_is_no_count(count: object) -> None:
    with pytest.raises(InvalidQuantity):
        check_count(count)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (None, "Enter a quantity."),
        ("", "Enter a quantity."),
        (" \t ", "Enter a quantity."),
        ("0", "Quantity is 0. Enter 1 or more; 0 ships nothing."),
        ("000", "Quantity is 0. Enter 1 or more; 0 ships nothing."),
        ("-3", "Quantity is below 0. Enter 1 or more."),
        ("-3.5", "Quantity is below 0. Enter 1 or more."),
        ("1.5", "Quantity must be a whole number, without a decimal point."),
        ("1,0", "Quantity must be a whole number, without a decimal point."),
        (".5", "Quantity must be a whole number, without a decimal point."),
        ("007", "Write the quantity without a leading zero."),
        ("2147483648", "Quantity is too large. The most is 2147483647."),
        ("9223372036854775808", "Quantity is too large. The most is 2147483647."),
        ("14006381333931", "Quantity is too large. The most is 2147483647."),
        *[
            (typed, "Quantity must be a whole number, written with the digits 0 to 9.")
            for typed in (
                "three",
                "٣",
                "１２",
                "²",
                "1_0",
                "1e3",
                "+3",
                "0x3",
                "3 4",
                "3\u00a0",
                "3\n4",
                "\u200b3",
                "3;",
            )
        ],
    ],
)
def test_what_is_typed_and_no_quantity_is_refused_with_its_own_sentence(typed: str | None, sentence: str) -> None:
    with pytest.raises(InvalidQuantity) as refusal:
        parse_quantity(typed)

    assert refusal.value.message == sentence


def test_blanks_around_what_is_typed_do_no_harm() -> None:
    assert parse_quantity(" 12\r\n") == 12


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("9999999999", 9_999_999_999), ("10", 10)])
def test_an_id_in_a_path_has_ten_ascii_digits_at_most(text: str, number: int) -> None:
    assert parse_id(text) == number


@pytest.mark.parametrize(
    "text", ["", "0", "01", "-1", "+1", " 1", "1 ", "1\n", "٣", "１２", "1_0", "1e3", "10000000000"]
)
def test_what_is_no_id_is_none(text: str) -> None:
    assert parse_id(text) is None
