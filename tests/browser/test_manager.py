"""The manager's screens in a real browser: a desk, a tablet, a handheld; keyboard only, without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.factories import make_order
from tests.helpers.browser import SCREENS
from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.drawn import drawn
from tests.helpers.screen_checks import assert_suits_everybody
from tests.helpers.warehouse import Warehouse
from webapp.models import Order, Product

GTIN = "4099999999989"


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    """9 lamps at A1 and 3 at B2, and a mug besides."""
    warehouse.product("Enamel mug", A1=5)
    return warehouse.product("Brass desk lamp", A1=9, B2=3)


@pytest.fixture
def order(warehouse: Warehouse, lamp: Product) -> Order:
    """5 lamps, 2 shipped and 3 reserved; 2 rarities that nobody has."""
    order = warehouse.processing((lamp, 5), (warehouse.product("Rarity"), 2))
    warehouse.ship(order, 2)
    return order


def forget(errors: list[str], status: int) -> None:
    """Remove the browser's report of a refusal that the test provoked."""
    errors[:] = [error for error in errors if str(status) not in error]


def place(page: Page, name: str) -> Locator:
    return page.locator(".stock-place", has=page.get_by_role("heading", name=name))


def test_an_order_is_cancelled_after_a_look_at_what_that_does(
    open_page: OpenPage, warehouse: Warehouse, order: Order
) -> None:
    page = open_page("desk", part="manager")
    page.goto(f"/orders/{order.id}")

    page.get_by_role("link", name="Cancel order").click()
    expect(page.get_by_role("heading", name=f"Cancel {order.order_number}?")).to_be_visible()
    expect(page.locator("#cancellation")).to_contain_text("3 units back to A1")
    page.get_by_label("Duplicate order").check()
    page.get_by_role("button", name=f"of {order.order_number}").click()

    page.wait_for_url(f"**/orders/{order.id}")
    expect(page.locator("#flash")).to_contain_text("is cancelled. 3 units of 1 item released.")
    assert warehouse.allocations(order) == {}


def test_codes_are_added_and_removed_by_keys_alone(open_page: OpenPage, lamp: Product) -> None:
    page = open_page("tablet", part="manager")
    page.goto(f"/stock/{lamp.id}")

    page.get_by_label("Code", exact=True).fill("CASE-6")
    page.get_by_label("Units per scan").fill("6")
    page.get_by_label("Units per scan").press("Enter")
    expect(page.locator(".codes__row", has_text="CASE-6")).to_contain_text("Case of 6 units")
    expect(page.get_by_label("Code", exact=True)).to_be_focused()
    page.get_by_role("button", name="Remove CASE-6").press("Enter")

    expect(page.locator(".codes__row", has_text="CASE-6")).to_have_count(0)
    expect(page.locator("#codes")).to_be_focused()


def test_a_missing_reason_is_told_without_losing_the_page(
    open_page: OpenPage, order: Order, page_errors: list[str]
) -> None:
    page = open_page("handheld", part="manager")
    page.goto(f"/orders/{order.id}/cancellation")

    page.get_by_role("button", name=f"of {order.order_number}").click()

    expect(page.locator("#reason-error")).to_have_text("Say why the order is cancelled: choose a reason, or write one.")
    expect(page.get_by_label("In your own words")).to_have_attribute("aria-invalid", "true")
    forget(page_errors, 422)


def test_an_order_that_changed_meanwhile_is_shown_afresh_and_then_cancelled(
    open_page: OpenPage, warehouse: Warehouse, order: Order, page_errors: list[str]
) -> None:
    page = open_page("tablet", part="manager")
    page.goto(f"/orders/{order.id}/cancellation")
    warehouse.ship(order, 1)

    page.get_by_label("Payment failed").check()
    page.get_by_role("button", name=f"of {order.order_number}").click()
    expect(page.locator(".receipt__line--changed")).to_contain_text("Changed since you looked")
    expect(page.get_by_label("Payment failed")).to_be_checked()
    page.get_by_role("button", name=f"of {order.order_number}").click()

    page.wait_for_url(f"**/orders/{order.id}")
    assert warehouse.status(order) == "cancelled"
    forget(page_errors, 409)


def test_the_keyboard_alone_cancels_units_of_an_item(open_page: OpenPage, warehouse: Warehouse, order: Order) -> None:
    page = open_page("desk", part="manager")
    page.goto(f"/orders/{order.id}/items/{warehouse.item(order).id}/cancellation")

    page.get_by_label("Units to cancel").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Customer changed their mind")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("They want one less")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Cancel these units")).to_be_focused()
    page.wait_for_timeout(250)  # Sooner after the last letter, Enter would be a scan's.
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/orders/{order.id}")
    assert warehouse.item(order).cancelled_quantity == 1


def test_the_stock_list_follows_what_is_typed(open_page: OpenPage, lamp: Product) -> None:
    page = open_page("desk", part="manager")
    page.goto("/stock")

    page.get_by_label("Search stock").press_sequentially("brass la")

    expect(page.locator("#stock tbody tr")).to_have_count(1)
    expect(page.locator("#stock")).to_contain_text("Brass desk lamp")
    expect(page.get_by_label("Search stock")).to_be_focused()
    page.wait_for_url("**/stock?search=brass+la")


@pytest.mark.parametrize("screen", list(SCREENS))
def test_the_stock_list_names_a_place_to_count_in_one_line(
    open_page: OpenPage, warehouse: Warehouse, lamp: Product, screen: str
) -> None:
    rarity = warehouse.product("Rarity")
    warehouse.find(warehouse.processing((rarity, 1)), 1, location="R-12-3")
    page = open_page(screen, part="manager")

    page.goto("/stock?show=count")

    words = page.get_by_text("Count R-12-3")
    expect(words).to_be_visible()
    drawn(page)
    lines = words.evaluate("element => element.clientHeight / parseFloat(getComputedStyle(element).lineHeight)")
    assert lines < 2


def test_a_place_is_counted_where_it_stands(open_page: OpenPage, warehouse: Warehouse, lamp: Product) -> None:
    page = open_page("tablet", part="manager")
    page.goto(f"/stock/{lamp.id}")

    place(page, "A1").get_by_text("Count", exact=True).click()
    form = place(page, "A1").locator("form", has_text="Units counted")
    form.get_by_label("Units counted").fill("7")
    form.get_by_role("button", name="Save the count").click()

    expect(page.locator("#product")).to_contain_text("Count saved. On hand at A1: 7")
    expect(place(page, "A1").locator("dd")).to_have_text(["7", "0", "7"])
    expect(page.get_by_label("Count the units at A1")).to_be_focused()
    assert warehouse.shelves(lamp)["A1"] == (7, 0)


def test_a_count_of_what_changed_meanwhile_is_refused_and_keeps_what_was_typed(
    open_page: OpenPage, warehouse: Warehouse, lamp: Product, page_errors: list[str]
) -> None:
    page = open_page("desk", part="manager")
    page.goto(f"/stock/{lamp.id}")
    warehouse.adjust(lamp, -2)

    place(page, "A1").get_by_text("Count", exact=True).click()
    form = place(page, "A1").locator("form", has_text="Units counted")
    form.get_by_label("Units counted").fill("8")
    form.get_by_role("button", name="Save the count").click()

    expect(form).to_contain_text("On hand is 7 now, not 9")
    expect(form.get_by_label("Units counted")).to_have_value("8")
    form.get_by_role("button", name="Save the count").click()
    expect(page.locator("#product")).to_contain_text("Count saved.")
    forget(page_errors, 409)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_count_below_what_is_reserved_shows_who_loses_units_first(
    open_page: OpenPage, warehouse: Warehouse, lamp: Product, order: Order, page_errors: list[str], scripts: bool
) -> None:
    page = open_page("tablet", part="manager", java_script_enabled=scripts)
    page.goto(f"/stock/{lamp.id}")
    place(page, "A1").get_by_text("Take", exact=True).click()
    form = place(page, "A1").locator("form", has_text="Units to take")
    form.get_by_label("Units to take").fill("6")
    form.get_by_role("button", name="Take the units").click()

    heading = page.get_by_role("heading", name="Take 6 from A1?")
    expect(heading).to_be_focused() if scripts else expect(heading).to_be_visible()
    expect(page.get_by_label(f"Units that {order.order_number} loses")).to_have_value("2")
    expect(page.locator("#short-count")).to_contain_text("2 units are free at other places")
    page.get_by_role("button", name="Take the units").click()

    where = page.locator("#product" if scripts else "#flash")
    expect(where).to_contain_text("Orders lost 2 units that were not there.")
    assert warehouse.shelves(lamp) == {"A1": (1, 1), "B2": (3, 2)}
    forget(page_errors, 409)


def test_an_unknown_gtin_is_matched_from_the_exception_that_tells_of_it(
    open_page: OpenPage, warehouse: Warehouse, lamp: Product
) -> None:
    order = make_order(warehouse.db, warehouse.store, [(warehouse.placeholder(), 2)], gtin=GTIN)
    warehouse.process(order)
    page = open_page("desk", part="manager")
    page.goto("/exceptions")

    page.get_by_role("link", name="Match the GTIN").click()
    page.get_by_label("Search products").fill("lamp")
    page.get_by_role("button", name=f"Match GTIN {GTIN} to Brass desk lamp").click()

    page.wait_for_url("**/matches")
    expect(page.locator("#flash")).to_contain_text("1 line of 1 order linked to Brass desk lamp. 2 units reserved.")
    assert warehouse.allocations(order) == {"A1": 2}


def test_an_exception_is_closed_with_words(open_page: OpenPage, warehouse: Warehouse, order: Order) -> None:
    page = open_page("tablet portrait", part="manager")
    page.goto("/exceptions")

    page.get_by_text("Close by hand").click()
    page.get_by_label("How was the exception settled?").fill("Bought from the shop next door")
    page.get_by_role("button", name="Close the exception").click()

    expect(page.locator("#exceptions")).to_contain_text("Closed: Bought from the shop next door")
    expect(page.locator("#exceptions")).to_contain_text("No open exceptions")
    assert warehouse.exceptions(order)[0][3] == "closed"


def test_written_off_units_ask_for_no_place(open_page: OpenPage, warehouse: Warehouse, order: Order) -> None:
    page = open_page("handheld", part="manager")
    page.goto(f"/orders/{order.id}/items/{warehouse.item(order).id}/returns")

    expect(page.get_by_label("Place", exact=True)).to_have_value("A1")
    page.get_by_label("Nowhere: written off").check()
    expect(page.get_by_label("Place", exact=True)).to_be_hidden()
    page.get_by_label("Units that came back").fill("1")
    page.get_by_label("In your own words").fill("Smashed in transit")
    page.get_by_role("button", name="Book the return").click()

    page.wait_for_url(f"**/orders/{order.id}")
    expect(page.locator("#flash")).to_contain_text("1 unit of Brass desk lamp came back and was written off")


def test_damaged_units_are_written_off_until_somebody_chooses(
    open_page: OpenPage, warehouse: Warehouse, order: Order
) -> None:
    page = open_page("tablet", part="manager")
    page.goto(f"/orders/{order.id}/items/{warehouse.item(order).id}/returns")
    back, nowhere = page.get_by_label("Back to a place"), page.get_by_label("Nowhere: written off")

    page.get_by_label("Damaged").check()
    expect(nowhere).to_be_checked()
    page.get_by_label("Wrong item").check()
    expect(back).to_be_checked()
    back.click()
    page.get_by_label("Damaged").check()

    expect(back).to_be_checked()


def test_everything_works_without_javascript(
    open_page: OpenPage, warehouse: Warehouse, order: Order, lamp: Product
) -> None:
    page = open_page("desk", part="manager", java_script_enabled=False)

    page.goto("/stock")
    page.get_by_label("Search stock").fill("brass")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Brass desk lamp").click()
    page.get_by_text("Add units at a new place").click()
    form = page.locator("#new-place form")
    form.get_by_label("Place", exact=True).fill("C-3")
    form.get_by_label("Units to add").fill("4")
    form.get_by_label("In your own words").fill("Delivery without a file")
    form.get_by_role("button", name="Add the units").click()
    expect(page.locator("#flash")).to_contain_text("4 units added. On hand at C-3: 4")

    page.goto("/exceptions")
    page.get_by_text("Close by hand").click()
    page.get_by_label("How was the exception settled?").fill("Bought elsewhere")
    page.get_by_role("button", name="Close the exception").click()
    expect(page.locator("#flash")).to_contain_text("Closed: Bought elsewhere")

    page.goto(f"/orders/{order.id}/cancellation")
    page.get_by_label("In your own words").fill("They moved away")
    page.get_by_role("button", name=f"of {order.order_number}").click()
    expect(page.locator("#flash")).to_contain_text("is cancelled.")
    assert warehouse.status(order) == "cancelled"


@pytest.mark.looks(1)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_the_screens_fit_and_read_for_everybody(
    open_page: OpenPage, warehouse: Warehouse, order: Order, lamp: Product, screen: str, theme: str
) -> None:
    make_order(warehouse.db, warehouse.store, [(warehouse.placeholder(), 2)], gtin=GTIN)
    page = open_page(screen, part="manager", color_scheme=theme)
    item = f"/orders/{order.id}/items/{warehouse.item(order).id}"

    for path in (
        f"/orders/{order.id}/cancellation",
        f"{item}/cancellation",
        f"{item}/returns",
        "/stock",
        "/stock?search=nothing",
        f"/stock/{lamp.id}",
        "/exceptions",
        "/matches",
        f"/matches/new?gtin={GTIN}&search=lamp",
    ):
        page.goto(path)
        for summary in page.locator("main summary:not(.menu__button)").all():
            summary.click()
        assert_suits_everybody(page)
    page.goto("/stock")
    page.locator("main .menu__button").click()
    assert_suits_everybody(page)
