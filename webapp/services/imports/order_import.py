"""Imports a file of orders in chunks; each chunk commits completely or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.domain.codes import code_key
from webapp.services.imports.columns import Field
from webapp.services.imports.dates import DateReader
from webapp.services.imports.drafts import DraftOrder
from webapp.services.imports.entries import entries_of_left_out
from webapp.services.imports.order_drafts import draft_order
from webapp.services.imports.order_format import OrderFormat
from webapp.services.imports.order_identity import orders_of
from webapp.services.imports.order_writing import Import, OrdersWritten, follow_order, write_orders
from webapp.services.imports.reading import Progress, Source, spool_orders
from webapp.services.imports.report import Report, RowOutcome
from webapp.services.imports.spool import Spool

CHUNK_ORDERS: Final = 25
CHUNK_LINES: Final = 250
"""A chunk ends at either limit: it holds the write lock for 20 ms of CPU time, so packers hardly notice. Chunks of 100
orders take three times as long for a fifth less of CPU time in all."""

STARTED_ORDERS: Final = 10
STARTED_LINES: Final = 100
"""The limits of a chunk whose orders are started: reserving takes longer, and also locks the products' places."""

RunOrders = Callable[[Callable[[Session], OrdersWritten]], OrdersWritten]
"""Runs ``work`` in its own unit of work and returns its result."""


@dataclass
class OrdersImported:
    """What an import of orders did; the report's tally counts the rows."""

    orders_read: int = 0
    new_orders: int = 0
    changed_orders: int = 0
    known_orders: int = 0
    rejected_orders: int = 0
    unmatched_lines: int = 0
    started_orders: int = 0
    reserved_units: int = 0
    waiting_units: int = 0
    unused_columns: tuple[str, ...] = ()


def import_orders(
    source: Source, table: OrderFormat, job: Import, run: RunOrders, report: Report, progress: Progress
) -> OrdersImported:
    """Import the file's orders, each whole or not at all, and account for every row in ``report``.

    The whole file is read before anything is written, so DamagedFile means that nothing was written. Importing the same
    file again, or after an interruption, writes only what is missing. Each known order follows the shop by itself.
    """
    result = OrdersImported()
    limits = (STARTED_ORDERS, STARTED_LINES) if job.starts_orders else (CHUNK_ORDERS, CHUNK_LINES)
    with Spool(table.columns) as spool:
        dates, result.unused_columns = spool_orders(source, table, job.zone, spool, progress)
        report.tally.read = spool.rows
        job = replace(job, newest_orders=_newest_orders(spool, table, dates))
        for chunk in _chunks(_drafts(spool, table, dates, report, result), *limits):
            written = run(partial(write_orders, job=job, drafts=chunk))
            _add_up(written, report, result)
            for order, draft in written.to_follow:
                _add_up(run(partial(follow_order, job=job, order=order, draft=draft)), report, result)
            progress("orders done", result.orders_read, max(result.orders_read, spool.group_count))
    return result


def _newest_orders(spool: Spool, table: OrderFormat, dates: DateReader) -> dict[str, datetime]:
    """Return when the newest order of each channel was placed, by the key of its code. A date in the future says
    nothing about the age of the file."""
    newest: dict[str, datetime] = {}
    latest = utc_now() + timedelta(days=1)
    for row in (row for group in spool.groups() for row in group.rows):
        with suppress(ValueError):
            at = dates.read(row.values.get(Field.ORDERED_AT, ""))
            channel = code_key(row.values.get(Field.CHANNEL, "") or table.channel)
            if at <= latest:
                newest[channel] = max(at, newest.get(channel, at))
    return newest


def _add_up(written: OrdersWritten, report: Report, result: OrdersImported) -> None:
    report.add(written.imported_rows, written.left_out)
    report.list_entries(written.entries)
    result.new_orders += written.new_orders
    result.changed_orders += written.changed_orders
    result.unmatched_lines += written.unmatched_lines
    result.started_orders += written.started.orders
    result.reserved_units += written.started.reserved_units
    result.waiting_units += written.started.waiting_units
    result.known_orders += written.known_orders
    result.rejected_orders += written.conflicting_orders


def _drafts(
    spool: Spool, table: OrderFormat, dates: DateReader, report: Report, result: OrdersImported
) -> Iterator[DraftOrder]:
    """Yield the orders that can be written; report the others at once."""
    for group in (one for numbered in spool.groups() for one in orders_of(numbered)):
        result.orders_read += not group.continued
        draft = draft_order(group, table, dates)
        if isinstance(draft, DraftOrder):
            yield draft
            continue
        report.add(0, draft)
        if not group.continued:
            report.list_entries(entries_of_left_out(group.rows, draft))
        if not group.continued and any(row.outcome is RowOutcome.REJECTED for row in draft):
            result.rejected_orders += 1


def _chunks(drafts: Iterable[DraftOrder], most_orders: int, most_lines: int) -> Iterator[list[DraftOrder]]:
    chunk: list[DraftOrder] = []
    lines = 0
    for draft in drafts:
        chunk.append(draft)
        lines += len(draft.lines)
        if len(chunk) >= most_orders or lines >= most_lines:
            yield chunk
            chunk, lines = [], 0
    if chunk:
        yield chunk
