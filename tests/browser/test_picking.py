"""The packer's screens in a real browser: two tablets, a keyboard, a scanner, no JavaScript, four sizes."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.helpers.browser import SCREENS
from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.drawn import too_wide
from tests.helpers.pick_page import item, pick, quantity, units
from tests.helpers.scanner import scan
from tests.helpers.screen_checks import AXE
from tests.helpers.warehouse import Warehouse
from webapp.models import Order

WITHIN_3_SECONDS = 3000
CONTROLS = (
    "main :is(button, select, summary, .button, .order, .status__others, .choices__choice, "
    "input:not([type=hidden], [type=radio]))"
)
"""Targets for a thumb; a row of the list is one target, and so is a choice with its words."""


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """5 Cups at A1 and 4 Lamps at A2, reserved; and 2 Vases that nobody has."""
    cup, lamp = warehouse.product("Cup", A1=50), warehouse.product("Lamp", A2=50)
    return warehouse.processing((cup, 5), (lamp, 4), (warehouse.product("Vase"), 2))


def test_units_ship_with_a_tap_and_the_screen_follows(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page(part="packer"), order)

    quantity(page, "Cup").fill("2")
    item(page, "Cup").locator("[data-ship]").click()

    expect(units(page)).to_have_text("2 of 11 units shipped")
    expect(quantity(page, "Cup")).to_have_value("3")
    expect(item(page, "Cup").locator("[data-ship]")).to_contain_text("3")
    item(page, "Cup").locator("[data-ship]").click()
    expect(item(page, "Cup")).to_contain_text("5 of 5 shipped")


def test_a_refused_quantity_makes_way_for_what_a_colleague_left(
    open_page: OpenPage, warehouse: Warehouse, order: Order, page_errors: list[str]
) -> None:
    page = open_page(part="packer")
    page.route("**/shipment-status?version=*", lambda route: route.fulfill(status=204))
    pick(page, order)
    quantity(page, "Cup").fill("4")
    warehouse.ship(order, 2, actor="ben")

    item(page, "Cup").locator("[data-ship]").tap()

    expect(item(page, "Cup")).to_contain_text("ben shipped 2 a moment ago. 3 are left")
    expect(quantity(page, "Cup")).to_have_value("3")
    item(page, "Cup").locator("[data-ship]").press("Enter")
    expect(item(page, "Cup")).to_contain_text("5 of 5 shipped")
    assert [error for error in page_errors if "409" not in error] == []
    page_errors.clear()


def test_the_focus_goes_to_what_was_undone(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page("desk", part="packer"), order)
    item(page, "Lamp").locator("[data-ship]").press("Enter")

    page.locator("#toast").get_by_role("button", name="Undo").press("Enter")

    expect(item(page, "Lamp")).to_be_focused()
    expect(quantity(page, "Lamp")).to_have_value("4")


def test_an_answer_about_one_item_hides_no_news_of_another(
    open_page: OpenPage, warehouse: Warehouse, order: Order
) -> None:
    page = open_page(part="packer")
    page.route("**/shipment-status?version=*", lambda route: route.fulfill(status=204))
    pick(page, order)
    quantity(page, "Lamp").fill("1")
    warehouse.ship(order, 3, actor="ben")
    page.unroute_all()

    item(page, "Lamp").locator("[data-ship]").click()

    expect(page.locator("#toast")).to_contain_text("1 × Lamp shipped")
    expect(quantity(page, "Cup")).to_have_value("2")


def test_a_refusal_because_the_order_is_cancelled_closes_every_item(
    open_page: OpenPage, warehouse: Warehouse, order: Order, page_errors: list[str]
) -> None:
    page = open_page(part="packer")
    page.route("**/shipment-status?version=*", lambda route: route.fulfill(status=204))
    pick(page, order)
    warehouse.cancel(order)
    page.unroute_all()

    item(page, "Lamp").locator("[data-ship]").click()

    expect(item(page, "Lamp")).to_contain_text("is cancelled")
    expect(page.locator("[data-ship]")).to_have_count(0)
    page_errors.clear()  # The browser itself notes the 409.


def test_the_focus_stays_at_an_item_whose_last_units_a_colleague_ships(
    open_page: OpenPage, warehouse: Warehouse, order: Order
) -> None:
    page = pick(open_page("desk", part="packer"), order)
    quantity(page, "Cup").focus()

    warehouse.ship(order, 5, actor="ben")

    expect(item(page, "Cup")).to_contain_text("5 of 5 shipped")
    expect(item(page, "Cup")).to_be_focused()


def test_the_button_says_the_number_in_the_field(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page(part="packer"), order)
    button = item(page, "Cup").locator("[data-ship]")

    item(page, "Cup").get_by_label("One fewer").click()
    expect(button).to_have_text("Ship 4")
    quantity(page, "Cup").fill("x")
    expect(button).to_have_text("Ship")


@pytest.mark.parametrize("focus_stays", [True, False])
def test_a_second_tablet_sees_a_shipment_and_keeps_what_is_half_typed(
    open_page: OpenPage, order: Order, focus_stays: bool
) -> None:
    first, second = pick(open_page(part="packer"), order), pick(open_page(part="manager"), order)
    quantity(second, "Cup").fill("1")
    quantity(second, "Lamp").fill("2")
    if not focus_stays:
        second.locator("h1").click()

    item(first, "Cup").locator("[data-ship]").click()
    quantity(first, "Lamp").fill("1")
    item(first, "Lamp").locator("[data-ship]").click()

    expect(units(second)).to_have_text("6 of 11 units shipped", timeout=WITHIN_3_SECONDS)
    expect(item(second, "Lamp").locator(".item__progress")).to_have_text("1 of 4 shipped")
    expect(quantity(second, "Lamp")).to_have_value("2")
    expect(item(second, "Lamp").locator("[data-ship]")).to_have_text("Ship 2")
    expect(second.locator("#shipment-status")).to_contain_text("Shipped by paula, just now")
    if focus_stays:
        expect(quantity(second, "Lamp")).to_be_focused()
    item(second, "Lamp").locator("[data-ship]").click()
    expect(units(second)).to_have_text("8 of 11 units shipped")


def test_a_quantity_nobody_touched_follows_what_is_left(open_page: OpenPage, order: Order) -> None:
    first, second = pick(open_page(part="packer"), order), pick(open_page(part="manager"), order)
    quantity(first, "Lamp").fill("3")

    item(first, "Lamp").locator("[data-ship]").click()

    expect(quantity(second, "Lamp")).to_have_value("1", timeout=WITHIN_3_SECONDS)
    expect(item(second, "Lamp").locator("[data-ship]")).to_have_text("Ship 1")


def test_a_cancelled_order_stops_the_packer(open_page: OpenPage, warehouse: Warehouse, order: Order) -> None:
    page = pick(open_page(part="packer"), order)

    warehouse.cancel(order)

    expect(page.locator("#shipment-status")).to_contain_text("Put back what you have picked.", timeout=WITHIN_3_SECONDS)
    expect(page.locator(".item__ship")).to_have_count(0)


def test_a_screen_that_nobody_sees_asks_for_nothing(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page(part="packer"), order)
    requests: list[str] = []
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.wait_for_load_state("networkidle")  # What was asked before the screen was hidden may still be on its way.
    page.on("request", lambda request: requests.append(request.url))
    page.wait_for_timeout(2500)
    while_hidden = len(requests)

    with page.expect_response(lambda response: "shipment-status?version=" in response.url, timeout=1000):
        page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")

    assert while_hidden == 0


def test_an_answer_that_was_overtaken_changes_nothing(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page(part="packer"), order)
    old = page.request.get(f"/orders/{order.id}/shipment-status").text()
    item(page, "Cup").locator("[data-ship]").click()
    expect(units(page)).to_have_text("5 of 11 units shipped")

    page.route("**/shipment-status?version=*", lambda route: route.fulfill(body=old, content_type="text/html"))
    with page.expect_response("**/shipment-status?version=*"):
        pass
    page.unroute("**/shipment-status?version=*")

    expect(units(page)).to_have_text("5 of 11 units shipped")


def test_a_refusal_keeps_what_was_typed_and_offers_a_way_out(
    open_page: OpenPage, warehouse: Warehouse, page_errors: list[str]
) -> None:
    page = pick(open_page(part="packer"), warehouse.processing((warehouse.product("Vase", A1=1), 2)))

    quantity(page, "Vase").fill("2")
    item(page, "Vase").locator(".item__ship [data-ship]").click()
    expect(item(page, "Vase").get_by_role("alert")).to_contain_text("Only 1 of 2 can be shipped from stock")
    item(page, "Vase").get_by_label("Place").fill("C3")
    item(page, "Vase").get_by_role("button", name="Add and ship 2").click()
    item(page, "Vase").get_by_role("button", name="Add C3 and ship").click()

    expect(units(page)).to_have_text("2 of 2 units shipped")
    assert [error for error in page_errors if "409" not in error] == []
    page_errors.clear()


def test_units_that_nobody_knew_of_ship_from_the_button_that_asks_for_them(
    open_page: OpenPage, order: Order, page_errors: list[str]
) -> None:
    page = pick(open_page(part="packer"), order)

    item(page, "Vase").get_by_role("link", name="Found some?").click()
    page.get_by_label("Place").fill("C3")
    page.get_by_role("button", name="Add and ship 2").click()
    page.get_by_role("button", name="Add C3 and ship").click()

    expect(units(page)).to_have_text("2 of 11 units shipped")
    page_errors.clear()  # The browser itself notes the 409 that asks about the new place.


def test_a_wrong_quantity_is_told_by_the_field(open_page: OpenPage, order: Order, page_errors: list[str]) -> None:
    page = pick(open_page(part="packer"), order)

    quantity(page, "Cup").fill("9")
    quantity(page, "Cup").press("Enter")

    expect(item(page, "Cup")).to_contain_text("Only 5 are left to ship.")
    expect(quantity(page, "Cup")).to_have_value("9")
    expect(quantity(page, "Cup")).to_be_focused()
    assert [error for error in page_errors if "422" not in error] == []
    page_errors.clear()


def test_a_shipped_line_is_undone_with_a_tap(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page(part="packer"), order)
    item(page, "Cup").locator("[data-ship]").click()

    page.get_by_role("button", name="Undo 5 × Cup").click()

    expect(units(page)).to_have_text("0 of 11 units shipped")
    expect(quantity(page, "Cup")).to_have_value("5")


def test_a_scanner_that_types_anywhere_leads_to_the_item(
    open_page: OpenPage, warehouse: Warehouse, order: Order
) -> None:
    page = pick(open_page("handheld", part="packer"), order)
    quantity(page, "Cup").fill("3")
    page.locator("h1").click()

    scan(page, f"0{warehouse.item(order, 2).gtin}")

    expect(item(page, "Lamp")).to_be_focused()
    expect(item(page, "Lamp")).to_be_in_viewport()
    expect(quantity(page, "Cup")).to_have_value("3")
    scan(page, "99999")
    expect(page.locator("#scan-message")).to_have_text("Not on this order: “99999”")


def test_the_keyboard_alone_ships(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page(part="packer"), order)
    quantity(page, "Cup").focus()

    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    page.wait_for_timeout(200)  # As a hand; what comes at once is a scan.
    page.keyboard.press("Enter")
    expect(units(page)).to_have_text("2 of 11 units shipped")
    expect(quantity(page, "Cup")).to_be_focused()
    expect(quantity(page, "Cup")).to_have_value("3")
    page.locator(".status__all summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(units(page)).to_have_text("9 of 11 units shipped")
    expect(page.locator("#flash")).to_contain_text("Shipped 7 units of 2 items. 1 item left behind")


def test_the_focus_stays_with_an_item_whose_last_unit_ships(open_page: OpenPage, order: Order) -> None:
    page = pick(open_page(part="packer"), order)
    item(page, "Cup").locator("[data-ship]").focus()

    page.keyboard.press("Enter")

    expect(item(page, "Cup")).to_contain_text("5 of 5 shipped")
    expect(item(page, "Cup")).to_be_focused()
    page.keyboard.press("Tab")
    expect(item(page, "Lamp").get_by_label("One fewer")).to_be_focused()


def test_very_many_changes_load_the_page_anew(open_page: OpenPage, warehouse: Warehouse) -> None:
    order = warehouse.processing(*[(warehouse.product("Cup", A1=90), 1)] * 50)
    page = pick(open_page(part="packer"), order)

    warehouse.ship_order(order)

    expect(page.locator(".status__complete")).to_have_text("All shipped", timeout=WITHIN_3_SECONDS)
    expect(page.locator(".pick__done summary")).to_contain_text("Done: 50 items")


def test_everything_works_without_javascript(
    open_page: OpenPage, warehouse: Warehouse, order: Order, page_errors: list[str]
) -> None:
    page = open_page(part="packer", java_script_enabled=False)
    page.goto("/orders")
    page.get_by_role("link", name="Next order to pick").click()

    page.get_by_label("Scan or type a barcode or SKU").fill(warehouse.item(order, 2).sku)
    page.get_by_role("button", name="Find").click()
    expect(item(page, "Lamp")).to_be_in_viewport()
    quantity(page, "Lamp").fill("3")
    item(page, "Lamp").locator("[data-ship]").click()
    expect(units(page)).to_have_text("3 of 11 units shipped")
    page.get_by_role("button", name="Undo 3 × Lamp").click()
    expect(units(page)).to_have_text("0 of 11 units shipped")
    quantity(page, "Lamp").fill("none")
    item(page, "Lamp").locator("[data-ship]").click()
    expect(item(page, "Lamp")).to_contain_text("Quantity must be a whole number")
    assert [error for error in page_errors if "422" not in error] == []
    page_errors.clear()
    page.locator(".status__all summary").click()
    page.locator(".status__all button").click()

    expect(units(page)).to_have_text("9 of 11 units shipped")


def test_the_orders_page_follows_what_is_packed(open_page: OpenPage, warehouse: Warehouse, order: Order) -> None:
    page = open_page("desk", part="supervisor")
    page.goto(f"/orders/{order.id}")

    warehouse.ship(order, 2, line=2)

    expect(units(page)).to_have_text("2 of 11 units shipped", timeout=WITHIN_3_SECONDS)
    expect(page.locator("#order-parts")).to_contain_text("2 × Lamp")


@pytest.mark.looks(1)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_the_screens_fit_and_read_for_everybody(
    open_page: OpenPage, warehouse: Warehouse, order: Order, screen: str, theme: str
) -> None:
    warehouse.ship(order, 2)
    page = open_page(screen, part="manager", color_scheme=theme)
    first = warehouse.item(order).id
    screens = ["", f"/{order.id}", f"/{order.id}/pick"]
    if theme == "light":
        screens += [
            f"/{order.id}/items/{first}/short-picks",
            f"/{order.id}/items/{first}/found-units",
            "?status=refunded",
        ]
    for path in screens:
        page.goto(f"/orders{path}")
        wrong = Axe().run(page, options=AXE)
        wider = too_wide(page)
        small = page.evaluate(
            """controls => [...document.querySelectorAll(controls)]
              .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
              .filter(([, box]) => box.width > 1 && box.height < 48).map(([html]) => html)""",
            CONTROLS,
        )

        assert wrong.violations_count == 0, (path, wrong.generate_report())
        assert wider <= 0, path
        assert small == [], path
