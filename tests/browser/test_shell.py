"""The page around every screen, in a real browser: sizes, themes, the quantity stepper, a lost connection."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.helpers.browser import SCREENS
from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.drawn import drawn, too_wide
from tests.helpers.server_fixtures import LiveServer

THEMES = ("light", "dark")
CONTROLS = "button, select, nav a, a.button, label:has(input), input:not([type=hidden], [type=radio], [type=checkbox])"
"""What a thumb aims at; a radio button is hit through the label around it."""


def paper(page: Page) -> str:
    colour: str = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return colour


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_wider_than_the_screen_and_every_control_suits_a_thumb(open_page: OpenPage, screen: str) -> None:
    page = open_page(screen, part="manager")
    page.goto("/styleguide")

    wider = too_wide(page)
    small = page.evaluate(
        """(controls => [...document.querySelectorAll(controls)]
        .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < 48 || box.width < 24)).map(([html]) => html))""",
        CONTROLS,
    )

    assert wider <= 0
    assert small == []


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_in_the_header_covers_anything_else(open_page: OpenPage, screen: str) -> None:
    page = open_page(screen, part="manager")
    page.goto("/styleguide")

    covered = drawn(page).evaluate(
        """(() => {
          const parts = [...document.querySelectorAll('.header a, .header summary, .header__store')];
          const boxes = parts.map((part) => part.getBoundingClientRect());
          const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
          return parts.filter((_, i) => boxes.some((box, j) => i !== j && meet(box, boxes[i])))
            .map((part) => part.textContent.trim() || part.title);
        })()"""
    )

    assert covered == []


def test_the_letters_of_the_first_page_are_ours(open_page: OpenPage) -> None:
    """Faces of one family with other weights would hide each other, and the page would fall back in silence."""
    page = open_page()
    page.goto("/login")

    faces = page.evaluate("document.fonts.load('18px \"Atkinson Hyperlegible Next\"', 'Añß').then((all) => all.length)")

    assert faces == 1


class TestThemes:
    def test_the_system_decides_until_a_person_does(self, open_page: OpenPage) -> None:
        page = open_page(color_scheme="dark")
        page.goto("/login")
        dark = paper(page)
        page.emulate_media(color_scheme="light")

        assert paper(page) != dark

    def test_the_choice_is_kept_for_the_next_page_and_wins_over_the_system(self, open_page: OpenPage) -> None:
        page = open_page(part="packer", color_scheme="light")
        page.goto("/styleguide")
        light = paper(page)

        page.locator(".person-menu summary").click()
        page.get_by_role("button", name="Dark").click()
        dark = paper(page)
        page.reload()

        assert light != dark == paper(page)


class TestMenu:
    def test_escape_closes_it_and_gives_the_focus_back(self, open_page: OpenPage) -> None:
        page = open_page(part="packer")
        page.goto("/styleguide")
        button = page.locator(".person-menu summary")
        button.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")

        page.keyboard.press("Escape")

        expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
        expect(button).to_be_focused()

    def test_a_tap_elsewhere_closes_it(self, open_page: OpenPage) -> None:
        page = open_page(part="packer")
        page.goto("/styleguide")
        page.locator(".person-menu summary").click()

        page.mouse.click(20, 700)

        expect(page.get_by_role("button", name="Sign out")).to_be_hidden()

    @pytest.mark.parametrize("screen", SCREENS)
    def test_all_of_it_can_be_reached(self, open_page: OpenPage, screen: str) -> None:
        page = open_page(screen, part="packer")
        page.goto("/styleguide")
        page.locator(".person-menu summary").click()

        page.get_by_role("button", name="Sign out").click()

        expect(page).to_have_url(re.compile("/login$"))


class TestStepper:
    def test_the_buttons_count_between_least_and_most(self, open_page: OpenPage) -> None:
        page = open_page(part="packer")
        page.goto("/styleguide")
        field = page.locator("#example-quantity")
        stepper = page.locator(".stepper", has=field)
        fewer, more = stepper.get_by_label("One fewer"), stepper.get_by_label("One more")

        more.click()
        expect(field).to_have_value("3")
        for _ in range(4):
            more.click()
        expect(field).to_have_value("5")
        for _ in range(7):
            fewer.click()
        expect(field).to_have_value("1")

    def test_a_button_mends_what_is_no_number(self, open_page: OpenPage) -> None:
        page = open_page(part="packer")
        page.goto("/styleguide")
        field = page.locator("#example-quantity")
        field.fill("two")

        page.locator(".stepper", has=field).get_by_label("One more").click()

        expect(field).to_have_value("1")

    def test_without_javascript_the_number_is_typed(self, open_page: OpenPage) -> None:
        page = open_page(part="packer", java_script_enabled=False)
        page.goto("/styleguide")

        expect(page.locator("#example-quantity")).to_be_editable()
        expect(page.get_by_label("One more").first).to_be_hidden()


def test_signing_in_and_out_works_without_javascript(open_page: OpenPage) -> None:
    page = open_page(part="packer", java_script_enabled=False)
    page.goto("/styleguide")

    page.locator(".person-menu summary").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page).to_have_url(re.compile("/login$"))


def test_the_keyboard_can_skip_the_header(open_page: OpenPage) -> None:
    page = open_page("desk", part="packer")
    page.goto("/styleguide")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_a_lost_connection_is_said_and_taken_back(open_page: OpenPage, page_errors: list[str]) -> None:
    page = open_page(part="packer")
    page.goto("/styleguide")
    lost = page.get_by_text("No connection to Packbench")

    page.context.set_offline(True)
    page.evaluate("htmx.ajax('GET', '/healthz', {target: 'h1', swap: 'innerHTML'}).catch(() => {})")
    expect(lost).to_be_visible()
    page.context.set_offline(False)
    page.evaluate("htmx.ajax('GET', '/healthz', {target: 'h1', swap: 'innerHTML'})")

    expect(lost).to_be_hidden()
    page_errors.clear()  # The browser itself notes the failed request.


def test_a_refusal_appears_where_messages_are_and_leaves_the_page_alone(
    open_page: OpenPage, page_errors: list[str]
) -> None:
    page = open_page(part="packer")
    page.goto("/styleguide")

    page.evaluate("htmx.ajax('GET', '/nothing', {target: 'h1', swap: 'innerHTML'})")

    expect(page.locator("#flash")).to_contain_text("There is nothing here")
    expect(page.locator("h1")).to_have_text("Style guide")
    page_errors.clear()  # The browser itself notes the 404.


def test_htmx_goes_to_the_sign_in_when_the_session_has_ended(
    open_page: OpenPage, live_server: LiveServer, page_errors: list[str]
) -> None:
    page = open_page(part="packer")
    page.goto("/styleguide")
    page.context.clear_cookies()

    page.evaluate("htmx.ajax('GET', '/store', {target: 'h1', swap: 'innerHTML'})")

    page.wait_for_url(f"{live_server.url}/login?next=%2Fstyleguide", wait_until="commit")
    page_errors.clear()  # The browser itself notes the 401.


@pytest.mark.looks(1)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("screen", ["tablet", "handheld"])
def test_nothing_keeps_anybody_out(open_page: OpenPage, page_errors: list[str], screen: str, theme: str) -> None:
    outside = open_page(screen, color_scheme=theme)
    inside = open_page(screen, part="manager", color_scheme=theme)

    for page, address in ((outside, "/login"), (inside, "/styleguide"), (inside, "/store"), (inside, "/nothing")):
        page.goto(address)
        report = Axe().run(page)

        assert report.violations_count == 0, report.generate_report()
    page_errors.clear()  # The browser itself notes the 404.
