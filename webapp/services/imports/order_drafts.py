"""Turns a file's rows into an order, or into a reason for each row."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Final, TypeVar

from webapp.domain.wording import say
from webapp.services.imports.columns import Field
from webapp.services.imports.contradictions import alike_rows, refuse_contradictions
from webapp.services.imports.dates import DateReader
from webapp.services.imports.drafts import DraftLine, DraftOrder
from webapp.services.imports.order_format import PRODUCT, STATE, OrderFormat, Rule
from webapp.services.imports.order_heads import draft_head
from webapp.services.imports.order_rows import MOST_OF_A_PRODUCT_NAME, RefusedRow, check_row, draft_lines, first_value
from webapp.services.imports.price_cells import UnreadablePrice, common_currency, read_currency
from webapp.services.imports.report import EMPTY_ROW, HEADER_AGAIN, LeftOutRow, rejected, skipped
from webapp.services.imports.spool import MAX_GROUP_ROWS, Group, Row

T = TypeVar("T")

ANOTHER_ROW: Final = say("another row of this order was rejected")
ORDER_HEAD: Final = say("the row names no product; its order's items are in other rows")
NO_ORDER: Final = say("the row is no order: it names neither a product nor a date")
TOO_LARGE: Final = say("the order has more than %(most)s rows", most=MAX_GROUP_ROWS)


def draft_order(group: Group, table: OrderFormat, dates: DateReader) -> DraftOrder | list[LeftOutRow]:
    """Read one order; if it cannot be imported, return the reason for each of its rows.

    An order of which the shop ships nothing any more is a draft without lines, whose state says why: the store may have
    it from before.
    """
    number = group.rows[0].values[Field.ORDER_NUMBER]
    if group.too_large:
        return [rejected(row.number, number, TOO_LARGE) for row in group.rows]
    rows, closed, passed_over = _sort_out(group.rows, table, number)
    says_state = bool(STATE & table.columns.keys())
    try:
        if rows or says_state:
            refuse_contradictions(sorted([*rows, *closed], key=lambda row: row.number), table)
        if rows:
            _refuse_whole(rows, closed, table)
    except RefusedRow as refusal:
        return _reject_all(group.rows, number, [refusal])
    if not rows:
        return (_draft_closed(closed, table, dates, passed_over) if closed and says_state else None) or passed_over
    refusals: list[RefusedRow] = []
    lines = [line for row in rows for line in _or_refusal(partial(_lines, row, table), refusals) or ()]
    order = _or_refusal(partial(draft_head, group.rows, rows[0], table, dates), refusals)
    currency = _or_refusal(partial(_currency, group.rows, lines), refusals)
    if refusals or order is None or currency is None:
        return _reject_all(group.rows, number, refusals)
    return DraftOrder(
        number=number,
        ordered_at=order.ordered_at,
        ship_by=order.ship_by,
        customer_name=order.customer_name,
        channel=order.channel,
        lines=tuple(lines),
        content=_content(group.rows, number, *order.dates_of_content, order.channel),
        parcel_data=order.parcel_data,
        currency=currency,
        passed_over=tuple(passed_over),
        state=order.state,
        closed_lines=tuple(_readable_lines(closed, table)),
        remarks=tuple(alike_rows(rows, number)) if says_state else (),
        shortened=tuple(_shortened(rows)),
    )


def _or_refusal(read: Callable[[], T], refusals: list[RefusedRow]) -> T | None:
    """Return what is read; None if it is refused, with the refusal added to the others."""
    try:
        return read()
    except RefusedRow as refusal:
        refusals.append(refusal)
        return None


def _lines(row: Row, table: OrderFormat) -> Sequence[DraftLine]:
    """Check the row and return its lines. Raises RefusedRow."""
    check_row(row, table)
    return draft_lines(row, table)


def _currency(rows: Sequence[Row], lines: Sequence[DraftLine]) -> str:
    """Return the order's currency: its column's, or the one beside its prices. Raises RefusedRow."""
    of_order = first_value(rows, Field.CURRENCY)
    try:
        return common_currency(read_currency(of_order), [line.price_currency for line in lines])
    except UnreadablePrice as error:
        raise RefusedRow(rows[0], error.reason, of_order) from error


def _refuse_whole(rows: Sequence[Row], closed: Sequence[Row], table: OrderFormat) -> None:
    """Raise RefusedRow if a rule rejects the order for something that is true of all of it."""
    for rule in table.rules:
        value = first_value([*rows, *closed], rule.field)
        if rule.reject and rule.whole_order and rule.pattern.fullmatch(value):
            raise RefusedRow(rows[0], rule.reason, value)


def _draft_closed(
    rows: Sequence[Row], table: OrderFormat, dates: DateReader, passed_over: Sequence[LeftOutRow]
) -> DraftOrder | None:
    """Return the draft of an order without lines to ship; None if it cannot be read."""
    try:
        order = draft_head(rows, rows[0], table, dates)
    except RefusedRow:
        return None
    return DraftOrder(
        number=rows[0].values[Field.ORDER_NUMBER],
        ordered_at=order.ordered_at,
        ship_by=order.ship_by,
        customer_name=order.customer_name,
        channel=order.channel,
        lines=(),
        content="",
        parcel_data=order.parcel_data,
        passed_over=tuple(passed_over),
        state=replace(order.state, closed=next(one.reason for one in passed_over if one.row == rows[0].number)),
        closed_lines=tuple(_readable_lines(rows, table)),
    )


def _readable_lines(rows: Sequence[Row], table: OrderFormat) -> list[DraftLine]:
    """Return the lines of rows that are passed over anyway; what cannot be read of them does no harm. Their prices no
    longer count."""
    lines = []
    for row in rows:
        with suppress(RefusedRow):
            lines.extend(draft_lines(replace(row, values={**row.values, Field.UNIT_PRICE: ""}), table))
    return lines


def _sort_out(rows: Sequence[Row], table: OrderFormat, number: str) -> tuple[list[Row], list[Row], list[LeftOutRow]]:
    """Split the rows into those to import and those that the format's rules skip, with the record of the latter."""
    of_the_order = {rule.field: first_value(rows, rule.field) for rule in table.rules if rule.whole_order}
    kept, closed, passed_over = [], [], []
    has_lines = any(_names_product(row) for row in rows)
    for row in rows:
        if not any(row.values.values()):
            passed_over.append(skipped(row.number, number, EMPTY_ROW))
        elif table.repeats_header(row.values):
            passed_over.append(skipped(row.number, number, HEADER_AGAIN))
        elif table.may_hold_notes and not _names_product(row) and (note := _note(row, rows, has_lines=has_lines)):
            passed_over.append(skipped(row.number, number, note))
        elif rule := _skipping_rule(row, table, of_the_order):
            closed.append(row)
            passed_over.append(skipped(row.number, number, rule.reason, row.values.get(rule.field, "")))
        else:
            kept.append(row)
    return kept, closed, passed_over


def _names_product(row: Row) -> bool:
    return any(row.values.get(name) for name in PRODUCT)


def _note(row: Row, rows: Sequence[Row], *, has_lines: bool) -> str:
    """Return what a row without a product is, if that is clear: an order's head, a sum, a remark."""
    if has_lines:
        return ORDER_HEAD if row is rows[0] else ""
    return "" if row.values[Field.ORDERED_AT] else NO_ORDER


def _skipping_rule(row: Row, table: OrderFormat, of_the_order: Mapping[Field, str]) -> Rule | None:
    for rule in table.rules:
        value = of_the_order[rule.field] if rule.whole_order else row.values.get(rule.field, "")
        if not rule.reject and rule.pattern.fullmatch(value):
            return rule
    return None


def _reject_all(rows: Sequence[Row], number: str, refusals: Sequence[RefusedRow]) -> list[LeftOutRow]:
    """Reject every row of the order: with its own reason if it has one, else because of the others."""
    own = {refusal.row.number: refusal for refusal in reversed(refusals)}
    return [
        rejected(row.number, number, refusal.reason, refusal.value, refusal.value_without_person)
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
        f"row {row.number}: product name cut at {MOST_OF_A_PRODUCT_NAME} characters"
        for row in rows
        if len(row.values.get(Field.PRODUCT_NAME, "")) > MOST_OF_A_PRODUCT_NAME
    ]
