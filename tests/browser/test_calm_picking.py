"""On the pick screen nothing moves without need, each number stands once, and messages are where one looks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.drawn import drawn
from tests.helpers.pick_page import item, more, pick
from tests.helpers.warehouse import Warehouse
from webapp.models import Order


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """Nine items of 2 units each, reserved at A1 to A9."""
    return warehouse.processing(*((warehouse.product(f"Plate {n}", **{f"A{n}": 9}), 2) for n in range(1, 10)))


def tops(page: Page) -> list[float]:
    of_each = "[...document.querySelectorAll('#to-do .item')].map((one) => one.getBoundingClientRect().top)"
    return [float(top) for top in drawn(page).evaluate(of_each)]


@pytest.mark.parametrize("screen", ["tablet", "handheld"])
def test_neither_a_wrong_scan_nor_a_ship_moves_the_items(open_page: OpenPage, order: Order, screen: str) -> None:
    page = pick(open_page(screen, part="packer"), order)
    before = tops(page)

    page.get_by_label("Scan or type a barcode or SKU").fill("4006380013995")
    page.keyboard.press("Enter")
    expect(page.locator("#scan-message")).to_have_text("Not on this order: “4006380013995”")
    assert tops(page) == before
    item(page, "Plate 1").locator("[data-ship]").click()
    expect(item(page, "Plate 1")).to_contain_text("2 of 2 shipped")

    expect(page.locator("#scan-message")).to_be_empty()
    expect(page.get_by_label("Scan or type a barcode or SKU")).to_be_empty()
    scrolled = page.evaluate("scrollY")
    assert [top + scrolled for top in tops(page)] == before


@pytest.mark.parametrize("scripts", [True, False])
def test_an_item_that_the_address_names_stands_below_the_bars(
    open_page: OpenPage, warehouse: Warehouse, order: Order, scripts: bool
) -> None:
    page = open_page(part="packer", java_script_enabled=scripts)

    page.goto(f"/orders/{order.id}/pick#item-{warehouse.item(order, 6).id}")

    box = item(page, "Plate 6").bounding_box()
    bar = page.locator(".scan").bounding_box()
    assert box is not None
    assert bar is not None
    assert box["y"] >= bar["y"] + bar["height"]


def test_a_report_is_confirmed_where_the_packer_looks(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page(part="packer"), order)
    more(page, "Plate 7").get_by_role("link", name="Report missing").click()
    page.get_by_label("Units you counted").fill("1")
    page.get_by_role("button", name="Report").click()

    expect(page.locator("#toast .toast__words")).to_contain_text("Reported.")
    expect(page.locator("#toast .toast__words")).to_be_in_viewport()
    assert page.locator("#toast .toast__words").evaluate("one => one.scrollHeight <= one.clientHeight")
    expect(page.locator("#flash")).to_be_empty()


def test_a_refused_form_leaves_the_address_of_the_pick_screen(
    open_page: OpenPage, warehouse: Warehouse, page_errors: list[str]
) -> None:
    order = warehouse.processing((warehouse.product("Vase", A1=1), 2))
    page = open_page(part="packer")
    page.goto(f"/orders/{order.id}/items/{warehouse.item(order).id}/found-units")
    page.get_by_label("Place").fill("")
    page.get_by_role("button", name="Add and ship 2").click()

    expect(item(page, "Vase").locator(".field__error").first).to_be_visible()
    expect(page).to_have_url(f"/orders/{order.id}/pick")
    page_errors.clear()  # The browser itself notes the refusal.


def test_a_refused_form_shows_its_error_on_a_handheld(
    open_page: OpenPage, warehouse: Warehouse, page_errors: list[str]
) -> None:
    order = warehouse.processing(
        *((warehouse.product(f"Plate {n}", **{f"A{n}": 9}), 2) for n in range(1, 6)),
        (warehouse.product("Vase", B1=1), 2),
    )
    page = pick(open_page("handheld", part="packer"), order)
    page.get_by_label("Quantity of Vase").fill("2")
    item(page, "Vase").locator("[data-ship]").click()
    found = item(page, "Vase").locator(".found")
    found.get_by_label("Place").fill("")
    found.locator("[data-ship]").click()

    expect(found.locator(".field__error").first).to_be_in_viewport()
    page_errors.clear()  # The browser itself notes the refusals.


def test_a_complete_order_says_so_once_and_is_late_no_more(open_page: OpenPage, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product("Vase", A1=1), 1))
    page = pick(open_page(part="packer"), order)
    expect(page.locator(".pick-head .due")).to_contain_text("Late by")

    item(page, "Vase").locator("[data-ship]").click()

    expect(page.get_by_text("All shipped", exact=True).filter(visible=True)).to_have_count(1)
    expect(page.get_by_role("link", name="Next order").filter(visible=True)).to_have_count(1)
    expect(page.locator(".pick-head .due")).to_be_hidden()


def test_an_order_whose_rest_waits_for_stock_offers_the_next_order_once(
    open_page: OpenPage, warehouse: Warehouse
) -> None:
    order = warehouse.processing((warehouse.product("Vase", A1=1), 3))
    page = pick(open_page(part="packer"), order)

    item(page, "Vase").locator("[data-ship]").click()

    expect(page.locator(".status__next")).to_be_visible()
    expect(page.get_by_role("link", name="Next order").filter(visible=True)).to_have_count(1)


def test_the_first_ship_is_a_few_tabs_from_the_scan_field(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page("desk", part="packer"), order)
    page.get_by_label("Scan or type a barcode or SKU").focus()

    for _ in range(5):
        page.keyboard.press("Tab")

    expect(item(page, "Plate 1").locator("[data-ship]")).to_be_focused()


def test_a_row_says_how_much_has_shipped_once_some_has(open_page: OpenPage, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product("Vase", A1=9), 3))
    page = pick(open_page(part="packer"), order)
    expect(item(page, "Vase").locator(".item__progress")).to_have_count(0)

    page.get_by_label("Quantity of Vase").fill("1")
    item(page, "Vase").locator("[data-ship]").click()

    expect(item(page, "Vase").locator(".item__progress")).to_have_text("1 of 3 shipped")
