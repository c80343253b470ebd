"""Reads single rows of an order: a line each, or the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from webapp.domain.channels import LONGEST_CODE
from webapp.domain.wording import say
from webapp.services.imports.code_cells import UnreadableCode, read_codes
from webapp.services.imports.columns import Field
from webapp.services.imports.drafts import DraftLine
from webapp.services.imports.order_format import OrderFormat
from webapp.services.imports.parcel_fields import PARCEL_DATA
from webapp.services.imports.price_cells import UnreadablePrice, read_price
from webapp.services.imports.quantity_cells import UnreadableUnits, read_units
from webapp.services.imports.spool import Row

NO_PRODUCT: Final = say("the row names no product: SKU, GTIN and product name are blank")

_LONGEST: Final = {
    Field.ORDER_NUMBER: 64,
    Field.CHANNEL: LONGEST_CODE,
    Field.SKU: 64,
    Field.GTIN: 64,
    Field.EXTERNAL_ID: 64,
    Field.LINE_ID: 64,
    Field.PAYMENT_STATUS: 32,
    Field.ORDER_FULFILLMENT: 32,
    Field.LINE_FULFILLMENT: 32,
}
"""Characters of identifying fields, which are never cut: longer values are rejected."""

NOT_ALL_UNITS: Final = say("the units of the products do not come to the items sold")
_IN_ONE_CELL: Final = re.compile(r"(\d{1,6})\s?[×x]\s(.+?)(?=, \d{1,6}\s?[×x]\s|$)", re.DOTALL)

MOST_OF_A_PRODUCT_NAME: Final = 255
"""Characters of a product's name that are kept; the order's history notes a longer one."""

OF_THE_ORDER: Final = (
    Field.ORDERED_AT,
    Field.SHIP_BY,
    Field.CUSTOMER_NAME,
    Field.CHANNEL,
    Field.EXTERNAL_ID,
    Field.UPDATED_AT,
    Field.CANCELLED_AT,
    Field.PAYMENT_STATUS,
    Field.ORDER_FULFILLMENT,
    Field.SUBTOTAL,
    Field.CURRENCY,
    *(field for field in Field if field in PARCEL_DATA),
)
"""Fields that say something about the whole order; its rows have the same in them, or nothing."""

NAMES_PERSON: Final = (PARCEL_DATA | {Field.CUSTOMER_NAME}) - {
    Field.SHIP_TO_COUNTRY,
    Field.LANGUAGE,
    Field.SHIPPING_METHOD,
}
"""Fields whose values are a person's: no report keeps them."""


class RefusedRow(Exception):
    """Why a row cannot be imported: ``reason`` is one of a few sentences, ``value`` what the row has there, and
    ``value_without_person`` what a report keeps of a value that is a person's."""

    def __init__(self, row: Row, reason: str, value: str = "", value_without_person: str | None = None) -> None:
        super().__init__(reason)
        self.row = row
        self.reason = reason
        self.value = value
        self.value_without_person = value_without_person


def check_row(row: Row, table: OrderFormat) -> None:
    """Raise RefusedRow if one of the row's values cannot be stored unchanged."""
    for name in row.cut:
        if name not in OF_THE_ORDER:  # Those say how long they are.
            raise RefusedRow(row, say("the %(field)s is too long", field=name), row.values[name])
    for name, longest in _LONGEST.items():
        if len(row.values.get(name, "")) > longest:
            raise RefusedRow(
                row, say("the %(field)s is longer than %(most)s characters", field=name, most=longest), row.values[name]
            )
    number = row.values[Field.ORDER_NUMBER]
    if not number:
        raise RefusedRow(row, say("the order number is blank"))
    if not number.isprintable():
        raise RefusedRow(row, say("the order number holds characters that cannot be seen"), number)
    if not any(row.values.get(name) for name in (Field.SKU, Field.GTIN, Field.PRODUCT_NAME)):
        raise RefusedRow(row, NO_PRODUCT)
    for rule in table.rules:
        value = row.values.get(rule.field, "")
        if rule.reject and not rule.whole_order and rule.pattern.fullmatch(value):
            raise RefusedRow(row, rule.reason, value)


def draft_lines(row: Row, table: OrderFormat) -> list[DraftLine]:
    """Read the row as a line of its order, or as several if the format has them in one cell. Raises RefusedRow."""
    text = row.values.get(Field.PRODUCT_NAME, "")
    products = _IN_ONE_CELL.findall(text) if table.products_in_one_cell else []
    if not products:
        return [_draft_line(row, table.decimal_sign)]
    if str(sum(int(units) for units, _ in products)) != row.values[Field.QUANTITY]:
        raise RefusedRow(row, NOT_ALL_UNITS, f"{row.values[Field.QUANTITY]}; products {text}")
    return [
        _draft_line(
            replace(row, values={**row.values, Field.PRODUCT_NAME: name, Field.QUANTITY: units, Field.UNIT_PRICE: ""})
        )
        for units, name in products
    ]


def _draft_line(row: Row, decimal_sign: str = "") -> DraftLine:
    try:
        codes = read_codes(row.values)
    except UnreadableCode as error:
        raise RefusedRow(row, error.reason, error.value) from error
    product_name = row.values.get(Field.PRODUCT_NAME, "")
    if not (codes.sku or codes.gtin or product_name):
        raise RefusedRow(row, NO_PRODUCT)
    try:
        quantity = read_units(row.values[Field.QUANTITY])
    except UnreadableUnits as error:
        raise RefusedRow(row, error.reason, row.values[Field.QUANTITY]) from error
    try:
        unit_price, price_currency = read_price(row.values.get(Field.UNIT_PRICE, ""), decimal_sign)
    except UnreadablePrice as error:
        raise RefusedRow(row, error.reason, row.values[Field.UNIT_PRICE]) from error
    return DraftLine(
        row=row.number,
        sku=codes.sku,
        gtin=codes.gtin,
        product_name=product_name[:MOST_OF_A_PRODUCT_NAME],
        quantity=quantity,
        gtin_fault=codes.gtin_fault,
        gtin_text=codes.gtin_text,
        line_id=row.values.get(Field.LINE_ID, ""),
        fulfillment_status=row.values.get(Field.LINE_FULFILLMENT, ""),
        unit_price=unit_price,
        price_currency=price_currency,
    )


def first_value(rows: Sequence[Row], name: Field) -> str:
    """Return the first value that one of the rows has in the field; blank if none has one."""
    return next((value for row in rows if (value := row.values.get(name, ""))), "")
