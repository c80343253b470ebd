"""Imports a file of stock in chunks; each chunk has its effect once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import Final, Protocol

from sqlalchemy.orm import Session

from webapp.domain.system_reasons import SystemReason
from webapp.domain.wording import say
from webapp.services.imports.columns import TableFormat
from webapp.services.imports.entries import stock_entries
from webapp.services.imports.formats import STOCK
from webapp.services.imports.reading import Progress, Source, spool_stock
from webapp.services.imports.report import ALREADY_IMPORTED, LeftOutRow, Report, RowOutcome, noted, rejected, skipped
from webapp.services.imports.spool import Row, Spool
from webapp.services.imports.stock_drafts import DraftStock, draft_stock
from webapp.services.imports.stock_rows_before import StockFile, key_of_row
from webapp.services.imports.stock_writing import StockWritten, write_stock

CHUNK_ROWS: Final = 200
"""Never change this: a chunk's key is the file's content and the chunk's number. With another size, continuing an
import from before rows were remembered would add units twice."""

NO_UNITS: Final = say("no units to add (quantity 0); the product itself is known now")


class RunStock(Protocol):
    """Runs ``work`` in a unit of work, once per ``key``; returns what it did, and whether it had run before."""

    def __call__(self, key: str, work: Callable[[Session], StockWritten]) -> tuple[StockWritten, bool]: ...


@dataclass
class StockImported:
    """What an import of stock did; the report's tally counts the rows."""

    units: int = 0
    new_products: int = 0
    filled_units: int = 0
    rows_before: int = 0
    """Rows whose units came in by another file; they were not added again."""
    is_repeat: bool = True
    unused_columns: tuple[str, ...] = ()


def import_stock(
    source: Source,
    store_id: int,
    actor: str,
    run: RunStock,
    report: Report,
    progress: Progress,
    reference: str = "",
    table: TableFormat = STOCK,
    *,
    is_another_delivery: bool = False,
) -> StockImported:
    """Add the file's units to the store's stock, each row once per ``reference``, and account for every row.

    ``reference`` (for example a delivery note's number) tells two deliveries with the same rows apart. A corrected,
    sorted or longer file adds what is new; with ``is_another_delivery`` also rows that came in by other files. The
    whole file is read before anything is written, so DamagedFile means that nothing was written. Importing the same
    file again continues an interrupted import.
    """
    result = StockImported()
    with Spool(table.columns) as spool:
        result.unused_columns = spool_stock(source, table, spool, progress)
        report.tally.read = spool.rows
        content = sha256(f"{spool.digest}:{reference}".encode()).hexdigest()
        file = StockFile(content, source.name, reference, is_another_delivery)
        again = ":another" if is_another_delivery else ""
        reason = SystemReason.IMPORTED(file=", ".join(filter(None, (source.name, reference))))
        done = 0
        for place, chunk in enumerate(_chunks(spool, reference)):
            rows = [draft for _, draft in chunk if isinstance(draft, DraftStock)]
            left_out = [draft for _, draft in chunk if isinstance(draft, LeftOutRow)]
            new_skus: list[str] = []
            if rows:
                work = partial(write_stock, store_id=store_id, actor=actor, reason=reason[:500], rows=rows, file=file)
                written, before = run(f"import-stock:{content}:{place}{again}", work)
                left_out += _left_out(rows, written, before=before)
                _count(result, written, before=before)
                new_skus = [] if before else written["new_skus"]
            report.list_entries(stock_entries(chunk, left_out, new_skus))
            imported = len(chunk) - sum(one.outcome is not RowOutcome.IMPORTED for one in left_out)
            report.add(imported, sorted(left_out, key=lambda one: one.row))
            done += len(chunk)
            progress("rows written", done, spool.rows)
    return result


def _chunks(spool: Spool, reference: str) -> Iterator[list[tuple[Row, DraftStock | LeftOutRow]]]:
    rows = ((row, _with_key(draft_stock(row), spool, reference)) for group in spool.groups() for row in group.rows)
    while chunk := list(islice(rows, CHUNK_ROWS)):
        yield chunk


def _with_key(draft: DraftStock | LeftOutRow, spool: Spool, reference: str) -> DraftStock | LeftOutRow:
    if isinstance(draft, LeftOutRow) or not draft.quantity:
        return draft
    return replace(draft, key=key_of_row(draft, reference, spool))


def _left_out(rows: list[DraftStock], written: StockWritten, *, before: bool) -> list[LeftOutRow]:
    refused = {number: rejected(number, "", reason, value) for number, reason, value in written["refused"]}
    came_before = {number: skipped(number, "", reason, value) for number, reason, value in written.get("before", ())}
    left_out = []
    for row in rows:
        if row.number in came_before:
            left_out.append(came_before[row.number])
        elif row.number in refused:
            left_out.append(refused[row.number])
        elif not row.quantity:
            left_out.append(skipped(row.number, "", NO_UNITS, row.sku))
        elif before:
            left_out.append(skipped(row.number, "", ALREADY_IMPORTED))
    if not before:
        left_out += [noted(number, "", remark, value) for number, remark, value in written["remarks"]]
    return left_out


def _count(result: StockImported, written: StockWritten, *, before: bool) -> None:
    if before:
        return
    result.rows_before += len(written["before"])
    if written["units"] or written["new_products"] or not written["before"]:
        result.is_repeat = False
    result.units += written["units"]
    result.new_products += written["new_products"]
    result.filled_units += written["filled_units"]
