"""What scanners read: plain codes, GS1 element strings, Digital Links, and what AIM puts before them."""

from __future__ import annotations

import pytest

from webapp.domain.scans import is_damaged, read_scan

GTIN = "09521234543213"


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        ("MUG-BLUE", "MUG-BLUE"),
        ("]E04006381333931", "4006381333931"),
        ("]C0MUG-BLUE", "MUG-BLUE"),
        (f"]C101{GTIN}", GTIN),
        (f"01{GTIN}", GTIN),
        (f"]d201{GTIN}10LOT7\x1d17270131", GTIN),
        (f"]d2\x1d01{GTIN}10LOT7", GTIN),
        ("17270131" + f"01{GTIN}", GTIN),
        (f"]C110LOT7\x1d01{GTIN}21SERIAL", GTIN),
        (f"(01){GTIN}(10)LOT7", GTIN),
        (f"(10)LOT7(01){GTIN}", GTIN),
        (f"]Q1https://id.gs1.org/01/{GTIN}/10/LOT7?17=270131", GTIN),
        ("HTTPS://SHOP.EXAMPLE/01/9521234543213", "9521234543213"),
        ("https://shop.example/mugs/01", "https://shop.example/mugs/01"),
        ("0109521234543214", "0109521234543214"),
        ("4006381333931", "4006381333931"),
        ("10", "10"),
        ("01", "01"),
        ("", ""),
    ],
)
def test_a_scan_means_its_gtin_or_its_text(scan: str, code: str) -> None:
    assert read_scan(scan) == code


@pytest.mark.parametrize(
    ("scan", "damaged"),
    [
        ("4006381333931", False),
        ("4006381333932", True),
        ("]E04006381333932", True),
        ("40063813", False),
        ("20000", False),
        ("MUG-BLUE", False),
        ("00000000000000", True),
    ],
)
def test_a_wrong_check_digit_is_a_damaged_code(scan: str, damaged: bool) -> None:
    assert is_damaged(scan) is damaged
