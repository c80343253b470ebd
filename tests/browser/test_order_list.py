"""The order list in a real browser: search while typing, news that move nothing, keys, thumbs, no JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.browser import SCREENS
from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.drawn import drawn
from tests.helpers.scanner import scan
from tests.helpers.screen_checks import assert_suits_everybody
from tests.helpers.warehouse import Warehouse
from webapp.domain.clock import utc_now
from webapp.models import Order

WITHIN_3_SECONDS = 3000
LONG_NAME = "Gemeinschaftliche Verbrauchergenossenschaft Oberkirchen-Niederdonven und Umgebung"


def due(hours: float) -> dict[str, object]:
    return {"ship_by": utc_now() + timedelta(hours=hours, minutes=1)}


@pytest.fixture
def orders(warehouse: Warehouse) -> dict[str, Order]:
    """Three orders by number, soonest first; LATE is half shipped."""
    cup, lamp = warehouse.product("Cup", A2=50, A10=50), warehouse.product("Lamp", B1=50)
    orders_by_name = {
        "LATE": warehouse.processing((cup, 2), (lamp, 1), order_number="LATE", customer_name=LONG_NAME, **due(-30)),
        "SOON": warehouse.processing((cup, 1), order_number="SOON", customer_name="Anna Müller", **due(2)),
        "THEN": warehouse.processing((lamp, 1), order_number="THEN", customer_name="Bob Smith", **due(40)),
    }
    warehouse.ship(orders_by_name["LATE"], 1)
    return orders_by_name


def row(page: Page, number: str) -> Locator:
    return page.locator(".order", has=page.get_by_role("link", name=number, exact=True))


def numbers(page: Page) -> Locator:
    return page.locator(".order__number")


def ask_for_news(page: Page) -> None:
    """Let the list poll at once, as if its ten seconds were over and nobody had touched the screen for a while."""
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    page.evaluate(
        """async () => {
          const real = performance.now.bind(performance);
          performance.now = () => real() + 60_000;
          document.getElementById('order-list').dispatchEvent(new CustomEvent('poll'));
          await new Promise((done) => document.addEventListener('htmx:finally:request', done, { once: true }));
          performance.now = real;
        }"""
    )


class TestSearch:
    def test_the_list_follows_as_one_types_and_the_caret_stays(
        self, open_page: OpenPage, orders: dict[str, Order]
    ) -> None:
        page = open_page(part="packer")
        page.goto("/orders")
        field = page.get_by_label("Search orders")

        field.press_sequentially("anna m", delay=30)

        expect(numbers(page)).to_have_text(["SOON"])
        expect(page).to_have_url(re.compile(r"/orders\?search=anna\+m$"))
        expect(field).to_be_focused()
        field.press_sequentially("ü")
        expect(page).to_have_url(re.compile(r"/orders\?search=anna\+m%C3%BC$"))
        expect(field).to_have_value("anna mü")

    def test_it_survives_a_reload_and_one_step_back_leaves_it(
        self, open_page: OpenPage, orders: dict[str, Order]
    ) -> None:
        page = open_page(part="packer")
        page.goto("/orders?late=1")
        page.get_by_label("Search orders").press_sequentially("cup", delay=300)
        expect(page).to_have_url(re.compile(r"search=cup&late=1$"))

        page.reload()
        expect(page.get_by_label("Search orders")).to_have_value("cup")
        expect(numbers(page)).to_have_text(["LATE"])
        numbers(page).click()
        page.wait_for_url("**/pick")
        page.go_back()
        expect(page.get_by_label("Search orders")).to_have_value("cup")
        page.go_back()

        expect(page).to_have_url(re.compile(r"/orders\?late=1$"))
        expect(page.get_by_label("Search orders")).to_have_value("")

    def test_a_whole_number_opens_its_order(self, open_page: OpenPage, orders: dict[str, Order]) -> None:
        page = open_page(part="packer")
        page.goto("/orders")

        page.get_by_label("Search orders").fill("soon")
        page.keyboard.press("Enter")

        page.wait_for_url(f"**/orders/{orders['SOON'].id}/pick")

    def test_a_scanned_number_opens_its_order(
        self, open_page: OpenPage, warehouse: Warehouse, orders: dict[str, Order]
    ) -> None:
        scanned = warehouse.processing((warehouse.product("Vase", C1=1), 1), order_number="PJ-2026-17")
        page = open_page(part="packer")
        page.goto("/orders")

        scan(page, "PJ-2026-17")

        page.wait_for_url(f"**/orders/{scanned.id}/pick")

    def test_without_javascript_a_button_searches(self, open_page: OpenPage, orders: dict[str, Order]) -> None:
        page = open_page(part="packer", java_script_enabled=False)
        page.goto("/orders?late=1")

        page.get_by_label("Search orders").fill("cup")
        page.get_by_role("button", name="Search").click()

        expect(numbers(page)).to_have_text(["LATE"])
        expect(page).to_have_url(re.compile("late=1&search=cup$"))


class TestNews:
    def test_what_stands_in_a_row_changes_where_it_stands(
        self, open_page: OpenPage, warehouse: Warehouse, orders: dict[str, Order]
    ) -> None:
        page = open_page(part="manager")
        page.goto("/orders")
        before = row(drawn(page), "LATE").bounding_box()

        warehouse.ship(orders["LATE"], 1)
        ask_for_news(page)

        expect(row(page, "LATE")).to_contain_text("2 of 3 units shipped")
        expect(page.locator(".next-order")).to_contain_text("1 unit to pick")
        assert row(drawn(page), "LATE").bounding_box() == before
        expect(page.get_by_role("button", name="Show")).to_be_hidden()

    def test_what_comes_and_goes_waits_until_somebody_asks_for_it(
        self, open_page: OpenPage, warehouse: Warehouse, orders: dict[str, Order]
    ) -> None:
        page = open_page(part="manager")
        page.goto("/orders")
        place = row(drawn(page), "THEN").bounding_box()

        warehouse.ship_order(orders["SOON"])
        warehouse.processing((warehouse.product("Vase", C1=1), 1), order_number="NEW", **due(1))
        ask_for_news(page)

        expect(page.locator("#order-news")).to_have_text("2 orders changed.")
        expect(numbers(page)).to_have_text(["LATE", "SOON", "THEN"])
        expect(row(page, "SOON")).to_contain_text("No longer in this list")
        assert row(drawn(page), "THEN").bounding_box() == place
        page.get_by_role("button", name="Show", exact=True).click()
        expect(numbers(page)).to_have_text(["LATE", "NEW", "THEN"])
        expect(page.locator("#order-news")).to_have_text("")
        expect(numbers(page).first).to_be_focused()

    def test_the_order_to_pick_next_does_not_change_under_a_finger(
        self, open_page: OpenPage, warehouse: Warehouse, orders: dict[str, Order]
    ) -> None:
        page = open_page(part="packer")
        page.goto("/orders")

        warehouse.ship_order(orders["LATE"])
        ask_for_news(page)

        expect(page.locator(".next-order__number")).to_have_text("LATE")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.locator(".next-order__number")).to_have_text("SOON")

    def test_nothing_changes_while_a_finger_is_down_or_a_menu_open(
        self, open_page: OpenPage, warehouse: Warehouse, orders: dict[str, Order]
    ) -> None:
        page = open_page(part="packer")
        page.goto("/orders")
        warehouse.ship(orders["LATE"], 1)

        page.mouse.move(600, 700)
        page.mouse.down()
        ask_for_news(page)
        expect(row(page, "LATE")).to_contain_text("1 of 3 units shipped")
        page.mouse.move(1, 1)
        page.mouse.up()
        page.locator(".order-tools__more summary").click()
        ask_for_news(page)
        expect(row(page, "LATE")).to_contain_text("1 of 3 units shipped")
        page.keyboard.press("Escape")
        ask_for_news(page)

        expect(row(page, "LATE")).to_contain_text("2 of 3 units shipped")


class TestKeys:
    def test_rows_are_walked_opened_and_picked(self, open_page: OpenPage, orders: dict[str, Order]) -> None:
        page = open_page("desk", part="manager")
        page.goto("/orders")

        page.keyboard.press("j")
        expect(numbers(page).nth(0)).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(numbers(page).nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(numbers(page).nth(0)).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("p")
        page.wait_for_url(f"**/orders/{orders['SOON'].id}/pick")
        page.go_back()
        page.keyboard.press("j")
        expect(numbers(page).nth(0)).to_be_focused()
        page.keyboard.press("Enter")

        page.wait_for_url(f"**/orders/{orders['LATE'].id}")

    @pytest.mark.parametrize(
        ("keys", "path"), [("n", "/pick"), ("gs", "/stock"), ("ge", "/exceptions"), ("go", "/orders")]
    )
    def test_keys_lead_to_the_next_order_and_to_the_screens(
        self, open_page: OpenPage, orders: dict[str, Order], keys: str, path: str
    ) -> None:
        page = open_page("desk", part="packer")
        page.goto("/orders?status=open")

        for key in keys:
            page.keyboard.press(key)

        expect(page).to_have_url(re.compile(f"{path}$"))

    def test_a_slash_goes_to_the_search_and_nothing_is_pressed_while_typing(
        self, open_page: OpenPage, orders: dict[str, Order]
    ) -> None:
        page = open_page("desk", part="packer")
        page.goto("/orders")

        page.keyboard.press("/")
        expect(page.get_by_label("Search orders")).to_be_focused()
        page.keyboard.type("n", delay=30)

        expect(page.get_by_label("Search orders")).to_have_value("n")
        expect(page).to_have_url(re.compile(r"/orders\?search=n$"))

    def test_a_scanners_burst_presses_nothing(self, open_page: OpenPage, orders: dict[str, Order]) -> None:
        page = open_page("desk", part="packer")
        page.goto("/orders")

        page.keyboard.type("njnpn/")
        page.keyboard.press("j")

        expect(page).to_have_url(re.compile("/orders$"))
        expect(numbers(page).first).not_to_be_focused()

    def test_they_can_be_turned_off_for_good(self, open_page: OpenPage, orders: dict[str, Order]) -> None:
        page = open_page("desk", part="packer")
        page.goto("/orders")
        page.evaluate("localStorage.setItem('packbench-shortcuts-off', '1')")

        page.keyboard.press("j")
        page.evaluate("localStorage.removeItem('packbench-shortcuts-off')")
        page.keyboard.press("j")

        expect(numbers(page).first).to_be_focused()


def test_a_view_that_is_folded_away_is_a_tap_further(
    open_page: OpenPage, warehouse: Warehouse, orders: dict[str, Order]
) -> None:
    warehouse.cancel(orders["SOON"])
    page = open_page("handheld", part="packer")
    page.goto("/orders")

    page.locator(".order-tools__more summary").click()
    page.get_by_role("link", name="Cancelled").click()

    expect(numbers(page)).to_have_text(["SOON"])
    expect(page.locator(".filters__link[aria-current]").first).to_be_in_viewport()


def test_a_filter_is_kept_used_and_removed(open_page: OpenPage, orders: dict[str, Order]) -> None:
    page = open_page("handheld", part="packer")
    page.goto("/orders?late=1")
    filters = page.locator(".order-tools__more summary")

    filters.click()
    page.get_by_label("Save this list under a name").fill("Most urgent")
    page.get_by_role("button", name="Save filter").click()
    expect(page.locator("#flash")).to_contain_text("“Most urgent” is saved.")
    page.goto("/orders")
    page.locator(".filters__link", has_text="Most urgent").click()
    expect(page).to_have_url(re.compile(r"/orders\?late=1$"))
    filters.click()
    page.get_by_role("button", name="Delete Most urgent").click()

    expect(page.locator("#flash")).to_contain_text("The filter is removed.")
    expect(page.locator(".filters__link", has_text="Most urgent")).to_have_count(0)


def test_a_name_that_is_taken_is_refused_at_its_field(
    open_page: OpenPage, orders: dict[str, Order], page_errors: list[str]
) -> None:
    page = open_page(part="packer")
    for views in ("late=1", "status=pending"):
        page.goto(f"/orders?{views}")
        page.locator(".order-tools__more summary").click()
        page.get_by_label("Save this list under a name").fill("Most urgent")
        page.get_by_role("button", name="Save filter").click()

    name = page.get_by_label("Save this list under a name")
    expect(name).to_be_focused()
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_value("Most urgent")
    page_errors.clear()  # The browser itself notes the refusal.


@pytest.mark.looks(1)
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_list_suits_everybody(
    open_page: OpenPage, warehouse: Warehouse, orders: dict[str, Order], screen: str, theme: str
) -> None:
    page = open_page(screen, part="manager", color_scheme=theme)

    for path in ("/orders", "/orders?search=nobody", "/orders?late=1"):
        page.goto(path)
        assert_suits_everybody(page)
        page.locator(".order-tools__more summary").click()
        assert_suits_everybody(page)


def test_on_a_handheld_the_first_order_is_seen_without_scrolling(open_page: OpenPage, orders: dict[str, Order]) -> None:
    page = open_page("handheld", part="packer")
    page.goto("/orders")

    first = drawn(page).locator(".order").first.bounding_box()
    below = page.evaluate("innerHeight - (document.querySelector('.navigation')?.offsetHeight ?? 0)")

    assert first is not None
    assert first["y"] + first["height"] <= below
