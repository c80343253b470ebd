"""Each scan counts one unit more; counts stand on the page until they ship, wherever the person goes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.pick_page import item, quantity, units
from tests.helpers.scanner import scan
from tests.helpers.warehouse import Warehouse
from webapp.models import Order
from webapp.services import product_code_service
from webapp.services.people.store_settings import change_setting


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """8 Mugs, of which 6 come in a case, and 2 Lamps."""
    mug = warehouse.product("Mug", "MUG-BLUE", A1=50)
    warehouse.do(product_code_service.teach_code, product_id=mug.id, code="CASE-6", units=6)
    return warehouse.processing((mug, 8), (warehouse.product("Lamp", A2=50), 2))


@pytest.fixture
def page(open_page: OpenPage, order: Order) -> Page:
    page = open_page(part="packer")
    page.goto(f"/orders/{order.id}/pick")
    return page


def count(page: Page, name: str = "Mug") -> str:
    return item(page, name).locator(".item__count").inner_text()


def test_scans_count_units_and_cases_and_the_code_of_a_full_item_ships_it(
    page: Page, open_page: OpenPage, warehouse: Warehouse, order: Order
) -> None:
    scan(page, "MUG-BLUE")
    expect(item(page, "Mug").locator(".item__count")).to_have_text("1 of 8")
    expect(item(page, "Mug").locator("[data-ship]")).to_have_text("Ship 1")
    expect(page.locator("#scan-message")).to_have_text("Mug: 1 of 8")
    scan(page, "CASE-6")
    expect(item(page, "Mug").locator(".item__count")).to_have_text("7 of 8")

    page.reload()
    expect(item(page, "Mug").locator(".item__count")).to_have_text("7 of 8")
    expect(quantity(page, "Mug")).to_have_value("7")
    other = open_page(part="packer")
    other.goto(f"/orders/{order.id}/pick")
    scan(other, warehouse.item(order, 1).gtin)
    expect(item(other, "Mug").locator(".button--primary[data-ship]")).to_have_text("Ship 8")
    expect(item(page, "Mug").locator(".item__count")).to_have_text("8 of 8")
    scan(page, "MUG-BLUE")

    expect(units(page)).to_have_text("8 of 10 units shipped")


def test_a_number_that_is_typed_or_stepped_is_the_count_and_stays(page: Page) -> None:
    quantity(page, "Mug").fill("3")
    quantity(page, "Mug").blur()
    expect(item(page, "Mug").locator(".item__count")).to_have_text("3 of 8")
    item(page, "Mug").get_by_label("One more").click()
    expect(item(page, "Mug").locator(".item__count")).to_have_text("4 of 8")
    scan(page, "MUG-BLUE")
    expect(item(page, "Mug").locator(".item__count")).to_have_text("5 of 8")
    with page.expect_response("**/shipment-status?*"):
        pass

    page.reload()

    expect(quantity(page, "Mug")).to_have_value("5")


def test_a_number_stepped_with_the_arrow_keys_is_the_count(page: Page) -> None:
    quantity(page, "Mug").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")

    expect(item(page, "Mug").locator(".item__count")).to_have_text("6 of 8")


def test_a_number_typed_just_before_a_scan_counts_first(page: Page) -> None:
    quantity(page, "Mug").fill("3")
    scan(page, "MUG-BLUE")

    expect(item(page, "Mug").locator(".item__count")).to_have_text("4 of 8")
    with page.expect_response("**/shipment-status?*"):
        pass
    page.reload()
    expect(quantity(page, "Mug")).to_have_value("4")


def test_a_reply_lost_after_the_count_counts_once_and_ship_waits_for_it(page: Page, page_errors: list[str]) -> None:
    lost: list[str] = []

    def lose(route: Route) -> None:
        if len(lost) < 2:
            lost.append(route.fetch().text())
            route.abort()
        else:
            route.continue_()

    page.route("**/picks", lose)
    scan(page, "MUG-BLUE")
    scan(page, "MUG-BLUE")
    item(page, "Mug").locator("[data-ship]").click()

    expect(units(page)).to_have_text("2 of 10 units shipped", timeout=15_000)
    assert len(lost) == 2
    page_errors.clear()  # Of the replies that got lost.
    expect(item(page, "Mug").locator(".item__count")).to_have_count(0)


@pytest.mark.parametrize(
    ("code", "title", "words"),
    [
        ("4000000099994", "Unknown code", "Not on this order: “4000000099994”"),
        ("4006381333932", "Damaged code", "Scan it again"),
        ("CAKE-TIN", "Wrong item", "“CAKE-TIN” is CAKE-TIN"),
        ("é&éçàçéàà", "Wrong keyboard", "French (AZERTY)"),
    ],
)
def test_a_scan_that_counts_nothing_fills_the_screen_until_the_next_right_one(
    page: Page, warehouse: Warehouse, code: str, title: str, words: str
) -> None:
    other = warehouse.product("Cake tin", "TIN-26", A3=1)
    warehouse.do(product_code_service.teach_code, product_id=other.id, code="CAKE-TIN")
    alert = page.get_by_role("alertdialog", name=title)

    scan(page, code)
    expect(alert).to_contain_text(words.replace("is CAKE-TIN", "is TIN-26"))
    scan(page, "MUG-BLUE")

    expect(alert).to_be_hidden()
    expect(item(page, "Mug").locator(".item__count")).to_have_text("1 of 8")


def test_one_too_many_is_refused_on_the_whole_screen_until_a_tap(page: Page, open_page: OpenPage, order: Order) -> None:
    scan(page, "CASE-6")
    expect(item(page, "Mug").locator(".item__count")).to_have_text("6 of 8")
    scan(page, "CASE-6")

    alert = page.get_by_role("alertdialog", name="One too many")
    expect(alert).to_be_visible()
    alert.get_by_role("button").click()

    expect(alert).to_be_hidden()
    expect(item(page, "Mug").locator(".item__count")).to_have_text("6 of 8")


def test_gs1_aim_and_another_keyboard_give_their_gtin(page: Page, warehouse: Warehouse, order: Order) -> None:
    gtin = (warehouse.item(order, 1).gtin or "").zfill(14)
    azerty = "".join("à&é\"'(-è_ç"[int(digit)] for digit in warehouse.item(order, 1).gtin or "")

    scans = (f"]E0{gtin[1:]}", f"]C101{gtin}", f"01{gtin}10LOT7", f"https://id.gs1.org/01/{gtin}/10/7", azerty)
    for number, read in enumerate(scans, start=1):
        scan(page, read)
        expect(item(page, "Mug").locator(".item__count")).to_have_text(f"{number} of 8")

    expect(page.locator("#scan-message")).to_contain_text("set the scanner to the tablet’s language")


def test_a_store_that_counts_from_0_ships_nothing_unseen_and_the_last_scan_offers_ship(
    page: Page, warehouse: Warehouse, page_errors: list[str]
) -> None:
    warehouse.do(change_setting, name="count_from_zero", text="yes")
    page.reload()
    expect(quantity(page, "Lamp")).to_have_value("0")
    item(page, "Lamp").locator(".button--secondary[data-ship]").click()
    expect(item(page, "Lamp").locator(".field__error")).to_contain_text("Scan or enter how many you took.")
    page_errors.clear()  # The refusal's status.

    scan(page, "MUG-BLUE")
    expect(item(page, "Mug").locator(".button--secondary[data-ship]")).to_have_text("Ship 1")
    item(page, "Mug").get_by_label("One fewer").click()
    expect(item(page, "Mug").locator(".button--secondary[data-ship]")).to_have_text("Ship")
    quantity(page, "Mug").fill("7")
    quantity(page, "Mug").blur()
    expect(item(page, "Mug").locator(".item__count")).to_have_text("7 of 8")
    scan(page, "MUG-BLUE")

    expect(item(page, "Mug").locator(".button--primary[data-ship]")).to_have_text("Ship 8")
