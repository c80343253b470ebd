"""Turns a stock file's row into units at a place, or into a reason."""

from __future__ import annotations

import re
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
from webapp.services.imports.code_cells import CONTROLS, INVISIBLE, Codes, UnreadableCode, read_codes
from webapp.services.imports.columns import Field
from webapp.services.imports.formats import STOCK
from webapp.services.imports.order_rows import RefusedRow
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
_BLANK: Final = say("the %(field)s is blank")


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
    try:
        return _read(row)
    except RefusedRow as refusal:
        return rejected(row.number, "", refusal.reason, refusal.value)


def _read(row: Row) -> DraftStock:
    """Read a row that says something. Raises RefusedRow."""
    values = row.values
    is_empty = bool(_ZERO.fullmatch(values[Field.QUANTITY]))
    _check_texts(row, is_empty=is_empty)
    codes = _read_codes(row)
    return DraftStock(
        number=row.number,
        sku=codes.sku,
        gtin=codes.gtin,
        product_name=values[Field.PRODUCT_NAME],
        warehouse=values[Field.WAREHOUSE] or MAIN_WAREHOUSE,
        location=values[Field.LOCATION],
        quantity=0 if is_empty else _read_quantity(row),
        gtin_fault=codes.gtin_fault,
        gtin_text=codes.gtin_text,
        facts=_read_facts(row),
        exported_from=values.get(Field.EXPORTED_FROM, ""),
    )


def _check_texts(row: Row, *, is_empty: bool) -> None:
    """Raise RefusedRow for a text that is missing, too long, or holds what nobody sees."""
    values = row.values
    for name in (Field.SKU, Field.LOCATION):
        if not values[name] and not (is_empty and name is Field.LOCATION):
            raise RefusedRow(row, _BLANK.fill(field=name))
    for name, longest in _LONGEST.items():
        if len(values[name]) > longest:
            sentence = say("the %(field)s is longer than %(most)s characters", field=name, most=longest)
            raise RefusedRow(row, sentence, values[name])
        if has_controls(values[name]):
            raise RefusedRow(row, CONTROLS.fill(field=name), values[name])
    for name in (Field.WAREHOUSE, Field.LOCATION):
        if has_invisible(values[name]):
            raise RefusedRow(row, INVISIBLE.fill(field=name), values[name])


def _read_codes(row: Row) -> Codes:
    """Return the row's SKU and GTIN. Raises RefusedRow for codes that cannot be known, and those of the placeholder."""
    try:
        codes = read_codes(row.values)
    except UnreadableCode as error:
        raise RefusedRow(row, error.reason, error.value) from error
    if not codes.sku:
        raise RefusedRow(row, _BLANK.fill(field=Field.SKU), row.values[Field.SKU])
    if fold_code(codes.sku) == fold_code(PLACEHOLDER_SKU) or row.values[Field.GTIN] == PLACEHOLDER_GTIN:
        raise RefusedRow(row, say("the placeholder product has no stock"), row.values[Field.SKU])
    return codes


def _read_quantity(row: Row) -> int:
    try:
        return read_units(row.values[Field.QUANTITY])
    except UnreadableUnits as error:
        raise RefusedRow(row, error.reason, row.values[Field.QUANTITY]) from error


def _read_facts(row: Row) -> ParcelFacts:
    """Return what the row says of weight, customs code and origin. Raises RefusedRow."""
    texts = []
    for name, rule in _FACTS.items():
        text = row.values.get(name, "")
        try:
            texts.append(rule(text))
        except InvalidInput as error:
            raise RefusedRow(row, error.message, text) from error
    return ParcelFacts.of(*texts)
