"""Codes of goods: GTINs, which are compared in 14 digits, and SKUs and places, which people spell in several ways."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from webapp.domain.wording import say

GTIN_LENGTHS: Final = (8, 12, 13, 14)

_LOST_ZEROS: Final = (9, 10, 11)
"""Digits that a spreadsheet leaves of a UPC-A that begins with zeros."""
_HYPHENS: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_FORMULA: Final = re.compile(r'="(.*)"', re.DOTALL)
_ROUNDED: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?e\+?[0-9]+", re.IGNORECASE | re.ASCII)
_ROUNDED_TEXT: Final = re.compile(r"[0-9]([.,][0-9]+)?e\+[0-9]{2}", re.IGNORECASE | re.ASCII)
_FRACTION: Final = re.compile(r"[.,]0+$", re.ASCII)
_SYMBOLOGY: Final = re.compile(r"^\][EeFIi][0-9]")
_PRINTED: Final = re.compile(r"[0-9]+([ \u00a0\u202f-][0-9]+)+", re.ASCII)

ROUNDED: Final = say(
    "a spreadsheet has rounded the %(field)s to a number such as 5.01E+12: make the column text and export it again"
)


@lru_cache(maxsize=4096)
def gtin14(text: str) -> str | None:
    """Return a GTIN in 14 digits; None unless it has 8, 12, 13 or 14 ASCII digits, not all zero, and the right check
    digit."""
    if len(text) not in GTIN_LENGTHS or not (text.isascii() and text.isdigit() and text.strip("0")):
        return None
    digits = text.zfill(14)
    weighed = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(digits[:13]))
    return digits if (weighed + int(digits[13])) % 10 == 0 else None


def shown_gtin(text: str) -> str:
    """Return a GTIN as the goods show it, with 8, 12, 13 or 14 digits; any other text unchanged.

    Each GTIN has one such form: numbers of 12 digits never begin with four zeros, so that they differ from those of 8.
    """
    if not text.isascii() or (digits := gtin14(text)) is None:
        return text
    zeros = next(count for count in (6, 2, 1, 0) if digits.startswith("0" * count))
    return digits[zeros:]


def straight_hyphens(text: str) -> str:
    """Return the text with the plain hyphen for each that looks like it."""
    return text.translate(_HYPHENS)


def fold_code(text: str) -> str:
    """Return a SKU or a place's name without what people do not see as a difference: case, kinds and number of blanks,
    look-alike hyphens, composed or decomposed letters. Zeros stay."""
    folded = straight_hyphens(unicodedata.normalize("NFD", text).casefold())
    return " ".join(unicodedata.normalize("NFC", folded).split())


def code_key(text: str) -> str:
    """Return ``fold_code`` without its blanks: what two codes share if a person might take one for the other."""
    return fold_code(text).replace(" ", "")


def is_same_sku(one: str, other: str) -> bool:
    """Return whether both are spellings of one SKU."""
    return code_key(one) == code_key(other)


def name_key(name: str) -> str:
    """Return what all spellings of a product's name share, in 32 characters; blank for a blank name."""
    folded = fold_code(name)
    return blake2b(folded.encode(), digest_size=16).hexdigest() if folded else ""


def is_same_code(scanned: str, code: str) -> bool:
    """Return whether two spellings are the same GTIN, or the same code otherwise. Zeros count except in a GTIN."""
    return scan_key(scanned) == scan_key(code)


def scan_key(code: str) -> str:
    """Return what all codes share that a scan takes for the same: a GTIN's 14 digits, any other code folded."""
    return gtin14(code) or fold_code(code)


def without_formula(text: str) -> str:
    """Return a cell's text without what protects its zeros from a spreadsheet: ``="0012"`` is 0012."""
    match = _FORMULA.fullmatch(text)
    return match[1].strip() if match else text


def is_rounded(text: str) -> bool:
    """Return whether a SKU is the number to which a spreadsheet rounded it, as it shows such numbers: 5,01E+12."""
    return _ROUNDED_TEXT.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class GtinCell:
    """What a file has in a GTIN column: the GTIN as the goods show it, or why it is none."""

    gtin: str = ""
    fault: str = ""
    """Why the text is no GTIN; blank for a blank cell."""
    is_rounded: bool = False
    """A spreadsheet made the number unreadable, so its row cannot be trusted."""
    is_number: bool = False
    """It is meant as a GTIN: only digits. Otherwise it is words, such as “Does not apply”."""


def read_gtin_cell(text: str) -> GtinCell:
    """Read a cell of a GTIN column. What a spreadsheet, a printer or a scanner adds around the digits does not count,
    as long as the check digit is right."""
    if _ROUNDED.fullmatch(text := without_formula(text).removeprefix("'").strip()):
        return GtinCell(fault=ROUNDED.fill(field="GTIN"), is_rounded=True)
    digits = _digits(text)
    if not digits.strip("0"):
        return GtinCell(fault=say("a GTIN is not all zeros") if digits else "")
    code = gtin14(digits.zfill(12) if len(digits) in _LOST_ZEROS else digits)
    if code:
        return GtinCell(shown_gtin(code))
    if not (digits.isascii() and digits.isdigit()):
        return GtinCell(fault=say("a GTIN has digits only"))
    wrong = (
        say("the GTIN's check digit is wrong")
        if len(digits) in GTIN_LENGTHS
        else say("a GTIN has 8, 12, 13 or 14 digits")
    )
    return GtinCell(fault=wrong, is_number=True)


def _digits(text: str) -> str:
    text = _FRACTION.sub("", _SYMBOLOGY.sub("", text))
    return re.sub("[^0-9]", "", text) if _PRINTED.fullmatch(text) else text
