"""No key of a scan presses, undoes or changes anything, whatever its speed and wherever the focus is; a person's do.
A scan counts its own item, once."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.pick_page import item, more, quantity
from tests.helpers.scanner import scan
from tests.helpers.warehouse import Warehouse
from webapp.models import Order, OrderItem, Pick

TOASTS_STAY = """
const real = window.setTimeout;
window.setTimeout = (act, time, ...rest) => real(act, time > 3000 ? 600000 : time, ...rest);
"""
PACES = [5, 40, 85, 130, 150]
"""Milliseconds between two keys."""
CODES = ["BIG CUP", "C001", "20000", "cup-12", "u", "j", "gs", "8", "9 9"]
NAMES = {"BIG CUP": "Cup", "C001": "Coaster"}
"""The items of the order that have one of the codes."""
PLACES = ["Ship", "−", "+", "quantity", "Undo", "⋮", "popup", "link", "summary", "page"]


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """5 Lamps, 44 Cups with a blank in their SKU, and 43 Coasters, all reserved."""
    return warehouse.processing(
        (warehouse.product("Lamp", A1=50), 5),
        (warehouse.product("Cup", "BIG CUP", A2=50), 44),
        (warehouse.product("Coaster", "C001", A3=50), 43),
    )


@pytest.fixture
def page(open_page: OpenPage, order: Order) -> Page:
    """The pick screen after 1 Lamp has shipped, with the toast that offers to undo it."""
    page = open_page(part="packer")
    page.add_init_script(TOASTS_STAY)
    page.goto(f"/orders/{order.id}/pick")
    quantity(page, "Lamp").fill("1")
    item(page, "Lamp").locator("[data-ship]").click()
    expect(page.locator(".toast__undo")).to_be_visible()
    quantity(page, "Coaster").fill("2")
    return page


def focus(page: Page, place: str) -> None:
    """Give the focus to ``place``."""
    if place == "popup":
        more(page, "Coaster").get_by_role("link", name="Report missing").focus()
        return
    places = {
        "Ship": item(page, "Lamp").locator("[data-ship]"),
        "−": item(page, "Coaster").get_by_label("One fewer"),
        "+": item(page, "Coaster").get_by_label("One more"),
        "quantity": quantity(page, "Coaster"),
        "Undo": page.locator(".toast__undo"),
        "⋮": item(page, "Lamp").get_by_role("button", name="More about Lamp"),
        "link": page.locator(".pick-head").get_by_role("link").first,
        "summary": page.locator(".status__all summary"),
        "page": page.locator("main"),
    }
    places[place].focus()


def assert_nothing_changed(page: Page, coasters: int = 2) -> None:
    assert page.locator(".status__units").inner_text() == "1 of 92 units shipped"
    assert quantity(page, "Lamp").input_value() == "4"
    assert quantity(page, "Coaster").input_value() == str(coasters)
    assert page.locator(".status__all[open]").count() == 0
    assert page.url.endswith("/pick")


@pytest.mark.parametrize("pace", PACES, ids="{} ms".format)
def test_no_key_of_a_scan_presses_or_changes_anything(page: Page, pace: int) -> None:
    picked = {"Cup": 0, "Coaster": 2}
    for place, code in Random(pace).sample(list(product(PLACES, CODES)), 30):
        page.locator("#scan-message").evaluate("message => message.textContent = ''")
        page.locator("#scan-alert").evaluate("alert => alert.close()")
        focus(page, place)

        scan(page, code, pace=pace / 1000)

        if code in NAMES:
            picked[NAMES[code]] += 1
            expect(item(page, NAMES[code])).to_be_focused()
            expect(quantity(page, NAMES[code])).to_have_value(str(picked[NAMES[code]]))
        else:
            expect(page.locator("#scan-message")).to_contain_text(f"“{code}”")
            expect(page.locator("#scan-alert")).to_be_visible()
        assert_nothing_changed(page, picked["Coaster"])


@pytest.mark.parametrize("ends", [(), ("Tab",), ("Tab", "Enter"), ("Enter", "Tab")], ids=" ".join)
@pytest.mark.parametrize("code", ["20000", "4006381333931"])
def test_a_code_leaves_a_quantity_as_it_was_whatever_ends_it(page: Page, code: str, ends: tuple[str, ...]) -> None:
    focus(page, "quantity")

    scan(page, code, ends=ends)

    expect(quantity(page, "Coaster")).to_have_value("2")
    expect(item(page, "Coaster").locator("[data-ship]")).to_have_text("Ship 2")
    assert_nothing_changed(page)


@pytest.mark.parametrize("pace", [5, 30, 80, 150], ids="{} ms".format)
def test_a_scan_into_a_number_that_nobody_entered_counts_no_such_number(
    page: Page, db: Session, order: Order, pace: int
) -> None:
    for ends in [("Enter",), (), ("Tab",), ("Tab", "Enter")]:
        page.reload()
        expect(quantity(page, "Coaster")).to_have_value("43")
        focus(page, "quantity")
        scan(page, "4006381333931", pace=pace / 1000, ends=ends)
        page.wait_for_timeout(900)  # A number that somebody entered is sent by then.

    item(page, "Coaster").get_by_label("One more").click()  # It can be no more.
    scan(page, "BIG CUP", pace=pace / 1000)
    page.wait_for_timeout(900)

    picked = db.execute(select(OrderItem.product_name, Pick.units).join(Pick, Pick.order_item_id == OrderItem.id))
    assert [tuple(one) for one in picked] == [("Cup", 1)]


def test_a_number_that_a_person_types_stays_when_they_go_on(page: Page) -> None:
    focus(page, "quantity")
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)

    expect(quantity(page, "Coaster")).to_have_value("3")


@pytest.mark.parametrize("ends", [("Tab", "Enter"), ("Enter", "Tab", "Enter")], ids=" ".join)
def test_a_scan_into_a_reason_cancels_nothing(open_page: OpenPage, order: Order, ends: tuple[str, ...]) -> None:
    page = open_page(part="manager")
    page.goto(f"/orders/{order.id}/cancellation")
    page.locator("textarea").focus()

    scan(page, "4006381333931", ends=ends)
    page.wait_for_timeout(300)

    expect(page.locator("main form button:focus")).to_be_visible()
    expect(page.locator("textarea")).to_have_value("4006381333931\n" if ends[0] == "Enter" else "4006381333931")
    assert page.url.endswith("/cancellation")


def test_a_scan_beside_a_reason_begins_no_line_in_it(open_page: OpenPage, order: Order) -> None:
    page = open_page(part="manager")
    page.goto(f"/orders/{order.id}/cancellation")
    page.locator("[name=common_reason]").last.focus()

    scan(page, "4006381333931", ends=("Tab", "Enter"))
    page.wait_for_timeout(300)

    expect(page.locator("textarea")).to_be_focused()
    expect(page.locator("textarea")).to_have_value("")


def test_a_person_writes_lines_and_sends_them_with_keys(open_page: OpenPage, order: Order) -> None:
    page = open_page(part="manager")
    page.goto(f"/orders/{order.id}/cancellation")
    page.locator("textarea").focus()
    page.keyboard.type("The customer\ncalled")
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/orders/{order.id}")


@pytest.mark.parametrize("key", ["Enter", " "], ids=["Enter", "blank"])
def test_a_person_presses_with_a_key(page: Page, key: str) -> None:
    focus(page, "+")
    page.keyboard.press(key)
    expect(quantity(page, "Coaster")).to_have_value("3")

    focus(page, "summary")
    page.keyboard.press(key)
    expect(page.locator(".status__all[open]")).to_be_attached()
    focus(page, "Ship")
    page.keyboard.press(key)

    expect(page.locator(".status__units")).to_have_text("5 of 92 units shipped")


def test_a_blank_that_a_person_repeats_steps_each_time(page: Page) -> None:
    focus(page, "−")
    page.keyboard.press(" ")
    expect(quantity(page, "Coaster")).to_have_value("1")

    focus(page, "+")
    page.keyboard.type("  ")

    expect(quantity(page, "Coaster")).to_have_value("3")


def test_u_by_itself_undoes(page: Page) -> None:
    focus(page, "Ship")

    page.keyboard.press("u")

    expect(page.locator(".status__units")).to_have_text("0 of 92 units shipped")


def test_a_number_that_a_person_types_and_sends_ships(page: Page) -> None:
    focus(page, "quantity")
    page.keyboard.press("Control+A")
    page.keyboard.type("1")
    page.wait_for_timeout(200)  # A finger takes as long from the digits to Enter.
    page.keyboard.press("Enter")

    expect(page.locator(".status__units")).to_have_text("2 of 92 units shipped")


def test_words_that_a_person_types_into_the_search_stay_whole(page: Page) -> None:
    field = page.get_by_label("Scan or type a barcode or SKU")
    field.press_sequentially("big ", delay=120)
    page.wait_for_timeout(300)
    field.press_sequentially("cup", delay=120)
    page.keyboard.press("Enter")

    expect(item(page, "Cup")).to_be_focused()


def test_a_place_that_is_scanned_sends_nothing_by_itself(
    open_page: OpenPage, warehouse: Warehouse, page_errors: list[str]
) -> None:
    order = warehouse.processing((warehouse.product("Vase", A1=1), 2))
    page = open_page(part="packer")
    page.goto(f"/orders/{order.id}/pick")
    quantity(page, "Vase").fill("2")
    item(page, "Vase").locator(".item__ship [data-ship]").click()
    place = item(page, "Vase").get_by_label("Place")
    place.clear()

    scan(page, "SHELF-17")

    expect(place).to_have_value("SHELF-17")
    expect(item(page, "Vase").locator(".found [data-ship]")).to_be_focused()
    expect(page.locator(".status__units")).to_have_text("0 of 2 units shipped")
    assert [error for error in page_errors if "409" not in error] == []
    page_errors.clear()  # The browser itself notes the 409.
