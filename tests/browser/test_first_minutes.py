"""The first minutes in a real browser: signing in, the tour, the help about keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.helpers.browser import SCREENS
from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.cast import Cast, Part
from tests.helpers.drawn import drawn
from tests.helpers.pick_page import pick
from tests.helpers.screen_checks import assert_suits_everybody
from tests.helpers.warehouse import Warehouse
from webapp.languages import LANGUAGES
from webapp.models import Membership, Order

LANDINGS = {"packer": "/orders", "manager": "/exceptions", "supervisor": "/activity", "admin": "/exceptions"}


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """Something to pick, and something that stock cannot cover."""
    return warehouse.processing((warehouse.product("Lamp", A1=5), 2), (warehouse.product("Rarity"), 1))


@pytest.fixture
def newcomers(db: Session, cast: Cast) -> None:
    """Nobody of the cast has closed the tour."""
    db.execute(update(Membership).values(tour_ended_at=None))
    db.commit()


def overlap(page: Page) -> bool:
    """Return whether the tour's card covers part of what it points at."""
    covered: bool = drawn(page).evaluate(
        """(() => {
          const parts = [".tour__card", ".tour-target"].map((one) => document.querySelector(one));
          const [a, b] = parts.map((one) => one.getBoundingClientRect());
          return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        })()"""
    )
    return covered


@pytest.mark.usefixtures("newcomers", "order")
@pytest.mark.parametrize("screen", ["tablet", "handheld"])
@pytest.mark.parametrize(("part", "landing"), LANDINGS.items())
def test_a_tour_points_at_what_it_speaks_of_and_covers_none_of_it(
    open_page: OpenPage, part: Part, landing: str, screen: str
) -> None:
    page = open_page(screen, part=part)
    page.goto(landing)
    pointing = page.locator("[data-tour-step]:not([data-tour-step=''])").count()

    for step in range(pointing):
        expect(page.locator("[data-shown]")).to_have_count(1)
        expect(page.locator(".tour-target")).to_be_in_viewport()
        assert not overlap(page), step
        if page.locator("[data-tour-go='1']").is_visible():
            page.get_by_role("button", name="Next").click()

    assert pointing >= 2
    assert_suits_everybody(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("newcomers")
def test_a_handheld_has_the_tours_ways_on_two_lines(open_page: OpenPage, order: Order, language: str) -> None:
    page = drawn(pick(open_page("handheld", part="packer", locale=language), order))

    places = [
        page.locator(f".tour {one}")
        for one in ("[data-tour-go='-1']", "[data-tour-go='1']", ".tour__count", "form button")
    ]
    boxes = [box for place in places if (box := place.bounding_box())]
    before, following, count, end = (round(box["y"] + box["height"] / 2) for box in boxes)

    assert (before, count) == (following, end)


@pytest.mark.usefixtures("newcomers")
def test_a_packers_tour_goes_on_where_units_ship(open_page: OpenPage, order: Order) -> None:
    page = open_page(part="packer")
    page.goto(f"/orders/{order.id}/pick")

    expect(page.locator(".tour__count")).to_have_text("Step 3 of 4")
    expect(page.locator(".tour-target")).to_be_in_viewport()
    page.get_by_role("button", name="Next").click()

    expect(page.locator("#shipment-status.tour-target")).to_be_in_viewport()


@pytest.mark.usefixtures("newcomers", "order")
def test_the_keyboard_alone_walks_through_the_tour_and_ends_it(open_page: OpenPage) -> None:
    page = open_page("desk", part="manager")
    page.goto("/exceptions")
    following = page.get_by_role("button", name="Next")

    following.focus()
    for _ in range(3):
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="End tour")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator(".tour")).to_have_count(0)
    page.reload()
    expect(page.locator(".tour")).to_have_count(0)


@pytest.mark.usefixtures("newcomers", "order")
def test_without_javascript_the_tour_is_a_list_that_can_be_put_away(open_page: OpenPage) -> None:
    page = open_page("handheld", part="packer", java_script_enabled=False)
    page.goto("/orders")

    expect(page.locator(".tour li")).to_have_count(4)
    expect(page.locator(".tour li").last).to_be_visible()
    page.get_by_role("button", name="End tour").click()

    expect(page.locator(".tour")).to_have_count(0)


class TestHelpOnKeys:
    def test_a_key_opens_it_and_escape_gives_the_focus_back(self, open_page: OpenPage) -> None:
        page = open_page("desk", part="packer")
        page.goto("/stock")
        link = page.get_by_role("link", name="Orders", exact=True)
        link.focus()

        page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
        expect(dialog).to_contain_text("Go to the orders")
        expect(dialog.get_by_role("button", name="Close")).to_be_focused()
        assert_suits_everybody(page)
        page.keyboard.press("Escape")

        expect(dialog).to_have_count(0)
        expect(link).to_be_focused()

    def test_a_tap_beside_it_closes_it(self, open_page: OpenPage) -> None:
        page = open_page("tablet", part="packer")
        page.goto("/stock")
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
        expect(dialog).to_contain_text("Go to the orders")

        dialog.get_by_role("heading", name="Everywhere").click()
        expect(dialog).to_be_visible()
        page.mouse.click(20, 400)

        expect(dialog).to_have_count(0)

    def test_keys_can_be_switched_off_in_it(self, open_page: OpenPage) -> None:
        page = open_page("desk", part="packer")
        page.goto("/stock")
        page.keyboard.press("?")

        switch = page.get_by_label("Use single-key shortcuts on this device")
        expect(switch).to_be_checked()
        switch.uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("?")

        expect(page.get_by_role("dialog")).to_have_count(0)

    def test_while_it_is_on_its_way_something_stands_there(self, open_page: OpenPage) -> None:
        page = open_page("desk", part="packer")
        page.goto("/stock")
        held = []
        page.route("**/shortcuts", lambda route: held.append(route))

        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="One moment")).to_be_visible()
        expect(page.locator("dialog .skeleton")).to_be_visible()
        held[0].continue_()

        expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()

    def test_without_javascript_it_is_a_page(self, open_page: OpenPage) -> None:
        page = open_page("desk", part="packer", java_script_enabled=False)
        page.goto("/stock")

        page.locator(".person-menu summary").click()
        page.locator(".person-menu").get_by_role("link", name="Keyboard shortcuts").click()

        expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()


class TestSigningIn:
    def test_a_password_can_be_looked_at_and_is_hidden_again_when_it_is_sent(self, page: Page, cast: Cast) -> None:
        page.goto("/login")
        password = page.locator("#password")
        password.fill("not the right one")

        page.get_by_role("button", name="Show the password").click()
        expect(password).to_have_attribute("type", "text")
        expect(page.get_by_role("button", name="Show the password")).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="Show the password").click()

        expect(password).to_have_attribute("type", "password")

    @pytest.mark.server(DEMO="1")
    @pytest.mark.looks(1)
    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("screen", SCREENS)
    def test_the_door_suits_everybody(
        self, open_page: OpenPage, page_errors: list[str], screen: str, theme: str
    ) -> None:
        page = open_page(screen, color_scheme=theme)
        page.goto("/login")
        assert_suits_everybody(page)

        page.locator("#username").fill("nobody")
        page.locator("#password").fill("wrong")
        page.locator("#password").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Wrong username or password")
        assert_suits_everybody(page)
        page_errors.clear()  # The browser itself notes the 422.
