"""An order's trail, and the store's activity, as tables for a spreadsheet: one row per event and per ledger row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from webapp.domain.activity import ActivityOrder
from webapp.domain.sequences import positions
from webapp.domain.spreadsheets import harmless
from webapp.domain.trail import Movement, TrailEvent, TrailItem
from webapp.languages import time_zone
from webapp.presenters.phrases.reasons import reason_words
from webapp.presenters.phrases.sentences import plain
from webapp.presenters.trail.event_sentences import say_event
from webapp.presenters.trail.ledger_sentences import say_movement

HEADER: Final = (
    "time",
    "person",
    "entry",
    "what_happened",
    "line",
    "sku",
    "product_name",
    "warehouse",
    "location",
    "on_hand_change",
    "on_hand_before",
    "on_hand_after",
    "reserved_change",
    "reserved_before",
    "reserved_after",
    "reason",
    "operation_id",
)

_LINE: Final = HEADER.index("line")
ACTIVITY_HEADER: Final = (*HEADER[:_LINE], "order_number", *HEADER[_LINE:])
"""Orders are called as on screens: with the channel where two have one number."""

_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9._-]+")

Cell = str | int
Row = tuple[Cell, ...]


class ProductOfRow(Protocol):
    """The product of a movement."""

    @property
    def sku(self) -> str: ...
    @property
    def product_name(self) -> str: ...


def trail_csv(items: Mapping[int, TrailItem], events: Sequence[TrailEvent], movements: Sequence[Movement]) -> str:
    """Return the trail as CSV (RFC 4180). Text is made harmless; numbers stay numbers."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(HEADER)
    for row in trail_rows(items, events, movements):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return table.getvalue()


def file_name(order_number: str) -> str:
    """Return a download's name without its ending: the characters of the order's number that every file system
    accepts."""
    return f"{_NOT_IN_NAMES.sub('-', order_number).strip('-.') or 'order'}-trail"


def activity_rows(
    operation_ids: Sequence[str],
    events: Sequence[TrailEvent],
    movements: Sequence[tuple[Movement, ProductOfRow]],
    orders: Mapping[int, ActivityOrder],
    items: Mapping[int, TrailItem],
) -> list[Row]:
    """Return a row for each event and ledger row of these operations, in their order, each operation's as it
    happened."""
    place = {operation_id: number for number, operation_id in enumerate(operation_ids)}
    rows = [
        (place[event.operation_id], 0, event.event_id, _of_order(_event_row(event, items), event.order_id, orders))
        for event in events
    ]
    for move, product in movements:
        row, item = _movement_row(move, items), items.get(move.item_id or 0)
        line = _line(item) if item else ("", product.sku, product.product_name)
        row = (*row[:_LINE], *line, *row[_LINE + len(line) :])
        rows.append((place[move.operation_id], 1, move.transaction_id, _of_order(row, move.order_id, orders)))
    return [row for *_, row in sorted(rows)]


def _of_order(row: Row, order_id: int | None, orders: Mapping[int, ActivityOrder]) -> Row:
    order = orders.get(order_id or 0)
    return (*row[:_LINE], order.order_number if order else "", *row[_LINE:])


def trail_rows(
    items: Mapping[int, TrailItem], events: Sequence[TrailEvent], movements: Sequence[Movement]
) -> Iterable[Row]:
    """Return the trail's rows, oldest first."""
    place = positions(events, movements)
    rows = [(place[event.operation_id], 0, event.event_id, _event_row(event, items)) for event in events]
    rows += [(place[move.operation_id], 1, move.transaction_id, _movement_row(move, items)) for move in movements]
    return (row for *_, row in sorted(rows))


def _event_row(event: TrailEvent, items: Mapping[int, TrailItem]) -> Row:
    item = items.get(event.item_id) if event.item_id else None
    return (
        _time(event.at),
        event.actor,
        event.kind.value,
        plain(say_event(event, item, ())),
        *_line(item),
        *("",) * 8,
        reason_words(event.reason),
        event.operation_id,
    )


def _movement_row(move: Movement, items: Mapping[int, TrailItem]) -> Row:
    item = items.get(move.item_id) if move.item_id else None
    return (
        _time(move.at),
        move.actor,
        f"stock {move.kind.value}" + (" reversed" if move.is_reversal else ""),
        plain(say_movement(move, item)),
        *_line(item),
        move.warehouse,
        move.location,
        move.quantity_change,
        move.quantity_before,
        move.quantity_after,
        move.reserved_change,
        move.reserved_before,
        move.reserved_after,
        reason_words(move.reason),
        move.operation_id,
    )


def _time(at: datetime) -> str:
    """Return the time as screens show it, with its offset from UTC."""
    return at.astimezone(time_zone()).isoformat()


def _line(item: TrailItem | None) -> Row:
    return (item.position, item.sku, item.name) if item else ("", "", "")
