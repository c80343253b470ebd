"""Turns a stock file's row into units at a place, or into a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from webapp.domain.codes import fold_code
from webapp.domain.control_characters import has_controls, has_invisible
from webapp.domain.errors import InvalidInput
from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.products import (
    NOTHING_KNOWN,
    PLACEHOLDER_GTIN,
    PLACEHOLDER_SKU,
    ParcelFacts,
    read_hs_code,
    read_origin,
    read_weight,
)
from webapp.domain.wording import say
from webapp.services.imports.code_cells import CONTROLS, INVISIBLE, UnreadableCode, read_codes
from webapp.services.imports.columns import Field
from webapp.services.imports.formats import STOCK
from webapp.services.imports.quantity_cells import UnreadableUnits, read_units
from webapp.services.imports.report import EMPTY_ROW, HEADER_AGAIN, LeftOutRow, rejected, skipped
from webapp.services.imports.spool import Row

_LONGEST: Final = {
    Field.SKU: 64,
    Field.GTIN: 64,
    Field.PRODUCT_NAME: 255,
    Field.WAREHOUSE: 64,
    Field.LOCATION: 64,
}
_FACTS: Final = {Field.WEIGHT: read_weight, Field.HS_CODE: read_hs_code, Field.ORIGIN: read_origin}
_ZERO = re.compile(r"0+", re.ASCII)


@dataclass(frozen=True, slots=True)
class DraftStock:
    """Units (0 or more) of a product at a place, ready to write."""

    number: int
    sku: str
    gtin: str
    product_name: str
    warehouse: str
    location: str
    quantity: int
    key: str = ""
    """What the row is known by in later files; blank for one without units."""
    gtin_fault: str = ""
    """Why its GTIN column holds no GTIN, and what it holds."""
    gtin_text: str = ""
    facts: ParcelFacts = NOTHING_KNOWN
    exported_from: str = ""
    """Code of the store that exported the row; blank for a file from elsewhere."""


def draft_stock(row: Row) -> DraftStock | LeftOutRow:
    """Read one row of a stock file. SKU, location and quantity are required; a blank warehouse means ``main``.

    A row of 0 units needs no location: it only names a product, which may be nowhere.
    """
    values = row.values
    if not any(values.values()):
        return skipped(row.number, "", EMPTY_ROW)
    if STOCK.repeats_header(values):
        return skipped(row.number, "", HEADER_AGAIN)
    is_empty = bool(_ZERO.fullmatch(values[Field.QUANTITY]))
    for name in (Field.SKU, Field.LOCATION):
        if not values[name] and not (is_empty and name is Field.LOCATION):
            return rejected(row.number, "", say("the %(field)s is blank", field=name))
    for name, longest in _LONGEST.items():
        if len(values[name]) > longest:
            return rejected(
                row.number,
                "",
                say("the %(field)s is longer than %(most)s characters", field=name, most=longest),
                values[name],
            )
        if has_controls(values[name]):
            return rejected(row.number, "", CONTROLS.fill(field=name), values[name])
    for name in (Field.WAREHOUSE, Field.LOCATION):
        if has_invisible(values[name]):
            return rejected(row.number, "", INVISIBLE.fill(field=name), values[name])
    try:
        codes = read_codes(values)
    except UnreadableCode as error:
        return rejected(row.number, "", error.reason, error.value)
    if not codes.sku:
        return rejected(row.number, "", say("the %(field)s is blank", field=Field.SKU), values[Field.SKU])
    if fold_code(codes.sku) == fold_code(PLACEHOLDER_SKU) or values[Field.GTIN] == PLACEHOLDER_GTIN:
        return rejected(row.number, "", say("the placeholder product has no stock"), values[Field.SKU])
    try:
        quantity = 0 if is_empty else read_units(values[Field.QUANTITY])
    except UnreadableUnits as error:
        return rejected(row.number, "", error.reason, values[Field.QUANTITY])
    try:
        facts = _read_facts(values)
    except InvalidInput as error:
        return rejected(row.number, "", error.message, str(error.data["value"]))
    return DraftStock(
        number=row.number,
        sku=codes.sku,
        gtin=codes.gtin,
        product_name=values[Field.PRODUCT_NAME],
        warehouse=values[Field.WAREHOUSE] or MAIN_WAREHOUSE,
        location=values[Field.LOCATION],
        quantity=quantity,
        gtin_fault=codes.gtin_fault,
        gtin_text=codes.gtin_text,
        facts=facts,
        exported_from=values.get(Field.EXPORTED_FROM, ""),
    )


def _read_facts(values: Mapping[Field, str]) -> ParcelFacts:
    """Return what the row says of weight, customs code and origin. Raises InvalidInput with the ``value``."""
    texts = []
    for name, rule in _FACTS.items():
        try:
            texts.append(rule(values.get(name, "")))
        except InvalidInput as error:
            raise InvalidInput(error.message, value=values[name]) from error
    return ParcelFacts.of(*texts)
