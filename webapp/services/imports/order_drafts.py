"""Turns a file's rows into an order, or into a reason for each row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from webapp.domain.errors import InvalidQuantity
from webapp.domain.parcel_data import NOTHING_KNOWN, ParcelData
from webapp.domain.quantities import parse_quantity
from webapp.services.imports.code_cells import UnreadableCode, read_codes
from webapp.services.imports.columns import Field
from webapp.services.imports.dates import DateReader
from webapp.services.imports.formats import OrderFormat
from webapp.services.imports.parcel_fields import PARCEL_DATA, UnfitField, read_parcel_data
from webapp.services.imports.report import LeftOutRow, rejected, skipped
from webapp.services.imports.spool import MAX_GROUP_ROWS, Group, Row

ANOTHER_ROW: Final = "another row of this order was rejected"
NO_PRODUCT: Final = "the row names no product: SKU, GTIN and product name are blank"
TOO_LARGE: Final = f"the order has more than {MAX_GROUP_ROWS} rows"

_LONGEST: Final = {Field.ORDER_NUMBER: 64, Field.CHANNEL: 32, Field.SKU: 64, Field.GTIN: 64}
"""Characters of identifying fields, which are never cut: longer values are rejected."""

_CUSTOMER_NAME: Final = 200
"""Characters of a customer's name; a longer one is rejected, since it may go on a label."""

_PRODUCT_NAME: Final = 255
"""Characters of a product's name that are kept; the order's history notes a longer one."""

_OF_THE_ORDER: Final = (
    Field.ORDERED_AT,
    Field.SHIP_BY,
    Field.CUSTOMER_NAME,
    Field.CHANNEL,
    *(field for field in Field if field in PARCEL_DATA),
)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line of an order, as its source has it; ``quantity`` in units."""

    row: int
    sku: str
    gtin: str
    product_name: str
    quantity: int
    gtin_fault: str = ""
    """Why its GTIN column holds no GTIN, and what it holds."""
    gtin_text: str = ""


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """An order ready to write.

    ``content`` (hex) is equal for the same goods and dates in another file. It says nothing about the person: histories
    keep it for ever. ``earlier_content`` is what imports before the parcel data have kept.
    """

    number: str
    ordered_at: datetime
    ship_by: datetime | None
    customer_name: str
    channel: str
    lines: tuple[DraftLine, ...]
    content: str
    earlier_content: str = ""
    parcel_data: ParcelData = NOTHING_KNOWN
    passed_over: tuple[LeftOutRow, ...] = ()
    shortened: tuple[str, ...] = ()

    def leave_out(self, reason: str, *, reject: bool) -> list[LeftOutRow]:
        """Return the outcome of all its rows if the order is not written for ``reason``."""
        make = rejected if reject else skipped
        return [*self.passed_over, *(make(line.row, self.number, reason) for line in self.lines)]


class _Refusal(Exception):
    """Why a row cannot be imported."""

    def __init__(self, row: Row, reason: str, value: str = "") -> None:
        super().__init__(reason)
        self.row = row
        self.reason = reason
        self.value = value


def draft_order(group: Group, table: OrderFormat, dates: DateReader) -> DraftOrder | list[LeftOutRow]:
    """Read one order; if it cannot be imported, return the reason for each of its rows."""
    number = group.rows[0].values[Field.ORDER_NUMBER]
    if group.too_large:
        return [rejected(row.number, number, TOO_LARGE) for row in group.rows]
    rows, passed_over = _sort_out(group.rows, table, number)
    if not rows:
        return passed_over
    refusals: list[_Refusal] = []
    lines = []
    for row in rows:
        try:
            _check_row(row, table)
            lines.append(_draft_line(row))
        except _Refusal as refusal:
            refusals.append(refusal)
    order = None
    try:
        order = _draft_head(group.rows, rows[0], table, dates)
    except _Refusal as refusal:
        refusals.append(refusal)
    if refusals or order is None:
        return _reject_all(group.rows, number, refusals)
    return DraftOrder(
        number=number,
        ordered_at=order.ordered_at,
        ship_by=order.ship_by,
        customer_name=order.customer_name,
        channel=order.channel,
        lines=tuple(lines),
        content=_content(group.rows, number, *order.dates_of_content, order.channel),
        earlier_content=_content(group.rows, number, *order.dates_of_content, order.customer_name, order.channel),
        parcel_data=order.parcel_data,
        passed_over=tuple(passed_over),
        shortened=tuple(_shortened(rows)),
    )


def _sort_out(rows: Sequence[Row], table: OrderFormat, number: str) -> tuple[list[Row], list[LeftOutRow]]:
    """Split the rows into those to import and those that the format's rules skip."""
    of_the_order = {rule.field: _first(rows, rule.field) for rule in table.rules if rule.whole_order}
    kept, passed_over = [], []
    for row in rows:
        if not any(row.values.values()):
            passed_over.append(skipped(row.number, number, "empty row"))
            continue
        rule = next(
            (
                rule
                for rule in table.rules
                if not rule.reject
                and rule.pattern.fullmatch(of_the_order[rule.field] if rule.whole_order else row.values[rule.field])
            ),
            None,
        )
        if rule is None:
            kept.append(row)
        else:
            passed_over.append(skipped(row.number, number, rule.reason, row.values[rule.field]))
    return kept, passed_over


def _check_row(row: Row, table: OrderFormat) -> None:
    """Raise _Refusal if one of the row's values cannot be stored unchanged."""
    for name in row.cut:
        if name not in _OF_THE_ORDER:  # Those say how long they are.
            raise _Refusal(row, f"the {name} is too long", row.values[name])
    for name, longest in _LONGEST.items():
        if len(row.values.get(name, "")) > longest:
            raise _Refusal(row, f"the {name} is longer than {longest} characters", row.values[name])
    number = row.values[Field.ORDER_NUMBER]
    if not number:
        raise _Refusal(row, "the order number is blank")
    if not number.isprintable():
        raise _Refusal(row, "the order number holds characters that cannot be seen", number)
    if not any(row.values.get(name) for name in (Field.SKU, Field.GTIN, Field.PRODUCT_NAME)):
        raise _Refusal(row, NO_PRODUCT)
    for rule in table.rules:
        if rule.reject and rule.pattern.fullmatch(row.values[rule.field]):
            raise _Refusal(row, rule.reason, row.values[rule.field])


def _draft_line(row: Row) -> DraftLine:
    try:
        codes = read_codes(row.values)
    except UnreadableCode as error:
        raise _Refusal(row, error.reason, error.value) from error
    product_name = row.values.get(Field.PRODUCT_NAME, "")
    if not (codes.sku or codes.gtin or product_name):
        raise _Refusal(row, NO_PRODUCT)
    try:
        quantity = parse_quantity(row.values[Field.QUANTITY])
    except InvalidQuantity as error:
        raise _Refusal(row, error.message, row.values[Field.QUANTITY]) from error
    return DraftLine(
        row=row.number,
        sku=codes.sku,
        gtin=codes.gtin,
        product_name=product_name[:_PRODUCT_NAME],
        quantity=quantity,
        gtin_fault=codes.gtin_fault,
        gtin_text=codes.gtin_text,
    )


@dataclass(frozen=True, slots=True)
class _OrderFields:
    """What the rows of an order say about the order itself; ``dates_of_content`` do not depend on the store's zone."""

    ordered_at: datetime
    ship_by: datetime | None
    customer_name: str
    channel: str
    parcel_data: ParcelData
    dates_of_content: tuple[datetime, datetime | None]


def _draft_head(all_rows: Sequence[Row], first: Row, table: OrderFormat, dates: DateReader) -> _OrderFields:
    """Return the order's own fields, each from its first value. Rows that disagree raise _Refusal."""
    for name in _OF_THE_ORDER:
        value = _first(all_rows, name)
        for row in all_rows:
            if name not in table.may_differ and row.values.get(name, "") not in ("", value):
                raise _Refusal(row, f"the {name} differs from that of the order's first row", row.values[name])
    ordered_at = _first(all_rows, Field.ORDERED_AT)
    ship_by = _first(all_rows, Field.SHIP_BY)
    if not ordered_at:
        raise _Refusal(first, "the order date is blank")
    customer_name = _first(all_rows, Field.CUSTOMER_NAME)
    if len(customer_name) > _CUSTOMER_NAME:
        length = max(row.cut.get(Field.CUSTOMER_NAME, len(customer_name)) for row in all_rows)
        sentence = f"the customer name has {length} characters, and at most {_CUSTOMER_NAME} are kept"
        raise _Refusal(first, sentence, customer_name)
    return _OrderFields(
        ordered_at=_date(first, Field.ORDERED_AT, ordered_at, dates),
        ship_by=_date(first, Field.SHIP_BY, ship_by, dates, end_of_day=True) if ship_by else None,
        customer_name=customer_name,
        channel=_first(all_rows, Field.CHANNEL) or table.channel,
        parcel_data=_parcel_data(all_rows, customer_name),
        dates_of_content=(
            dates.read_content(ordered_at),
            dates.read_content(ship_by, end_of_day=True) if ship_by else None,
        ),
    )


def _parcel_data(rows: Sequence[Row], customer_name: str) -> ParcelData:
    """Return the parcel data, each field from its first value. What cannot be kept is a _Refusal of its row."""
    first = {name: row for name in PARCEL_DATA for row in reversed(rows) if row.values.get(name)}
    values = {name: row.values[name] for name, row in first.items()}
    cut = {name: length for name, row in first.items() if (length := row.cut.get(name))}
    try:
        return read_parcel_data(values, customer_name, cut)
    except UnfitField as unfit:
        raise _Refusal(first.get(unfit.field, rows[0]), unfit.reason, unfit.value) from unfit


def _date(row: Row, name: Field, text: str, dates: DateReader, *, end_of_day: bool = False) -> datetime:
    try:
        return dates.read(text, end_of_day=end_of_day)
    except ValueError as error:
        raise _Refusal(row, f"{name}: {error}", text) from error


def _first(rows: Sequence[Row], name: Field) -> str:
    return next((value for row in rows if (value := row.values.get(name, ""))), "")


def _reject_all(rows: Sequence[Row], number: str, refusals: Sequence[_Refusal]) -> list[LeftOutRow]:
    """Reject every row of the order: with its own reason if it has one, else because of the others."""
    own = {refusal.row.number: refusal for refusal in reversed(refusals)}
    return [
        rejected(row.number, number, refusal.reason, refusal.value)
        if (refusal := own.get(row.number))
        else rejected(row.number, number, ANOTHER_ROW)
        for row in rows
    ]


def _content(rows: Sequence[Row], number: str, *head: datetime | str | None) -> str:
    """Return the SHA-256 of the order's content, whatever the order of its rows, without notes that its source adds
    later."""
    kinds = (Field.SKU, Field.GTIN, Field.PRODUCT_NAME, Field.QUANTITY)
    lines = sorted([row.values.get(kind, "") for kind in kinds] for row in rows if any(row.values.values()))
    return sha256(json.dumps([number, *map(str, head), lines]).encode()).hexdigest()


def _shortened(rows: Sequence[Row]) -> list[str]:
    """Return the product names that were cut, for the order's history."""
    return [
        f"row {row.number}: product name cut at {_PRODUCT_NAME} characters"
        for row in rows
        if len(row.values.get(Field.PRODUCT_NAME, "")) > _PRODUCT_NAME
    ]
