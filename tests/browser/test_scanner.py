"""A barcode scanner at the pick screen: it types fast, ends with Enter, and the focus may be anywhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_inventory, make_product
from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.pick_page import item, quantity
from tests.helpers.scanner import scan
from tests.helpers.warehouse import Warehouse
from webapp.models import Order


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """5 Cups at A1 and 4 Lamps at A2, reserved."""
    return warehouse.processing((warehouse.product("Cup", A1=50), 5), (warehouse.product("Lamp", A2=50), 4))


@pytest.fixture
def page(open_page: OpenPage, order: Order) -> Page:
    page = open_page(part="packer")
    page.goto(f"/orders/{order.id}/pick")
    return page


def test_a_scan_while_a_ship_button_has_the_focus_ships_nothing(page: Page, warehouse: Warehouse, order: Order) -> None:
    quantity(page, "Cup").fill("1")
    item(page, "Cup").locator("[data-ship]").click()
    expect(item(page, "Cup").locator("[data-ship]:focus")).to_contain_text("4")

    scan(page, warehouse.item(order, 2).gtin)

    expect(item(page, "Lamp")).to_be_focused()
    expect(page.locator(".status__units")).to_have_text("1 of 9 units shipped")


def test_a_scan_into_a_quantity_leaves_the_number_as_it_was(page: Page, warehouse: Warehouse, order: Order) -> None:
    quantity(page, "Cup").fill("3")

    scan(page, warehouse.item(order, 2).gtin)

    expect(item(page, "Lamp")).to_be_focused()
    expect(quantity(page, "Cup")).to_have_value("3")
    expect(item(page, "Cup").locator("[data-ship]")).to_have_text("Ship 3")


def test_a_scan_of_something_else_loses_nothing_and_the_next_one_counts(
    page: Page, warehouse: Warehouse, order: Order
) -> None:
    quantity(page, "Cup").fill("3")

    scan(page, "4000000099994")
    expect(page.locator("#scan-message")).to_contain_text("Not on this order: “4000000099994”")
    expect(quantity(page, "Cup")).to_have_value("3")
    scan(page, warehouse.item(order, 2).gtin)

    expect(item(page, "Lamp")).to_be_focused()
    expect(page.locator("#scan-message")).to_have_text("Lamp: 1 of 4")


def test_a_code_is_found_in_each_of_its_forms_and_the_zeros_of_a_sku_count(
    open_page: OpenPage, warehouse: Warehouse
) -> None:
    names_and_codes: dict[str, dict[str, object]] = {
        "Tea": {"sku": "TEA-UPC", "gtin": "043210000101"},
        "Zeros": {"sku": "0010", "gtin": None},
        "Ten": {"sku": "10", "gtin": None},
        "Mug": {"sku": "MUG-BLUE", "gtin": "4006381333931"},
    }
    goods = [make_product(warehouse.db, warehouse.store, name, **codes) for name, codes in names_and_codes.items()]
    for one in goods:
        make_inventory(warehouse.db, one, 9, "A1")
    order = warehouse.processing(*((one, 1) for one in goods))
    page = open_page(part="packer")
    page.goto(f"/orders/{order.id}/pick")

    for code, name in (
        *(("0043210000101", "Tea"), ("04006381333931", "Mug"), ("00043210000101", "Tea")),
        *(("10", "Ten"), ("mug-blue", "Mug"), ("0010", "Zeros")),
    ):
        scan(page, code)
        expect(item(page, name)).to_be_focused()
    scan(page, "00010")
    expect(page.locator("#scan-message")).to_contain_text("Not on this order")


def test_a_scan_of_what_is_packed_shows_it_and_says_so(page: Page, warehouse: Warehouse, order: Order) -> None:
    warehouse.ship(order, 5)
    page.reload()

    scan(page, warehouse.item(order).gtin)

    expect(page.locator("#scan-message")).to_have_text("Cup: nothing is left to pick.")
    expect(item(page, "Cup")).to_be_in_viewport()


def test_a_short_code_whose_keys_come_haltingly_ships_nothing_either(page: Page) -> None:
    quantity(page, "Cup").fill("1")
    item(page, "Cup").locator("[data-ship]").click()
    expect(item(page, "Cup").locator("[data-ship]:focus")).to_contain_text("4")

    scan(page, "22423", pace=0.08)

    expect(page.locator("#scan-message")).to_contain_text("22423")
    expect(page.locator(".status__units")).to_have_text("1 of 9 units shipped")
