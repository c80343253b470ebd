"""Page weight: bytes over the wire, and no layout shift while a screen loads."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, make_order
from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.cast import NAMES
from tests.helpers.warehouse import Warehouse
from tests.helpers.wire import FIRST_VISIT_BYTES, SHIP_ANSWER_BYTES, Wire, ship_first_item, sign_in_and_pick
from webapp.models import Order

A_PAGE_OF_ORDERS = 50
STILL = 0.01
"""A tenth of what counts as good (web.dev/cls): the sum of the parts of the screen that moved, times how far."""

MOVED = """
window.moved = [];
new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.moved.push(
  [entry.value, ...entry.sources.map((source) => source.node?.outerHTML?.slice(0, 80) ?? "gone")]
))).observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture
def order(warehouse: Warehouse, db: Session) -> Order:
    """Ten lines to pick, in a shop with more orders than its list shows at once."""
    products = [warehouse.product(f"Stoneware mug, colour {n}", **{f"A{n}": 20}) for n in range(10)]
    for _ in range(A_PAGE_OF_ORDERS):
        make_order(db, warehouse.store, [(products[0], 1)])
    return warehouse.processing(*((product, 3) for product in products))


def test_a_first_visit_fits_its_budget_and_fetches_nothing_twice(open_page: OpenPage, order: Order) -> None:
    page = open_page()
    wire = Wire(page)

    steps = sign_in_and_pick(page, wire, NAMES["packer"], PASSWORD, order.id)

    assert sum(steps.values()) <= FIRST_VISIT_BYTES, steps
    files = Counter(answer.path for answer in wire.received if answer.path.startswith(("/static/", "/assets/")))
    assert {"/assets/packbench.css", "/assets/picking.js"} <= set(files)
    assert [path for path, times in files.items() if times > 1] == []


def test_a_ships_answer_fits_its_budget(open_page: OpenPage, order: Order, page_errors: list[str]) -> None:
    page = open_page(part="packer")
    wire = Wire(page)
    wire.open(f"/orders/{order.id}/pick")

    some, refused, all_of_it = (ship_first_item(page, wire, units) for units in (1, 9, 2))

    assert (some.status, refused.status, all_of_it.status) == (200, 422, 200)
    assert max(some.size, refused.size, all_of_it.size) <= SHIP_ANSWER_BYTES
    page_errors.clear()  # The browser itself notes the 422.


@pytest.mark.parametrize("screen", ["tablet", "handheld"])
@pytest.mark.parametrize("where", ["/orders", "/orders/{id}/pick", "/orders/{id}/audit"])
def test_nothing_moves_while_a_screen_loads(open_page: OpenPage, order: Order, where: str, screen: str) -> None:
    page = open_page(screen, part="supervisor" if where.endswith("audit") else "packer")
    page.add_init_script(MOVED)

    page.goto(where.format(id=order.id), wait_until="networkidle")

    shifts = page.evaluate("window.moved")
    assert sum(value for value, *_ in shifts) < STILL, shifts
