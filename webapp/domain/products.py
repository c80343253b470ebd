"""The placeholder product of marketplace lines, and what a product's name, SKU and GTIN may be."""

from __future__ import annotations

from typing import Final, NamedTuple

from webapp.domain.codes import code_key, gtin14, is_rounded, read_gtin_cell
from webapp.domain.control_characters import has_invisible
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


class ProductTexts(NamedTuple):
    """What a person writes of a product; ``gtin`` is the one that screens show, blank without one."""

    name: str
    sku: str
    gtin: str = ""


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
