"""The supervisor's screen in a real browser: who shipped the second lamp, from where, and when."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.helpers.browser import SCREENS
from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.screen_checks import assert_suits_everybody
from tests.helpers.warehouse import Warehouse
from webapp.models import Order


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """2 lamps, shipped by paula and pete; 3 mugs, one of which came back; 1 vase that nobody has."""
    lamp, mug, vase = warehouse.product("Lamp", A1=5), warehouse.product("Mug", B2=5), warehouse.product("Vase")
    order = warehouse.processing((lamp, 2), (mug, 3), (vase, 1))
    warehouse.ship(order, 1, actor="paula")
    warehouse.ship(order, 1, actor="pete")
    warehouse.ship(order, 3, line=2, actor="paula")
    warehouse.give_back(order, 1, line=2, actor="max", reason="Handle came off")
    return order


def test_who_shipped_the_second_lamp_is_two_choices_away(open_page: OpenPage, order: Order) -> None:
    page = open_page("desk", part="supervisor")
    page.goto(f"/orders/{order.id}")

    page.get_by_role("link", name="Audit trail").click()
    page.get_by_label("What happened", exact=True).select_option("Shipped")
    page.wait_for_url("**kind=shipped**")
    page.get_by_label("Which item").select_option(index=1)
    page.wait_for_url(re.compile("item=[0-9]"))

    lines = page.locator(".operation__line > p:first-child")
    expect(lines).to_have_count(2)
    expect(lines.first).to_have_text("pete shipped 1 unit of Lamp from A1 (unit 2 of 2). None of this item left.")
    expect(page.get_by_label("What happened", exact=True)).to_have_value("shipped")


def test_the_way_back_leads_to_what_was_seen_before(open_page: OpenPage, order: Order) -> None:
    page = open_page("desk", part="supervisor")
    page.goto(f"/orders/{order.id}/audit")
    whole = page.locator(".operation").count()
    page.get_by_label("By whom").select_option("pete")
    expect(page.locator(".operation")).to_have_count(1)

    page.go_back()

    expect(page.locator(".operation")).to_have_count(whole)
    expect(page.get_by_label("By whom")).to_have_value("")


def test_words_that_are_typed_narrow_the_trail_and_stay(open_page: OpenPage, order: Order) -> None:
    page = open_page("desk", part="supervisor")
    page.goto(f"/orders/{order.id}/audit")

    page.get_by_label("Find in this trail").press_sequentially("lamp A1 pete")

    expect(page.locator(".operation")).to_have_count(1)
    expect(page.get_by_label("Find in this trail")).to_have_value("lamp A1 pete")
    expect(page.get_by_label("Find in this trail")).to_be_focused()


def test_what_is_asked_for_while_the_page_still_loads_narrows_the_trail(open_page: OpenPage, order: Order) -> None:
    page = open_page("desk", part="supervisor")
    held: list[Route] = []
    page.route(re.compile(r"components\.js"), lambda route: held.append(route))
    page.goto(f"/orders/{order.id}/audit", wait_until="commit")
    page.get_by_label("Find in this trail").fill("lamp")
    page.get_by_label("By whom").select_option("pete")

    held[0].continue_()

    expect(page.locator(".operation")).to_have_count(1)
    expect(page.get_by_label("By whom")).to_have_value("pete")
    expect(page).to_have_url(re.compile("search=lamp.*person=pete"))


def test_a_link_to_an_entry_is_copied_and_says_so(open_page: OpenPage, order: Order) -> None:
    page = open_page("desk", part="supervisor")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/orders/{order.id}/audit")
    link = page.locator(".copy-link").first

    link.click()

    expect(page.locator("[data-copy-link-status]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == link.evaluate("link => link.href")
    page.goto(copied)
    expect(page.locator(".operation:target")).to_be_visible()


def test_from_what_happened_in_the_store_to_one_orders_trail(open_page: OpenPage, order: Order) -> None:
    page = open_page("desk", part="supervisor")
    page.goto("/activity")
    expect(page.locator(".operation").first).to_contain_text("Handle came off")

    page.get_by_label("By whom").select_option("pete")
    expect(page.locator(".operation")).to_have_count(1)
    page.get_by_role("searchbox", name="Find an order's trail").fill(order.order_number)
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/orders/{order.id}/audit")


def test_the_filters_work_without_javascript(open_page: OpenPage, order: Order) -> None:
    page = open_page("tablet", part="supervisor", java_script_enabled=False)
    page.goto(f"/orders/{order.id}/audit")

    page.get_by_label("By whom").select_option("pete")
    page.get_by_role("button", name="Show").click()

    expect(page.locator(".operation")).to_have_count(1)


def test_the_trail_is_saved_as_a_table(open_page: OpenPage, order: Order) -> None:
    page = open_page("desk", part="supervisor")
    page.goto(f"/orders/{order.id}/audit")

    with page.expect_download() as saving:
        page.get_by_role("link", name="Export CSV").click()

    assert saving.value.suggested_filename == f"{order.order_number}-trail.csv"
    assert saving.value.path().read_text().startswith("time,person,entry")


def test_on_paper_there_are_no_controls_and_every_time_is_exact(open_page: OpenPage, order: Order) -> None:
    page = open_page("desk", part="supervisor")
    page.goto(f"/orders/{order.id}/audit")

    page.emulate_media(media="print")

    expect(page.locator(".trail__filters")).to_be_hidden()
    expect(page.locator(".copy-link").first).to_be_hidden()
    expect(page.locator(".moment__words").first).to_be_hidden()
    expect(page.get_by_text("Printed by sofia")).to_be_visible()
    moment = page.locator(".moment").first
    assert moment.evaluate("time => getComputedStyle(time, '::after').content") == f'"{moment.get_attribute("title")}"'


@pytest.mark.looks(1)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_the_trail_fits_and_reads_for_everybody(open_page: OpenPage, order: Order, screen: str, theme: str) -> None:
    page = open_page(screen, part="supervisor", color_scheme=theme)

    paths = (f"/orders/{order.id}/audit", f"/orders/{order.id}/audit?kind=cancelled", "/activity", "/activity/orders")
    for path in paths:
        page.goto(path)
        assert_suits_everybody(page)
