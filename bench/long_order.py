"""Measures a 675-line order on the pick screen beside one of 3 lines, in a real browser with a slow tablet's CPU.

    python -m bench.long_order [--data FILE] [--slower 4] [--taps 8]

The long order is the real month's largest if its file is here, else an invented one of as many lines. Bytes are those
of the page; times are the browser's own, with its CPU slowed down ``--slower`` times.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from playwright.sync_api import CDPSession, Page
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from bench.bytes import PASSWORD, a_browser
from bench.rig.clients import Browser
from bench.rig.databases import flask, fresh_database
from bench.rig.servers import serve
from tests.helpers.browser import SCREENS
from tests.helpers.requirements import REAL_MONTH
from webapp.domain.statuses import OrderStatus
from webapp.models import Order

LINES = 675
SHORT = 3
UNITS = 20
"""Least units per line, enough for all measured taps."""

LOADED = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  return [paint.startTime, page.loadEventEnd, document.querySelectorAll("*").length];
}"""
TAP = """(at) => new Promise((resolve) => {
  const form = document.querySelectorAll(".item__ship")[at];
  const begun = performance.now();
  const isOurs = (event) => event.detail.ctx.sourceElement.closest(".item") === form.closest(".item");
  const drawn = (event) => {
    if (!isOurs(event)) return;
    document.removeEventListener("htmx:after:swap", drawn);
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
  };
  document.addEventListener("htmx:after:swap", drawn);
  form.querySelector(".stepper__input").value = "1";
  form.querySelector("[data-ship]").click();
})"""
KEYS = """() => {
  const input = document.querySelector(".item__ship .stepper__input");
  const begun = performance.now();
  for (let typed = 1; typed <= 20; typed += 1) {
    input.value = typed;
    input.dispatchEvent(new Event("input", {bubbles: true}));
    document.body.getBoundingClientRect();
  }
  return (performance.now() - begun) / 20;
}"""
SCAN = """() => {
  const codes = [...document.querySelectorAll("#to-do .item__codes")].at(-1).textContent.split(" · ")[0];
  const scan = document.querySelector(".scan");
  scan.elements.scan.value = codes.trim();
  const begun = performance.now();
  scan.requestSubmit();
  document.body.getBoundingClientRect();
  return performance.now() - begun;
}"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=REAL_MONTH)
    options.add_argument("--slower", type=float, default=4.0)
    options.add_argument("--taps", type=int, default=8)
    chosen = options.parse_args()
    with fresh_database("sqlite") as url, a_browser() as browser:
        ids = fill(url, chosen.data)
        with serve("wsgi:app", url) as server:
            page = browser.new_page(base_url=f"http://127.0.0.1:{server.port}", viewport=SCREENS["tablet"])  # type: ignore[arg-type]
            sign_in(page)
            packer = Browser(server.port)
            packer.sign_in("benny", PASSWORD)
            columns = [measure(page, packer, order_id, chosen.slower, chosen.taps) for order_id in ids]
    print(f"| on the pick screen | {SHORT} lines | {columns[1]['lines']:.0f} lines |\n| --- | ---: | ---: |")
    for row in columns[0]:
        print(f"| {row} | {columns[0][row]:,.1f} | {columns[1][row]:,.1f} |")


def fill(url: str, data: Path) -> tuple[int, int]:
    """Make a store with a packer and two orders to pick; return the ids of the short and the long one."""
    flask(url, "stores", "create", "bench", "Bench store")
    flask(url, "users", "create", "benny", "--store", "bench", "--role", "packer", "--password-stdin", stdin=PASSWORD)
    lines = largest_order(data) if data.exists() else [(f"SKU-{n:04}", f"Product {n}", UNITS) for n in range(LINES)]
    with tempfile.TemporaryDirectory() as folder:
        stock, orders = Path(folder) / "stock.csv", Path(folder) / "orders.csv"
        names = {sku: name for sku, name, _ in lines}
        write(
            stock,
            "sku,gtin,product_name,warehouse,location,quantity",
            [
                (sku, "", name, "main", f"{'ABCDEF'[n % 6]}-{n // 6 + 1:02}", 9999)
                for n, (sku, name) in enumerate(names.items())
            ],
        )
        write(
            orders,
            "order_number,ordered_at,customer_name,channel,ship_by,sku,gtin,product_name,quantity",
            [
                (number, "2010-12-06T10:00:00", "A shop", "bench", "2010-12-08T10:00:00", sku, "", name, units)
                for number, some in (("SHORT", lines[:SHORT]), ("LONG", lines))
                for sku, name, units in some
            ],
        )
        flask(url, "import", "stock", str(stock), "--store", "bench")
        flask(url, "import", "orders", str(orders), "--store", "bench", "--format", "native")
    for number in ("SHORT", "LONG"):
        flask(url, "orders", "status", number, str(OrderStatus.PROCESSING), "--store", "bench")
    database = create_engine(url)
    with Session(database) as db:
        ids = {number: order_id for order_id, number in db.execute(select(Order.id, Order.order_number))}
    database.dispose()
    return ids["SHORT"], ids["LONG"]


def largest_order(data: Path) -> list[tuple[str, str, int]]:
    """Return the month's order with the most lines: SKU, name and units of each, with extra units for the taps."""
    with gzip.open(data, "rt", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    number = Counter(row["InvoiceNo"] for row in rows).most_common(1)[0][0]
    lines = [(row["StockCode"], row["Description"], int(row["Quantity"])) for row in rows if row["InvoiceNo"] == number]
    return [(sku, name or sku, units + UNITS) for sku, name, units in lines if units > 0]


def write(file: Path, head: str, rows: Iterable[Sequence[object]]) -> None:
    """Write an import file."""
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([head.split(","), *rows])


def sign_in(page: Page) -> None:
    """Sign in through the form, as a person does."""
    page.set_default_timeout(60_000)
    page.goto("/login")
    page.locator("[name=username]").fill("benny")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def measure(page: Page, packer: Browser, order_id: int, slower: float, taps: int) -> dict[str, float]:
    """Return one order's figures, in milliseconds unless named otherwise."""
    path = f"/orders/{order_id}/pick"
    figures: dict[str, float] = {}
    served = []
    for _ in range(5):
        begun = perf_counter()
        _, body = packer.get(path)
        served.append(1000 * (perf_counter() - begun))
    slow = page.context.new_cdp_session(page)
    slow.send("Performance.enable")
    slow.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(path, wait_until="networkidle")
    painted, loaded, nodes = page.evaluate(LOADED)
    figures["lines"] = page.locator("article.item").count()
    figures["server, page"] = median(served)
    figures["page, kB"] = len(body) / 1000
    figures["page compressed, kB"] = len(gzip.compress(body, 6)) / 1000
    figures["elements"] = nodes
    figures["first contentful paint"] = painted
    figures["page ready"] = loaded
    figures["a key typed into a quantity"] = page.evaluate(KEYS)
    before = work(slow)
    with page.expect_response("**/shipment-status?version=*"):
        pass
    with page.expect_response("**/shipment-status?version=*"):
        pass
    after = work(slow)
    figures["a poll without news: script"] = (after["ScriptDuration"] - before["ScriptDuration"]) / 2
    figures["a poll without news: style and layout"] = (
        sum(after[part] - before[part] for part in ("RecalcStyleDuration", "LayoutDuration")) / 2
    )
    figures["from tap to the redrawn card"] = median(page.evaluate(TAP, tap % SHORT) for tap in range(taps))
    figures["a scan that jumps to the last item"] = page.evaluate(SCAN)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return figures


def work(slow: CDPSession) -> dict[str, Any]:
    """Return the page's work so far, by kind, in milliseconds."""
    return {metric["name"]: 1000 * metric["value"] for metric in slow.send("Performance.getMetrics")["metrics"]}


if __name__ == "__main__":
    main()
