"""Matching lines without a GTIN in a real browser: by SKU, one alone, without JavaScript, on every screen."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.factories import make_order
from tests.helpers.browser import SCREENS
from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.screen_checks import assert_suits_everybody
from tests.helpers.warehouse import Warehouse
from webapp.models import Order, Product

GTIN, SKU = "4099999999989", "MKT & Lamp/7"


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    """9 lamps at A1, and a mug besides."""
    warehouse.product("Enamel mug", A1=5)
    return warehouse.product("Brass desk lamp", A1=9)


@pytest.fixture
def orders(warehouse: Warehouse) -> list[Order]:
    """Two processing orders with only a SKU, 2 and 3 units, and one of 4 units without any code."""
    unknown = warehouse.placeholder()
    make_order(warehouse.db, warehouse.store, [(unknown, 2)], gtin=GTIN)
    return [warehouse.processing((unknown, units), sku=sku) for units, sku in ((2, SKU), (3, SKU), (4, ""))]


@pytest.mark.parametrize("java_script", [True, False])
def test_a_sku_is_matched_from_the_list_of_what_waits(
    open_page: OpenPage, warehouse: Warehouse, lamp: Product, orders: list[Order], java_script: bool
) -> None:
    page = open_page("tablet", part="manager", java_script_enabled=java_script)
    page.goto("/matches")

    page.get_by_role("link", name=f"Match {SKU}").click()
    page.get_by_label("Search products").fill("lamp")
    if not java_script:
        page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name=f"Match SKU {SKU} to Brass desk lamp").click()

    page.wait_for_url("**/matches")
    expect(page.locator("#flash")).to_contain_text("2 lines of 2 orders linked to Brass desk lamp. 5 units reserved.")
    expect(page.locator("#flash")).to_contain_text("in later imports as well")
    assert [warehouse.allocations(order) for order in orders] == [{"A1": 2}, {"A1": 3}, {}]


@pytest.mark.parametrize("java_script", [True, False])
def test_a_name_is_matched_from_its_exception(
    open_page: OpenPage, warehouse: Warehouse, lamp: Product, orders: list[Order], java_script: bool
) -> None:
    page = open_page("handheld", part="manager", java_script_enabled=java_script)
    page.goto("/exceptions")

    page.get_by_role("link", name="Match the name").click()
    page.get_by_label("Search products").fill("lamp")
    if not java_script:
        page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Match this name to Brass desk lamp").click()

    page.wait_for_url("**/matches")
    expect(page.locator("#flash")).to_contain_text("1 line of 1 order linked to Brass desk lamp. 4 units reserved.")
    assert [warehouse.allocations(order) for order in orders] == [{}, {}, {"A1": 4}]


@pytest.mark.looks(1)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_the_screens_of_matching_fit_and_read_for_everybody(
    open_page: OpenPage, warehouse: Warehouse, lamp: Product, orders: list[Order], screen: str, theme: str
) -> None:
    page = open_page(screen, part="manager", color_scheme=theme)
    by_sku, alone = ({"sku": SKU}, {"item": warehouse.item(orders[1]).id})

    for path in (
        "/matches",
        f"/matches/new?{urlencode({**by_sku, 'search': 'lamp'})}",
        f"/matches/new?{urlencode({**alone, 'search': 'lamp'})}",
        "/matches/new?sku=nothing-waits",
    ):
        page.goto(path)
        assert_suits_everybody(page)
