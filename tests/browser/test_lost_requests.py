"""Bad Wi-Fi at the pick screen: the packer is told as long as it matters, and nothing is lost or counted twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.pick_page import item
from tests.helpers.warehouse import Warehouse
from webapp.models import Order

SHIPMENTS = "**/shipments"


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """5 Cups and 4 Lamps, reserved, and enough between them to scroll."""
    few = [(warehouse.product(f"Plate {number}", A3=9), 1) for number in range(12)]
    return warehouse.processing((warehouse.product("Cup", A1=50), 5), *few, (warehouse.product("Lamp", A9=50), 4))


@pytest.fixture
def page(open_page: OpenPage, order: Order, page_errors: list[str]) -> Page:
    page = open_page(part="packer")
    page.goto(f"/orders/{order.id}/pick")
    return page


@pytest.fixture(autouse=True)
def failures_are_expected(page: Page, page_errors: list[str]) -> object:
    """Allow the failed requests that the browser and htmx report here."""
    yield
    assert [error for error in page_errors if "Failed to" not in error] == []
    page_errors.clear()


def ship(page: Page, name: str, units: int) -> None:
    item(page, name).locator(".item__ship input[name=quantity]").fill(str(units))
    item(page, name).locator("[data-ship]").click()


def message_of(page: Page) -> Locator:
    return page.locator("#flash").get_by_text("No answer from Packbench")


def answer_is_lost(route: Route) -> None:
    """Let the server do it, and lose its response."""
    route.fetch()
    route.abort()


def news(page: Page) -> None:
    """Wait until the page has polled once more and shows the news."""
    with page.expect_response("**/shipment-status?version=*"):
        pass


def test_what_was_not_sent_is_said_until_it_is_sent_again(page: Page) -> None:
    page.route(SHIPMENTS, lambda route: route.abort())
    ship(page, "Lamp", 2)
    expect(message_of(page)).to_be_in_viewport()
    expect(page.locator("#flash")).to_contain_text("Ship 2: Lamp")
    news(page)
    expect(message_of(page)).to_be_in_viewport()
    page.unroute(SHIPMENTS)

    item(page, "Lamp").locator("[data-ship]").click()

    expect(page.locator(".status__units")).to_have_text("2 of 21 units shipped")
    expect(message_of(page)).to_have_count(0)


def test_what_was_counted_although_its_answer_was_lost_is_not_counted_again(page: Page) -> None:
    page.route(SHIPMENTS, answer_is_lost)
    ship(page, "Cup", 2)
    expect(page.locator(".status__units")).to_have_text("2 of 21 units shipped")
    expect(message_of(page)).to_be_visible()
    page.unroute(SHIPMENTS)

    item(page, "Cup").locator("[data-ship]").click()

    expect(message_of(page)).to_have_count(0)
    expect(page.locator(".status__units")).to_have_text("2 of 21 units shipped")
    ship(page, "Cup", 1)
    expect(page.locator(".status__units")).to_have_text("3 of 21 units shipped")


@pytest.mark.parametrize("status", [200, 414, 502])
def test_what_a_proxy_says_takes_no_panels_place(page: Page, status: int) -> None:
    page.route(SHIPMENTS, lambda route: route.fulfill(status=status, content_type="text/html", body="<p>Not ours</p>"))

    ship(page, "Cup", 2)

    expect(message_of(page)).to_be_visible()
    expect(item(page, "Cup").locator(".item__ship input[name=quantity]")).to_have_value("2")


def test_a_screen_that_hears_nothing_says_so(page: Page) -> None:
    lost = page.get_by_text("No connection to Packbench")
    page.route("**/shipment-status?version=*", lambda route: route.abort())
    expect(lost).to_be_visible()

    page.unroute("**/shipment-status?version=*")

    expect(lost).to_have_count(0)


def test_what_was_searched_for_without_a_connection_is_found_once_there_is_one(
    page: Page, warehouse: Warehouse, order: Order
) -> None:
    other = warehouse.processing((warehouse.product("Vase", B1=9), 1))
    page.goto("/orders")
    expect(page.locator(".order", has_text=order.order_number)).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("searchbox").fill(other.order_number)
    expect(page.get_by_text("No connection to Packbench")).to_be_visible()

    page.context.set_offline(False)

    expect(page.locator(".order", has_text=order.order_number)).to_have_count(0)
    expect(page.locator(".order", has_text=other.order_number)).to_be_visible()
    expect(page.get_by_text("No connection to Packbench")).to_have_count(0)
