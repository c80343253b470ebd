"""Counts the bytes that a tablet receives, in a real browser with an empty cache: a first visit, and each tap after it.

python -m bench.bytes [--lines 10] [--orders 60] [--each]

Exits with 1 if a first visit or the response to a ship is over its budget.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bench.rig.databases import flask, fresh_database
from bench.rig.seed import seed_orders
from bench.rig.servers import serve
from tests.helpers.browser import SCREENS, installed_browser, launch_arguments
from tests.helpers.wire import FIRST_VISIT_BYTES, SHIP_ANSWER_BYTES, Wire, ship_first_item, sign_in_and_pick
from webapp.models import Store

PASSWORD = "bench password only"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=10)
    options.add_argument("--orders", type=int, default=60)
    options.add_argument("--each", action="store_true", help="list every answer as well")
    chosen = options.parse_args()
    with fresh_database("sqlite") as url, a_browser() as browser:
        order_id = fill(url, chosen.orders, chosen.lines)
        with serve("wsgi:app", url) as server:
            sys.exit(0 if measure(browser, f"http://127.0.0.1:{server.port}", order_id, each=chosen.each) else 1)


def fill(url: str, orders: int, lines: int) -> int:
    """Make a store with a packer and open orders; return one order's id."""
    flask(url, "stores", "create", "bench", "Bench store")
    flask(url, "users", "create", "benny", "--store", "bench", "--role", "packer", "--password-stdin", stdin=PASSWORD)
    database = create_engine(url)
    with Session(database) as db:
        seeded = seed_orders(db, db.get_one(Store, 1), orders, lines=lines)
    database.dispose()
    return min(seeded.items_by_order)


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Start the machine's own Chromium, or Playwright's."""
    with sync_playwright() as playwright:
        browser_path = installed_browser()
        browser = playwright.chromium.launch(args=launch_arguments(), executable_path=browser_path)
        yield browser
        browser.close()


def measure(browser: Browser, address: str, order_id: int, *, each: bool) -> bool:
    """Print a table of steps; return whether both budgets hold."""
    page = browser.new_page(base_url=address, viewport=SCREENS["tablet"], has_touch=True)  # type: ignore[arg-type]
    wire = Wire(page)
    first_visit = sign_in_and_pick(page, wire, "benny", PASSWORD, order_id)
    requests = len(wire.received)
    ship = ship_first_item(page, wire)
    again = {"order list again": wire.open("/orders"), "pick screen again": wire.open(f"/orders/{order_id}/pick")}
    total = sum(first_visit.values())
    print("| step | bytes over the wire | at most |\n| --- | ---: | ---: |")
    for step, size in first_visit.items():
        print(f"| {step} | {size:,} | |")
    print(f"| **first visit**, {requests} requests | {total:,} | {FIRST_VISIT_BYTES:,} |")
    print(f"| a ship's answer | {ship.size:,} | {SHIP_ANSWER_BYTES:,} |")
    for step, size in again.items():
        print(f"| {step} | {size:,} | |")
    if each:
        for answer in wire.received:
            print(f"{answer.size:8,} {answer.method} {answer.path} {answer.status}")
    return ship.status == 200 and ship.size <= SHIP_ANSWER_BYTES and total <= FIRST_VISIT_BYTES


if __name__ == "__main__":
    main()
