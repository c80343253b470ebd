"""One rule for codes: GTINs in 14 digits, SKUs with their zeros, and what a file makes of both."""

from __future__ import annotations

import pytest

from webapp.domain.codes import (
    code_key,
    fold_code,
    gtin14,
    is_rounded,
    is_same_code,
    read_gtin_cell,
    shown_gtin,
    without_formula,
)


@pytest.mark.parametrize(
    ("text", "digits", "shown"),
    [
        ("96385074", "00000096385074", "96385074"),
        ("043210000101", "00043210000101", "043210000101"),
        ("0043210000101", "00043210000101", "043210000101"),
        ("00043210000101", "00043210000101", "043210000101"),
        ("4006381333931", "04006381333931", "4006381333931"),
        ("04006381333931", "04006381333931", "4006381333931"),
        ("14006381333938", "14006381333938", "14006381333938"),
        ("0000096385074", "00000096385074", "96385074"),
    ],
)
def test_a_gtin_is_kept_in_14_digits_and_shown_as_the_goods_show_it(text: str, digits: str, shown: str) -> None:
    assert gtin14(text) == digits
    assert shown_gtin(text) == shown_gtin(digits) == shown
    assert gtin14(shown) == digits


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "00000000", "000000000000", "0000000000000", "00000000000000"),
        *("4006381333932", "14006381333931", "96385075"),  # Wrong check digits.
        *("400638133393", "40063813339", "004006381333931", "9638507", "963850740"),  # Wrong lengths.
        *(
            "٤٠٠٦٣٨١٣٣٣٩٣١",
            "４００６３８１３３３９３１",
            "²0000000",
            "400638133393X",
            "-4006381333931",
            " 4006381333931",
        ),
    ],
)
def test_anything_else_is_no_gtin(text: str) -> None:
    assert gtin14(text) is None
    assert shown_gtin(text) == text


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("2000000000015", "2000000000015"),
        ("02000000000015", "2000000000015"),
        ("2000000000015.0", "2000000000015"),
        ("2000000000015,00", "2000000000015"),
        ("2 000000 000015", "2000000000015"),
        ("2\u00a0000000\u00a0000015", "2000000000015"),
        ("978-3-16-148410-0", "9783161484100"),
        ("'2000000000015", "2000000000015"),
        ('="2000000000015"', "2000000000015"),
        ("]E02000000000015", "2000000000015"),
        ("43210000101", "043210000101"),
        ("0043210000101", "043210000101"),
    ],
)
def test_what_surrounds_the_digits_in_a_file_does_not_count(text: str, gtin: str) -> None:
    assert read_gtin_cell(text).gtin == gtin
    assert not read_gtin_cell(text).fault


@pytest.mark.parametrize("text", ["5,01E+12", "5.01E+12", "5E+12", "5.01e12", "2.00000000001E+12", '="5,01E+12"'])
def test_a_number_that_a_spreadsheet_rounded_cannot_be_trusted(text: str) -> None:
    cell = read_gtin_cell(text)

    assert (cell.gtin, cell.is_rounded) == ("", True)
    assert "make the column text" in cell.fault


@pytest.mark.parametrize(
    ("text", "fault", "is_number"),
    [
        ("", "", False),
        ("0000000000000", "a GTIN is not all zeros", False),
        ("2000000000016", "the GTIN's check digit is wrong", True),
        ("12345", "a GTIN has 8, 12, 13 or 14 digits", True),
        ("2000000000015.5", "a GTIN has digits only", False),
        ("Does not apply", "a GTIN has digits only", False),
        ("B00EXAMPLE", "a GTIN has digits only", False),
        ("2000000000015 2000000000022", "a GTIN has 8, 12, 13 or 14 digits", True),
    ],
)
def test_other_texts_in_a_gtin_column_are_none_and_say_why(text: str, fault: str, is_number: bool) -> None:
    cell = read_gtin_cell(text)

    assert (cell.gtin, cell.fault, cell.is_number) == ("", fault, is_number)
    assert not cell.is_rounded


@pytest.mark.parametrize(
    "spelling",
    ["MUG-BLUE", "mug-blue", "MUG\u2011BLUE", "MUG\u2010blue", "Mug\u2212Blue", "MUG-BLUE\u00a0", " MUG-BLUE"],
)
def test_another_spelling_of_a_sku_is_the_same_code(spelling: str) -> None:
    assert fold_code(spelling) == "mug-blue"
    assert is_same_code(spelling, "MUG-BLUE")


def test_composed_and_decomposed_letters_are_the_same_and_accents_are_not() -> None:
    assert fold_code("CAF\u00c9") == fold_code("CAFE\u0301") == fold_code("caf\u00e9")
    assert fold_code("CAF\u00c9") != fold_code("CAFE")
    assert fold_code("STRASSE") == fold_code("Stra\u00dfe")


def test_the_zeros_of_a_sku_count_and_those_of_a_gtin_do_not() -> None:
    assert not is_same_code("10", "0010")
    assert not is_same_code("0010", "10")
    assert is_same_code("0043210000101", "043210000101")
    assert not is_same_code("0043210000102", "043210000102")  # The check digit is wrong, so it is no GTIN.


def test_blanks_inside_tell_codes_apart_but_share_a_key() -> None:
    assert not is_same_code("BIG CUP", "BIGCUP")
    assert is_same_code("BIG  CUP", "big\u00a0cup")
    assert code_key("BIG CUP") == code_key("BigCup")


def test_a_formula_that_protects_zeros_is_its_text() -> None:
    assert without_formula('="0012"') == "0012"
    assert without_formula("=0012") == "=0012"


@pytest.mark.parametrize(("sku", "rounded"), [("5,01E+12", True), ("1E+05", True), ("1E5", False), ("12E10", False)])
def test_a_rounded_sku_is_told_from_a_code_with_an_e(sku: str, rounded: bool) -> None:
    assert is_rounded(sku) is rounded
