"""The packing note in a browser: it stays where it is, leads from a refusal to itself, and never widens the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.drawn import drawn, too_wide
from tests.helpers.pick_page import item, pick
from tests.helpers.shop import shop_says
from tests.helpers.warehouse import Warehouse
from webapp.domain.parcel_data import MOST_CHARACTERS, ParcelData
from webapp.models import Order


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """Nine items of 2 units each, reserved at A1 to A9, with a packing note and an address."""
    lines = [(warehouse.product(f"Plate {n}", **{f"A{n}": 9}), 2) for n in range(1, 10)]
    address = {"ship_to_name": "Anna Ship", "ship_to_city": "Trier", "customer_note": "Ring twice"}
    return warehouse.processing(*lines, packing_note="Two layers of paper", **address)


def tops(page: Page) -> list[float]:
    """Where the note ends and the items in sight begin."""
    of_each = "[...document.querySelectorAll('.scan, #to-do .item')].map((one) => one.getBoundingClientRect().top)"
    return [float(top) + page.evaluate("scrollY") for top in drawn(page).evaluate(of_each)][:4]


@pytest.mark.parametrize("screen", ["tablet", "handheld"])
def test_reading_it_moves_nothing(open_page: OpenPage, order: Order, screen: str) -> None:
    page = pick(open_page(screen, part="packer"), order)
    before = tops(page)

    page.get_by_role("button", name="I have read it").click()

    expect(page.locator("#packing-note")).to_contain_text("Read by paula")
    assert tops(page) == before


def test_a_refused_ship_leads_to_the_note_and_then_ships(
    open_page: OpenPage, order: Order, page_errors: list[str]
) -> None:
    page = pick(open_page("handheld", part="packer"), order)
    item(page, "Plate 7").locator("[data-ship]").click()
    expect(item(page, "Plate 7").get_by_role("alert")).to_contain_text("a packing note that nobody has read")

    item(page, "Plate 7").get_by_role("link", name="Read the packing note").click()
    page.get_by_role("button", name="I have read it").click()
    expect(page.locator("#packing-note")).to_contain_text("Read by paula")
    expect(item(page, "Plate 7").get_by_role("alert")).to_be_hidden()
    item(page, "Plate 7").locator("[data-ship]").click()

    expect(item(page, "Plate 7")).to_contain_text("2 of 2 shipped")
    page_errors.clear()  # The browser itself notes the 409.


def test_a_note_that_comes_while_somebody_picks_takes_nothing_that_was_typed(
    open_page: OpenPage, warehouse: Warehouse, page_errors: list[str]
) -> None:
    cup, lamp = warehouse.product("Cup", A1=9), warehouse.product("Lamp", A2=9)
    order = warehouse.processing((cup, 4), (lamp, 4), (warehouse.product("Vase", A3=9), 1))
    page = pick(open_page("tablet", part="packer"), order)
    item(page, "Cup").locator(".stepper__input").fill("3")
    item(page, "Lamp").locator(".stepper__input").fill("2")
    shop_says(warehouse, order, {}, parcel_data=ParcelData(packing_note="No invoice"))

    item(page, "Cup").locator("[data-ship]").click()
    expect(item(page, "Cup").get_by_role("alert")).to_contain_text("The shop changed this order: a note")
    page.get_by_role("button", name="I have read it").click()
    expect(page.locator("#packing-note")).to_contain_text("Read by paula")

    expect(item(page, "Cup").locator(".stepper__input")).to_have_value("3")
    expect(item(page, "Lamp").locator(".stepper__input")).to_have_value("2")
    item(page, "Cup").locator("[data-ship]").click()
    expect(page.locator("#shipment-status")).to_contain_text("3 of 9 units shipped")

    shop_says(warehouse, order, {cup.sku: 5})
    page.get_by_text("Ship all that is left").click()
    page.get_by_role("button", name="Ship all").click()
    expect(page.locator("#shipment-status")).to_contain_text("The shop changed this order: more units")
    expect(item(page, "Lamp").locator(".stepper__input")).to_have_value("2")
    page_errors.clear()  # The browser itself notes the 409s.


@pytest.mark.parametrize("screen", ["", "/pick"])
@pytest.mark.parametrize("size", ["handheld", "tablet"])
def test_the_longest_of_everything_stays_inside_the_page(
    open_page: OpenPage, warehouse: Warehouse, size: str, screen: str
) -> None:
    longest = {name: "W" * most for name, most in MOST_CHARACTERS.items()} | {"ship_to_country": "LU"}
    order = warehouse.processing((warehouse.product("Lamp", A1=5), 5), **longest)
    page = open_page(size, part="manager")

    page.goto(f"/orders/{order.id}{screen}")

    assert too_wide(page) <= 0
