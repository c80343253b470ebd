"""Takes a year of the real shop through every migration, down to the first and up again, and counts what comes back.

    python -m bench.year [--engine sqlite] [--months 12] [--data FILE]

The year is the real month again and again with other invoice numbers. The first month's orders are started, so that the
ledger has their reservations. Fails if a row of the ledger, an order or a product is lost, or ``flask stock verify``
finds something.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, create_engine, text

from bench.month import stock_for_demand
from bench.rig.databases import ENGINES, flask, fresh_database
from tests.database.migrating import MIGRATIONS
from tests.helpers.databases import close, settings
from tests.helpers.requirements import REAL_MONTH
from webapp import create_app

STORE = "year"
COUNTED = ("orders", "order_items", "products", "inventory", "inventory_transactions", "order_events", "allocations")
SLOW = 1.0
"""Seconds; a revision that takes longer is named."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--engine", choices=ENGINES, nargs="*", default=list(ENGINES))
    options.add_argument("--months", type=int, default=12)
    options.add_argument("--data", type=Path, default=REAL_MONTH)
    chosen = options.parse_args()
    sys.exit(1 if sum(run(engine, chosen.data, chosen.months) for engine in chosen.engine) else 0)


def run(engine: str, data: Path, months: int) -> int:
    """Measure one engine, print the figures, return the number of faults found."""
    print(f"\n## {engine}, {months} months\n", flush=True)
    with fresh_database(engine) as url, tempfile.TemporaryDirectory(prefix="packbench-bench-") as folder:
        bring_in(url, data, months, Path(folder))
        database = create_engine(url)
        before = counts(database)
        print("- rows:", ", ".join(f"{name} {number:,}" for name, number in before.items()), flush=True)
        migrate_all(url)
        lost = {name: (number, now) for name, number in before.items() if (now := counts(database)[name]) != number}
        database.dispose()
        violations = json.loads(flask(url, "stock", "verify", "--json"))["violations"]
        print(f"- rows that are not what they were: {lost or 'none'}; stock verify: {len(violations)} violations")
        return len(lost) + len(violations)


def bring_in(url: str, data: Path, months: int, folder: Path) -> None:
    """Import goods for one month, and the month's orders once for each month."""
    begun = perf_counter()
    flask(url, "stores", "create", STORE, "A year")
    stock_for_demand(data, folder / "stock.csv")
    flask(url, "import", "stock", f"{folder}/stock.csv", "--store", STORE)
    for month in range(months):
        flask(url, "stores", "set", STORE, "start_imported_orders", "no" if month else "yes")
        file = with_other_numbers(data, folder / "orders.csv", month)
        flask(url, "import", "orders", str(file), "--store", STORE, "--format", "online-retail")
    print(f"- brought in within {perf_counter() - begun:.0f} s", flush=True)


def with_other_numbers(data: Path, target: Path, month: int) -> Path:
    """Write the month with invoice numbers of its own; return the file."""
    with gzip.open(data, "rt", encoding="utf-8", newline="") as lines, target.open("w", newline="") as file:
        rows = csv.reader(lines)
        writer = csv.writer(file)
        writer.writerow(next(rows))
        for number, *others in rows:
            writer.writerow([re.sub(r"\d+", lambda digits: str(int(digits[0]) + 10_000 * month), number), *others])
    return target


def migrate_all(url: str) -> None:
    """Take the database down revision by revision, and up again; print the times."""
    revisions = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    app = create_app({**settings(url), "LOG_LEVEL": "WARNING"})
    with app.app_context():
        for what, step, steps in (("down", downgrade, revisions[1:]), ("up", upgrade, revisions[-2::-1])):
            seconds = {}
            for revision in steps:
                begun = perf_counter()
                step(revision=revision)
                seconds[revision] = perf_counter() - begun
            slow = ", ".join(f"{revision} {taken:.1f}" for revision, taken in seconds.items() if taken > SLOW)
            print(f"- {what}: {len(seconds)} revisions in {sum(seconds.values()):.0f} s; slow: {slow}", flush=True)
    close(app)


def counts(database: Engine) -> dict[str, int]:
    """Return the number of rows of each table that must come back."""
    with database.connect() as connection:
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in COUNTED}


if __name__ == "__main__":
    main()
