"""Reads what the rows of an order say about the order itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from webapp.domain.parcel_data import ParcelData
from webapp.domain.wording import say
from webapp.services.imports.columns import Field
from webapp.services.imports.dates import DateReader
from webapp.services.imports.drafts import ShopState
from webapp.services.imports.order_format import HOLD_RULES, OrderFormat
from webapp.services.imports.order_rows import NAMES_PERSON, RefusedRow, first_value
from webapp.services.imports.parcel_fields import PARCEL_DATA, UnfitField, read_parcel_data
from webapp.services.imports.spool import Row

_CUSTOMER_NAME: Final = 200
"""Characters of a customer's name; a longer one is rejected, since it may go on a label."""


@dataclass(frozen=True, slots=True)
class DraftHead:
    """What the rows of an order say about the order itself; ``dates_of_content`` do not depend on the store's zone."""

    ordered_at: datetime
    ship_by: datetime | None
    customer_name: str
    channel: str
    parcel_data: ParcelData
    state: ShopState
    dates_of_content: tuple[datetime, datetime | None]


def draft_head(all_rows: Sequence[Row], first: Row, table: OrderFormat, dates: DateReader) -> DraftHead:
    """Return the order's own fields, each from its first value. Rows that disagree raise RefusedRow."""
    ordered_at = first_value(all_rows, Field.ORDERED_AT)
    ship_by = first_value(all_rows, Field.SHIP_BY)
    if not ordered_at:
        raise RefusedRow(first, say("the order date is blank"))
    customer_name = first_value(all_rows, Field.CUSTOMER_NAME)
    if len(customer_name) > _CUSTOMER_NAME:
        length = max(row.cut.get(Field.CUSTOMER_NAME, len(customer_name)) for row in all_rows)
        sentence = say(
            "the %(field)s has %(length)s characters, and at most %(most)s are kept",
            field=Field.CUSTOMER_NAME,
            length=length,
            most=_CUSTOMER_NAME,
        )
        raise RefusedRow(first, sentence, customer_name, "")
    return DraftHead(
        ordered_at=_date(first, Field.ORDERED_AT, ordered_at, dates),
        ship_by=_date(first, Field.SHIP_BY, ship_by, dates, end_of_day=True) if ship_by else None,
        customer_name=customer_name,
        channel=first_value(all_rows, Field.CHANNEL) or table.channel,
        parcel_data=_parcel_data(all_rows, customer_name),
        state=_state(all_rows, first, dates),
        dates_of_content=(
            dates.read_content(ordered_at),
            dates.read_content(ship_by, end_of_day=True) if ship_by else None,
        ),
    )


def _parcel_data(rows: Sequence[Row], customer_name: str) -> ParcelData:
    """Return the parcel data, each field from its first value. What cannot be kept is a RefusedRow of its row."""
    first = {name: row for name in PARCEL_DATA for row in reversed(rows) if row.values.get(name)}
    values = {name: row.values[name] for name, row in first.items()}
    cut = {name: length for name, row in first.items() if (length := row.cut.get(name))}
    try:
        return read_parcel_data(values, customer_name, cut)
    except UnfitField as unfit:
        row, hidden = first.get(unfit.field, rows[0]), "" if unfit.field in NAMES_PERSON else None
        raise RefusedRow(row, unfit.reason, unfit.value, hidden) from unfit


def _state(rows: Sequence[Row], first: Row, dates: DateReader) -> ShopState:
    holds = (hold.reason for hold in HOLD_RULES if hold.pattern.fullmatch(first_value(rows, hold.field)))
    updated_at = first_value(rows, Field.UPDATED_AT)
    return ShopState(
        external_id=first_value(rows, Field.EXTERNAL_ID),
        updated_at=_date(first, Field.UPDATED_AT, updated_at, dates) if updated_at else None,
        payment_status=first_value(rows, Field.PAYMENT_STATUS),
        fulfillment_status=first_value(rows, Field.ORDER_FULFILLMENT),
        on_hold=next(holds, ""),
    )


def _date(row: Row, name: Field, text: str, dates: DateReader, *, end_of_day: bool = False) -> datetime:
    try:
        return dates.read(text, end_of_day=end_of_day)
    except ValueError as error:
        raise RefusedRow(row, say("%(field)s: %(fault)s", field=name, fault=error.args[0]), text) from error
