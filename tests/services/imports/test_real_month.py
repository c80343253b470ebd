"""The whole real month: every row is accounted for, once."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.helpers.requirements import REAL_MONTH
from tests.helpers.server_fixtures import ROOT, environment
from tests.services.imports.importing import Importer, stock
from webapp.models import Order, OrderItem, Product, Store
from webapp.services.imports.product_matching import OTHER_SPELLING

ROWS = 42_481
NOT_GOODS = {
    "credit note": 728,
    "postage or carriage, not goods": 128,
    "stock correction (quantity below 0)": 70,
    "manual line, discount or adjustment, not goods": 33,
    "fee or commission, not goods": 2,
    "gift voucher, not goods": 2,
}

MEASURE = """
import resource, sys
from wsgi import app
with app.app_context():
    app.cli.main(args=sys.argv[1:], standalone_mode=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_every_row_of_the_real_month_is_accounted_for_and_comes_in_once(
    db: Session, importer: Importer, store: Store
) -> None:
    importer.stock(stock({"sku": "85123A"}))

    imported, again = importer.orders(REAL_MONTH, "online-retail"), importer.orders(REAL_MONTH, "online-retail")

    goods = ROWS - sum(NOT_GOODS.values())
    placeholder_lines = db.scalar(
        select(func.count())
        .select_from(OrderItem)
        .join(Product, Product.id == OrderItem.product_id)
        .where(Product.is_placeholder)
    )
    largest = db.execute(
        select(OrderItem.order_id, func.count().label("lines"))
        .group_by(OrderItem.order_id)
        .order_by(func.count().desc())
    ).first()
    assert imported.numbers == (ROWS, goods, ROWS - goods, 0)
    assert {reason: count for (_, reason), count in imported.tally.reasons.items()} == {**NOT_GOODS, OTHER_SPELLING: 5}
    assert db.scalar(select(func.count()).select_from(OrderItem)) == goods
    assert db.scalar(select(func.count()).select_from(Order)) == imported.result.new_orders == 1622
    assert again.numbers == (ROWS, 0, ROWS, 0)
    assert again.result.known_orders == 1622
    assert 0 < goods - (placeholder_lines or 0) < goods
    assert largest is not None
    assert largest.lines > 600


@pytest.mark.engines("sqlite")
def test_ten_times_the_rows_take_no_more_memory(database_url: str, store: Store, tmp_path: Path) -> None:
    tenth = tmp_path / "tenth.csv"
    with gzip.open(REAL_MONTH, "rt", newline="", encoding="utf-8") as file, tenth.open("w", newline="") as out:
        csv.writer(out).writerows(islice(csv.reader(file), ROWS // 10))

    peaks = [peak_kib(database_url, path, tmp_path) for path in (tenth, REAL_MONTH)]

    assert peaks[1] < peaks[0] * 1.1


def peak_kib(database_url: str, path: Path, folder: Path) -> int:
    """Import the file with the command in a separate process; return its peak memory in KiB."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, "import", "orders", str(path), "--store", "MAIN", "--format", "online-retail"],
        env=environment(database_url, REPORT_FOLDER=str(folder / "reports")),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout.splitlines()[-1])
