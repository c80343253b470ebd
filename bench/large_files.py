"""Imports a large file of orders by the screen, and exports it, while two people ship and read: memory, rate, the
slowest request.

    python -m bench.large_files [--engine sqlite] [--orders 100000] [--start]

The file is checked, then imported; the import's process is killed in the middle, and "Go on" is pressed. Then two
people take all orders away at once, as XLSX and as CSV. At the end every order must be there once, and ``flask stock
verify`` must find nothing. ``--start``: imported orders are reserved at once. Fails if a request took longer than a
second on SQLite.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter, sleep

import psutil
from sqlalchemy import create_engine, text

from bench.rig.clients import ApiClient, Browser, Timings
from bench.rig.databases import ENGINES, flask, fresh_database
from bench.rig.person import PAGES
from bench.rig.programs import THIS
from bench.rig.servers import Server, serve
from bench.rig.shop import CODE, NATIVE, PACKER, PASSWORD, PRODUCTS, OpenOrder, bring_in, process_all, settle

MANAGER = "max"
OPEN_ORDERS = 200
LONGEST = 1.0
"""Seconds that a request may take beside the import, on SQLite."""

_PROGRESS = re.compile(r"<progress[^>]*value=\"(\d+)\"[^>]*max=\"(\d+)\"")


@dataclass
class Beside:
    """What two people's requests took, by what they did, while ``phase`` went on."""

    phase: str = "before"
    timings: dict[tuple[str, str], Timings] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    mutex: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, phase: str, seconds: float, *, failed: bool) -> None:
        with self.mutex:
            timings = self.timings.setdefault((phase, what), Timings())
            timings.seconds.append(seconds)
            timings.failed += failed


@dataclass
class Memory:
    """The resident memory of an import's process, in MB, at tenths of its way."""

    at: dict[str, int] = field(default_factory=dict)
    most: int = 0

    def note(self, words: str, process: psutil.Process | None) -> None:
        try:
            size = process.memory_info().rss // 2**20 if process else 0
        except psutil.NoSuchProcess:
            return
        self.most = max(self.most, size)
        self.at[words] = max(size, self.at.get(words, 0))


class Desk:
    """A manager who sends a file and presses the buttons of its page."""

    def __init__(self, port: int, server: Server) -> None:
        self._browser, self._port, self._server = Browser(port), port, server
        self._browser.sign_in(MANAGER, PASSWORD)
        self.address = ""

    def send(self, file: Path) -> None:
        """Send the file by the form; the server checks it at once."""
        self._browser.get("/imports")
        self.address = self._browser.send_file("/imports", file)

    def press(self, button: str) -> None:
        """Press a button of the page."""
        self._browser.post(f"{self.address}/{button}", {}, htmx=False)

    def page(self) -> str:
        """Return the part of the page that changes."""
        return self._browser.get(f"{self.address}/panel")[1].decode()

    def take_away(self, ending: str) -> None:
        """Export all orders as a file, on a connection of its own; print what it took."""
        browser = Browser(self._port, seconds=600)
        browser.sign_in(MANAGER, PASSWORD)
        begun = perf_counter()
        _, content = browser.get(f"/exports/orders.{ending}?status=all")
        print(f"- export as {ending}: {perf_counter() - begun:.0f} s, {len(content) / 2**20:.1f} MiB", flush=True)

    def process(self) -> psutil.Process | None:
        """Return the process at work on the import, if there is one."""
        for process in self._server.process.children(recursive=True):
            try:
                if "job" in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                    return process
            except psutil.NoSuchProcess:
                continue
        return None

    def watch(self, memory: Memory, until: float = 2.0) -> float:
        """Wait until the process has ended, or the import is so far (a share); return the seconds."""
        begun = perf_counter()
        while perf_counter() - begun < 1800:
            page, process = self.page(), self.process()
            progress = _PROGRESS.search(page)
            done, of = (int(progress[1]), int(progress[2])) if progress else (0, 0)
            if "Orders:" in page:
                memory.note(f"{10 * done // of * 10} %", process)
                if done >= until * of:
                    break
            else:
                memory.note("reading", process)
            if "hx-get" not in page:
                break
            sleep(0.25)
        return perf_counter() - begun


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--engine", choices=ENGINES, nargs="*", default=list(ENGINES))
    options.add_argument("--orders", type=int, default=100_000)
    options.add_argument("--start", action="store_true", help="imported orders are reserved at once")
    chosen = options.parse_args()
    sys.exit(1 if sum(run(engine, chosen.orders, chosen.start) for engine in chosen.engine) else 0)


def run(engine: str, orders: int, start: bool) -> int:
    """Measure one engine, print the figures, return the number of faults found."""
    print(f"\n## {engine}, {orders:,} orders\n", flush=True)
    print(f"- load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with fresh_database(engine) as url, tempfile.TemporaryDirectory(prefix="packbench-bench-") as folder:
        token = bring_in(url, THIS, OPEN_ORDERS)
        person = ("users", "create", MANAGER, "--store", CODE, "--role", "manager", "--password-stdin")
        flask(url, *person, stdin=PASSWORD)
        if start:
            flask(url, "stores", "set", CODE, "start_imported_orders", "true")
        file = Path(folder) / "orders.csv"
        rows = write_file(file, orders)
        with serve("wsgi:app", url, IMPORT_FOLDER=f"{folder}/imports", REPORT_FOLDER=f"{folder}/reports") as server:
            open_orders = process_all(server.port, token)
            settle(url)
            slow = measure(Desk(server.port, server), file, rows, server, token, open_orders)
        faults = check(url, orders)
        return faults + (slow if engine == "sqlite" else 0)


def measure(desk: Desk, file: Path, rows: int, server: Server, token: str, open_orders: list[OpenOrder]) -> int:
    """Check the file, import it with a kill in the middle, print what it cost; return how many requests were slow."""
    beside, exports = Beside(), list[threading.Thread]()
    print(f"- the file: {rows:,} rows, {file.stat().st_size / 2**20:.1f} MiB", flush=True)
    with people(beside, server.port, token, open_orders):
        sleep(5)
        for phase, press, until in (("check", "", 2.0), ("import", "run", 0.5), ("rest", "run", 2.0)):
            beside.phase, memory = phase, Memory()
            begun = perf_counter()
            desk.press(press) if press else desk.send(file)
            sent = perf_counter() - begun
            seconds = desk.watch(memory, until)
            marks = ", ".join(f"{words} {size}" for words, size in memory.at.items())
            print(
                f"- {phase}: {seconds:.0f} s (answer to the press {sent:.1f} s); MB of its process: {marks}", flush=True
            )
            if until < 1:
                kill(desk)
        beside.phase = "exports"
        for one in (threading.Thread(target=desk.take_away, args=(ending,)) for ending in ("xlsx", "csv")):
            exports.append(one)
            one.start()
        for one in exports:
            one.join()
        beside.phase = "after"
        print(f"- the page says at the end: {' '.join(re.sub('<[^>]*>', ' ', desk.page()).split())[:200]}")
    print(f"- peak memory of a server process: {server.peak_memory() / 2**20:.0f} MB; load: {os.getloadavg()[0]:.1f}")
    for (phase, what), timings in sorted(beside.timings.items()):
        marks = ", ".join(f"p{int(share * 100)} {timings.percentile(share):.0f}" for share in (0.5, 0.99))
        longest, failed = timings.percentile(1.0), timings.failed
        print(f"- {phase}: {what}: {len(timings.seconds)}, ms: {marks}, longest {longest:.0f}; failed: {failed}")
    return sum(one > LONGEST for timings in beside.timings.values() for one in timings.seconds)


def kill(desk: Desk) -> None:
    """Kill the process at work, as a power cut would, and print what the page says then."""
    process = desk.process()
    if process is None:
        sys.exit("The import was over before it could be killed: give it more orders.")
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    words = re.sub("<[^>]*>", " ", desk.page())
    print(f"- killed in the middle; the page says: {' '.join(words.split())[:160]}", flush=True)


@contextmanager
def people(beside: Beside, port: int, token: str, open_orders: list[OpenOrder]) -> Iterator[None]:
    """Let a packer ship and read by the screen, and a program by the API, until the end."""
    half = len(open_orders) // 2
    threads = [
        threading.Thread(target=by_screen, args=(beside, port, open_orders[:half])),
        threading.Thread(target=by_program, args=(beside, port, token, open_orders[half:])),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        beside.stop.set()
        for thread in threads:
            thread.join()


def by_screen(beside: Beside, port: int, orders: list[OpenOrder]) -> None:
    """Ship a unit, look at the list and at the pick screen, again and again."""
    browser = Browser(port)
    browser.sign_in(PACKER, PASSWORD)
    for turn in count():
        if beside.stop.wait(0.05):
            return
        order = orders[turn % len(orders)]
        item = order.items[turn // len(orders) % len(order.items)]
        with timed(beside, "ship from the screen") as statuses:
            statuses.append(browser.ship(f"/orders/{order.order_id}/items/{item}")[0])
        for what in ("list", "pick"):
            with timed(beside, what) as statuses:
                statuses.append(browser.get(PAGES[what].format(order.order_id))[0])


def by_program(beside: Beside, port: int, token: str, orders: list[OpenOrder]) -> None:
    """Ship a unit by the API, again and again."""
    api = ApiClient(port, token)
    for turn in count():
        if beside.stop.wait(0.05):
            return
        order = orders[turn % len(orders)]
        item = order.items[turn // len(orders) % len(order.items)]
        with timed(beside, "ship by the API") as statuses:
            path, key = f"/orders/{order.order_id}/items/{item}/ship", os.urandom(16).hex()
            statuses.append(api.post(path, {"quantity": 1}, key)[0])


@contextmanager
def timed(beside: Beside, what: str) -> Iterator[list[int]]:
    """Note how long one request takes, in the phase in which it began."""
    statuses: list[int] = []
    phase, begun = beside.phase, perf_counter()
    yield statuses
    beside.note(what, phase, perf_counter() - begun, failed=statuses != [200])


def write_file(path: Path, orders: int) -> int:
    """Write orders of one to three lines in our own format; return the number of rows."""
    start, rows = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=20), 0
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(NATIVE)
        for n in range(orders):
            ordered = start + timedelta(seconds=n % 70000)
            dates = ordered.isoformat(), (ordered + timedelta(days=2)).isoformat()
            for line in range(n % 3 + 1):
                sku = (n * 7 + line * 61) % PRODUCTS
                named = f"SKU-{sku:04}", "", f"Product number {sku}", 1
                writer.writerow(
                    (f"L-{n:07}", dates[0], f"Customer {n % 977} of a large shop", "large", dates[1], *named)
                )
                rows += 1
    return rows


def check(url: str, orders: int) -> int:
    """Count the orders, run the verification, print both; return the number of faults."""
    engine = create_engine(url)
    with engine.connect() as connection:
        stored = connection.scalar(text("SELECT count(*) FROM orders WHERE order_number LIKE 'L-%'")) or 0
    engine.dispose()
    violations = json.loads(flask(url, "stock", "verify", "--json"))["violations"]
    print(f"- orders in the file {orders:,}, in the database {stored:,}; stock verify: {len(violations)} violations")
    return abs(int(stored) - orders) + len(violations)


if __name__ == "__main__":
    main()
