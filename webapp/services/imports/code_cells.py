"""Reads a row's SKU and GTIN, in files of orders and of stock alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from webapp.domain.codes import ROUNDED, is_rounded, read_gtin_cell, without_formula
from webapp.domain.control_characters import has_controls, has_invisible
from webapp.domain.wording import say
from webapp.services.imports.columns import Field

INVISIBLE: Final = say("the %(field)s holds invisible characters")
CONTROLS: Final = say("the %(field)s holds control characters")


@dataclass(frozen=True, slots=True)
class Codes:
    """A row's SKU and its GTIN as the goods show it; either may be blank."""

    sku: str
    gtin: str
    gtin_fault: str
    """Why the GTIN column holds no GTIN; blank if it does, or is blank."""
    gtin_text: str
    """What the column holds in that case."""


class UnreadableCode(Exception):
    """The row's product cannot be known: ``reason`` says why, ``value`` is the cell."""

    def __init__(self, reason: str, value: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.value = value


def read_codes(values: Mapping[Field, str]) -> Codes:
    """Read the row's codes. A text that is no GTIN is left out, with the reason, if there is a SKU to go by.

    Raises UnreadableCode for invisible characters, for a number that a spreadsheet rounded, and for a wrong GTIN
    without a SKU.
    """
    sku, gtin = (without_formula(values.get(name, "")) for name in (Field.SKU, Field.GTIN))
    for name, text in ((Field.SKU, sku), (Field.GTIN, gtin)):
        if has_invisible(text):
            raise UnreadableCode((CONTROLS if has_controls(text) else INVISIBLE).fill(field=name), text)
    if is_rounded(sku):
        raise UnreadableCode(ROUNDED.fill(field=Field.SKU), sku)
    cell = read_gtin_cell(gtin)
    if cell.is_rounded:
        raise UnreadableCode(cell.fault, gtin)
    if cell.is_number and not sku:
        raise UnreadableCode(say("%(fault)s, and there is no SKU to find the product by", fault=cell.fault), gtin)
    return Codes(sku, cell.gtin, cell.fault, gtin if cell.fault else "")
