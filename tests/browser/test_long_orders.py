"""An order of many lines: later items are only named, and load when the packer comes near or scans them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.drawn import drawn
from tests.helpers.warehouse import Warehouse
from webapp.models import Order
from webapp.presenters.picking.screen import AT_ONCE

LINES = 60


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """Lines "Product 01" at A-01 to "Product 60" at A-60, 2 units of each."""
    numbers = range(1, LINES + 1)
    products = [warehouse.product(f"Product {n:02}", **{f"A-{n:02}": 9}) for n in numbers]
    return warehouse.processing(*((product, 2) for product in products))


def pick(page: Page, order: Order) -> Page:
    page.goto(f"/orders/{order.id}/pick")
    expect(item(page, 1).locator("[data-ship]")).to_be_visible()
    return page


def item(page: Page, number: int) -> Locator:
    return page.locator("article.item", has=page.get_by_role("heading", name=f"Product {number:02}"))


def test_what_lies_ahead_is_drawn_as_somebody_comes_near(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page(part="packer"), order)
    expect(page.locator("[data-ahead]").last).to_contain_text("Product 60")

    item(page, 60).scroll_into_view_if_needed()

    item(page, 60).locator("[data-ship]").click()
    expect(item(page, 60)).to_contain_text("2 of 2 shipped")


@pytest.mark.parametrize("screen", ["tablet", "handheld"])
def test_a_scan_leads_to_an_item_far_ahead_and_stays_there(open_page: OpenPage, order: Order, screen: str) -> None:
    page = pick(open_page(screen, part="packer"), order)
    codes = item(page, 50).locator(".item__codes").text_content() or ""

    page.locator("[name=scan]").fill(codes.split(" · ")[0].strip())
    page.keyboard.press("Enter")

    expect(item(page, 50).locator("[data-ship]")).to_have_text("Ship 2")
    expect(item(page, 50)).to_be_focused()
    expect(item(page, 50)).to_be_in_viewport()


def test_an_answer_that_was_lost_is_asked_for_again(open_page: OpenPage, order: Order, page_errors: list[str]) -> None:
    page = pick(open_page(part="packer"), order)
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.request.url)
            route.abort()

    page.route("**/items?ids=*", lose_the_first)
    item(page, 60).scroll_into_view_if_needed()

    expect(item(page, 60).locator("[data-ship]")).to_have_text("Ship 2")
    assert len(lost) == 1
    page_errors.clear()


def test_a_section_that_is_done_leaves_no_gap(open_page: OpenPage, order: Order) -> None:
    page = open_page(part="packer")
    page.clock.install()
    pick(page, order)
    top_of_first = "() => document.querySelector('#to-do article').getBoundingClientRect().top + scrollY"
    before = drawn(page).evaluate(top_of_first)
    section = page.locator("#to-do > *").first
    for ship in section.locator("[data-ship]").all()[::-1]:
        ship.click()
    expect(section.locator(".item--done")).to_have_count(AT_ONCE)

    page.clock.run_for(5_000)

    expect(page.locator("#to-do article").first).to_contain_text("Product 25")
    assert drawn(page).evaluate(top_of_first) == pytest.approx(before, abs=1)
