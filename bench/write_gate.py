"""Measures the write gate: SQLite writers with and without it, as threads and as processes.

    python -m bench.write_gate [--seconds 5] [--writers 1 16]

Each write is a transaction of one UPDATE and one INSERT, committed durably (WAL, synchronous=FULL).
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import threading
from collections.abc import Callable
from multiprocessing.queues import Queue
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.rig.clients import Timings
from webapp.database.sqlite_connection import GatedConnection
from webapp.database.write_gate import gate_for


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=5.0)
    options.add_argument("--writers", type=int, nargs="*", default=[1, 16])
    chosen = options.parse_args()
    print("| writers | gate | commits/s | p50 ms | p99 ms | longest ms |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for number in chosen.writers:
        for kind, start in (("threads", threading.Thread), ("processes", multiprocessing.Process)):
            for gated in (False, True):
                total = measure(start, number, gated, chosen.seconds)
                print(
                    f"| {number} {kind} | {'yes' if gated else 'no'} | {total.rate:.0f} | {total.percentile(0.5):.2f} "
                    f"| {total.percentile(0.99):.2f} | {total.percentile(1.0):.0f} |",
                    flush=True,
                )


def measure(start: Callable[..., Any], number: int, gated: bool, seconds: float) -> Timings:
    """Let ``number`` writers commit for ``seconds``; return each commit's time, including the wait."""
    with tempfile.TemporaryDirectory(prefix="packbench-gate-") as folder:
        path = Path(folder) / "gate.db"
        connection = connect(path, gated)
        connection.executescript(
            "CREATE TABLE stock (id INTEGER PRIMARY KEY, units INTEGER);"
            "CREATE TABLE ledger (id INTEGER PRIMARY KEY, units INTEGER);"
            "INSERT INTO stock VALUES (1, 0);"
        )
        connection.close()
        results: Queue[list[float]] = multiprocessing.Queue()
        writers = [start(target=write, args=(path, gated, seconds, results)) for _ in range(number)]
        for writer in writers:
            writer.start()
        total = Timings(elapsed=seconds)
        for _ in writers:
            total.seconds += results.get()
        for writer in writers:
            writer.join()
        return total


def write(path: Path, gated: bool, seconds: float, results: Queue[list[float]]) -> None:
    """Commit for ``seconds`` and put each commit's time into ``results``."""
    connection = connect(path, gated)
    timings: list[float] = []
    stop = perf_counter() + seconds
    while (begun := perf_counter()) < stop:
        connection.begin("IMMEDIATE")
        connection.execute("UPDATE stock SET units = units + 1 WHERE id = 1")
        connection.execute("INSERT INTO ledger (units) VALUES (1)")
        connection.commit()
        timings.append(perf_counter() - begun)
    connection.close()
    results.put(timings)


def connect(path: Path, gated: bool) -> GatedConnection:
    """Open a durable connection, with or without the gate; SQLite's own timeout is long enough for either."""
    connection = GatedConnection(path, timeout=60, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.gate = gate_for(path) if gated else None
    return connection


if __name__ == "__main__":
    main()
