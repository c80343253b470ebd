"""Typed text that was not sent outlives an ended session and a change of language, and only its author sees it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD
from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.cast import NAMES, Part
from tests.helpers.warehouse import Warehouse
from webapp.models import Order


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """5 Cups at A1, reserved."""
    return warehouse.processing((warehouse.product("Cup", A1=50), 5))


def sign_in_again(page: Page, part: Part) -> None:
    page.wait_for_url("**/login?next=*")
    page.locator("[name=username]").fill(NAMES[part])
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/orders/**")


@pytest.mark.parametrize(("part", "units"), [("packer", "3"), ("manager", "5")])
def test_a_quantity_stays_for_who_typed_it_when_the_session_ends(
    open_page: OpenPage, order: Order, page_errors: list[str], part: Part, units: str
) -> None:
    page = open_page(part="packer")
    page.goto(f"/orders/{order.id}/pick")
    page.get_by_label("Quantity of Cup").fill("3")
    page.context.clear_cookies()
    page.locator("[data-ship]").click()

    sign_in_again(page, part)

    expect(page.get_by_label("Quantity of Cup")).to_have_value(units)
    expect(page.locator("[data-ship]")).to_contain_text(units)
    page.reload()
    expect(page.get_by_label("Quantity of Cup")).to_have_value("5")
    page_errors.clear()  # The browser itself notes the 401.


def test_a_reason_stays_when_the_session_ends(open_page: OpenPage, order: Order, page_errors: list[str]) -> None:
    page = open_page("desk", part="manager")
    page.goto(f"/orders/{order.id}/cancellation")
    page.get_by_label("Other").check()
    page.get_by_label("In your own words").fill("They rang.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Cancel 5 units").click()

    sign_in_again(page, "manager")

    expect(page.get_by_label("Other")).to_be_checked()
    expect(page.get_by_label("In your own words")).to_have_value("They rang.")
    page_errors.clear()


def test_what_is_half_typed_stays_when_the_language_changes(open_page: OpenPage, order: Order) -> None:
    page = open_page("desk", part="manager")
    page.goto(f"/orders/{order.id}/cancellation")
    page.get_by_label("In your own words").fill("They rang.")

    page.locator(".person-menu summary").click()
    page.get_by_role("button", name="Deutsch").click()

    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("[name=reason]")).to_have_value("They rang.")
