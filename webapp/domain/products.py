"""The placeholder product of marketplace lines, and what the texts and the facts of a product may be."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from webapp.domain.codes import code_key, gtin14, is_rounded, read_gtin_cell
from webapp.domain.control_characters import has_invisible
from webapp.domain.countries import COUNTRIES, OTHER_CODES
from webapp.domain.errors import InvalidInput
from webapp.domain.reasons import is_storable
from webapp.domain.wording import say

PLACEHOLDER_GTIN: Final = "0000000000000"
"""GTIN of the placeholder product: marketplace lines that match no product point to it (docs/contract.md,
"Placeholders")."""

PLACEHOLDER_SKU: Final = "PLACEHOLDER"
PLACEHOLDER_NAME: Final = "Unknown product"

MAX_PRODUCT_NAME: Final = 255
MAX_SKU: Final = 64
MAX_WEIGHT_GRAMS: Final = 1_000_000

_GRAMS: Final = re.compile(r"([0-9]{1,7})(?: ?g)?", re.ASCII)
_KILOGRAMS: Final = re.compile(r"([0-9]{1,4}(?:[.,][0-9]{1,3})?) ?kg", re.ASCII)
_HS_CODE: Final = re.compile(r"[0-9]{6,10}", re.ASCII)
_SIGNS: Final = re.compile(r"[\s.]+")
_NO_WEIGHT: Final = say(
    "Write the weight of one unit in whole grams, for example 350, at most %(most)s.", most=MAX_WEIGHT_GRAMS
)


class ProductTexts(NamedTuple):
    """What a person writes of a product; what is not known is blank. ``gtin`` is the one that screens show."""

    name: str
    sku: str
    gtin: str = ""
    weight_grams: str = ""
    hs_code: str = ""
    origin_country: str = ""


class ParcelFacts(NamedTuple):
    """What a parcel needs of a product: the weight of one unit, the customs code, the country it was made in. None if
    it is not known."""

    weight_grams: int | None = None
    hs_code: str | None = None
    origin_country: str | None = None

    @classmethod
    def of(cls, weight_grams: str, hs_code: str, origin_country: str) -> ParcelFacts:
        """Return the facts of texts that were read."""
        return cls(int(weight_grams) if weight_grams else None, hs_code or None, origin_country or None)

    def completed_by(self, other: ParcelFacts) -> ParcelFacts:
        """Return these facts, and the other's where one is not known."""
        return ParcelFacts(
            self.weight_grams or other.weight_grams,
            self.hs_code or other.hs_code,
            self.origin_country or other.origin_country,
        )


NOTHING_KNOWN: Final = ParcelFacts()


def read_product_name(text: str) -> str:
    """Return a product's name in one line. Raises InvalidInput."""
    name = " ".join(text.split())
    if not name or len(name) > MAX_PRODUCT_NAME or not is_storable(name):
        raise InvalidInput(say("A product's name is 1 to %(most)s characters.", most=MAX_PRODUCT_NAME))
    if has_invisible(name):
        raise InvalidInput(say("The name holds characters that no keyboard types. Type it again."))
    return name


def read_sku(text: str) -> str:
    """Return a SKU in one line, as it is spelled. Raises InvalidInput."""
    sku = " ".join(text.split())
    if not sku or len(sku) > MAX_SKU or not is_storable(sku):
        raise InvalidInput(say("A SKU is 1 to %(most)s characters.", most=MAX_SKU))
    if has_invisible(sku):
        raise InvalidInput(say("The SKU holds characters that no keyboard types. Type it again."))
    if is_rounded(sku):
        raise InvalidInput(say("A spreadsheet has rounded this SKU. Type it as it is on the goods."))
    if code_key(sku) == code_key(PLACEHOLDER_SKU):
        raise InvalidInput(say("This SKU stands for unknown products. Choose another."))
    return sku


def read_product_gtin(text: str) -> str:
    """Return a GTIN as the goods show it; blank for a blank text. Raises InvalidInput."""
    cell = read_gtin_cell(text)
    if not text.strip() or gtin14(cell.gtin):
        return cell.gtin
    raise InvalidInput(
        say("This is no GTIN: it has 8, 12, 13 or 14 digits, the last of them a check digit. Scan it from the goods.")
    )


def read_weight(text: str) -> str:
    """Return the weight of one unit in whole grams; blank for a blank text. Raises InvalidInput."""
    text = " ".join(text.split()).casefold()
    if not text:
        return ""
    if match := _GRAMS.fullmatch(text):
        grams = Decimal(match[1])
    elif match := _KILOGRAMS.fullmatch(text):
        grams = Decimal(match[1].replace(",", ".")) * 1000
    else:
        raise InvalidInput(_NO_WEIGHT)
    if not 0 < grams <= MAX_WEIGHT_GRAMS:
        raise InvalidInput(_NO_WEIGHT)
    return str(int(grams))


def read_hs_code(text: str) -> str:
    """Return a customs code as digits alone; blank for a blank text. Raises InvalidInput."""
    code = _SIGNS.sub("", text)
    if code and not _HS_CODE.fullmatch(code):
        raise InvalidInput(say("An HS code has 6 to 10 digits, for example 6912.00."))
    return code


def read_origin(text: str) -> str:
    """Return the ISO code of a country; blank for a blank text. Raises InvalidInput."""
    code = text.strip().upper()
    code = OTHER_CODES.get(code, code)
    if code and code not in COUNTRIES:
        raise InvalidInput(say("Write the country of origin as its code of two letters, for example DE."))
    return code
