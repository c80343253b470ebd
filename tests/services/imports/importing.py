"""An importer for tests, and files for it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from webapp.config import ROOT
from webapp.database.patience import OF_COMMANDS
from webapp.database.unit_of_work import Once, fingerprint, unit_of_work
from webapp.domain.clock import utc_now
from webapp.domain.settings import DEFAULTS
from webapp.models import Store
from webapp.services.imports.formats import ORDER_FORMATS
from webapp.services.imports.order_import import OrdersImported, RunOrders, import_orders
from webapp.services.imports.order_writing import Import, OrdersWritten
from webapp.services.imports.reading import Source
from webapp.services.imports.report import Report, RowTally
from webapp.services.imports.stock_import import RunStock, StockImported, import_stock
from webapp.services.imports.stock_writing import StockWritten

NATIVE = (
    "order_number",
    "ordered_at",
    "customer_name",
    "channel",
    "ship_by",
    "sku",
    "gtin",
    "product_name",
    "quantity",
)
STOCK = ("sku", "gtin", "product_name", "warehouse", "location", "quantity")
RETAIL = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")


CASES = ROOT / "tests/data/cases"


def case(name: str) -> Path:
    """Return the CSV file of a case, by its path in ``CASES`` without the ending."""
    return CASES / f"{name}.csv"


Result = TypeVar("Result", OrdersImported, StockImported)


class Killed(BaseException):
    """Stands for the process's end: nothing catches it."""


@dataclass(frozen=True)
class Imported(Generic[Result]):
    """An import's result: its tally, its return value, and the rows of the report file."""

    tally: RowTally
    result: Result
    report: list[dict[str, str]]

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """Rows read, imported, skipped, rejected."""
        return self.tally.read, self.tally.imported, self.tally.skipped, self.tally.rejected

    @property
    def reasons(self) -> dict[int, tuple[str, str]]:
        """Outcome and reason by row of the file."""
        return {int(line["row"]): (line["outcome"], line["reason"]) for line in self.report}


class Importer:
    """Writes content to a file and imports it as the commands do."""

    def __init__(self, session: Session, store: Store, folder: Path) -> None:
        self.session = session
        self.store_id, self.hours = store.id, DEFAULTS.ship_within_hours
        self.zone = ZoneInfo(store.time_zone)
        self.folder = folder
        self.starts_orders = False

    def orders(
        self,
        content: str | bytes | Path,
        format_name: str = "native",
        run: RunOrders | None = None,
    ) -> Imported[OrdersImported]:
        """Import orders; ``run`` replaces the unit of work."""
        source = Source(self._file(content))
        job = Import(self.store_id, self.hours, source.name, format_name, "max", self.zone, self.starts_orders)
        with Report(self.folder / "reports", "orders", utc_now()) as report:
            result = import_orders(source, ORDER_FORMATS[format_name], job, run or self.run, report, _quiet)
        return _imported(report, result)

    def stock(
        self,
        content: str | bytes | Path,
        reference: str = "",
        run: RunStock | None = None,
        *,
        is_another_delivery: bool = False,
    ) -> Imported[StockImported]:
        """Import stock; ``run`` replaces the unit of work."""
        with Report(self.folder / "reports", "stock", utc_now()) as report:
            source = Source(self._file(content))
            result = import_stock(
                source,
                self.store_id,
                "max",
                run or self.run_once,
                report,
                _quiet,
                reference,
                is_another_delivery=is_another_delivery,
            )
        return _imported(report, result)

    def run(self, work: Callable[[Session], OrdersWritten]) -> OrdersWritten:
        return unit_of_work(self.session, work, patience=OF_COMMANDS).result

    def run_once(self, key: str, work: Callable[[Session], StockWritten]) -> tuple[StockWritten, bool]:
        outcome = unit_of_work(self.session, work, Once(self.store_id, key, "max", fingerprint(key)), OF_COMMANDS)
        return outcome.result, outcome.replayed

    def _file(self, content: str | bytes | Path) -> Path:
        if isinstance(content, Path):
            return content
        path = self.folder / "given.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


def killed_in_second_chunk(run: Callable[..., Any], *, at_work: bool) -> Callable[..., Any]:
    """Return ``run``, but the process dies in the second chunk's work, or without ``at_work`` after its commit."""
    numbers = count(1)

    def run_or_die(*key_and_work: Any) -> Any:
        *key, work = key_and_work
        is_second = next(numbers) == 2

        def work_or_die(session: Session) -> Any:
            written = work(session)
            if is_second and at_work:
                raise Killed
            return written

        outcome = run(*key, work_or_die)
        if is_second:
            raise Killed
        return outcome

    return run_or_die


def native(*rows: Mapping[str, object]) -> str:
    """Return a native file of orders; missing columns get plausible values."""
    usual = {"order_number": "1001", "ordered_at": "2026-01-05 10:00", "sku": "A-1", "quantity": 1}
    return table(NATIVE, ({**usual, **row} for row in rows))


def stock(*rows: Mapping[str, object]) -> str:
    """Return a file of stock; missing columns get plausible values."""
    usual = {"sku": "A-1", "product_name": "Lantern", "warehouse": "main", "location": "A-01", "quantity": 5}
    return table(STOCK, ({**usual, **row} for row in rows))


def retail(*rows: Mapping[str, object]) -> str:
    """Return a file of the online shop; missing columns get plausible values."""
    usual = {
        "InvoiceNo": "540001",
        "StockCode": "85123A",
        "Description": "LANTERN",
        "Quantity": 6,
        "InvoiceDate": "2011-01-04 10:00:00",
        "UnitPrice": "2.55",
        "CustomerID": "17850.0",
        "Country": "United Kingdom",
    }
    return table(RETAIL, ({**usual, **row} for row in rows))


def table(header: Iterable[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Return a CSV text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(header), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _quiet(what: str, done: int, of: int) -> None:
    """Show no progress."""


def _imported(report: Report, result: Result) -> Imported[Result]:
    assert report.tally.adds_up
    with report.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(row["outcome"] != "imported" for row in rows) == report.tally.skipped + report.tally.rejected
    return Imported(report.tally, result, rows)
