"""Every screen works for everyone: in each size, theme and language, enlarged, without motion, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize

from tests.helpers.browser import SCREENS
from tests.helpers.demo_shop import DemoShop, Screen
from tests.helpers.drawn import too_wide
from tests.helpers.rotation import share
from tests.helpers.screen_checks import assert_suits_everybody
from tests.helpers.signing_in import enter
from webapp.languages import LANGUAGES

LONGEST = "de"
"""The language whose words take the most room."""

LOOKS = [(size, theme, LONGEST) for size in SCREENS for theme in ("light", "dark")] + [
    ("tablet", "light", language) for language in LANGUAGES if language != LONGEST
]
A_DAY = 1
"""In how many looks each screen is checked per day; ``make test-all`` takes all."""

BY_KEYBOARD = ["tablet", "handheld"]
"""Sizes in which the focus goes through every screen, each day in one of them."""

SMALL: ViewportSize = {"width": 320, "height": 640}
"""What remains of a desktop window at 400 % (WCAG 2.2, 1.4.10)."""
ENLARGED: ViewportSize = {"width": 590, "height": 410}
"""A tablet at 200 % (WCAG 2.2, 1.4.4)."""
TABLET: ViewportSize = {"width": 1180, "height": 820}

LONGEST_MOTION = """() => Math.max(0, ...[...document.querySelectorAll("*")].flatMap((one) => {
  const style = getComputedStyle(one);
  return `${style.transitionDuration}, ${style.animationDuration}`.split(", ").map(parseFloat);
}))"""
"""How many seconds the longest transition or animation of a page takes."""

HIDDEN_FOCUS = """() => {
  const one = document.activeElement;
  // The calendar's button inside of a date field has the focus, and a ring, of its own.
  if (!one || one === document.body || !one.matches(":focus")) return "";
  const box = one.getBoundingClientRect();
  const shown = box.width && box.height ? box : one.parentElement.getBoundingClientRect();
  const [x, y] = [shown.left + shown.width / 2, shown.top + Math.min(shown.height, innerHeight) / 2];
  const there = document.elementFromPoint(x, y);
  const isSeen = there && (one.contains(there) || there.contains(one) || one.closest("label")?.contains(there)
    || [...(one.labels ?? [])].some((label) => label.contains(there)));
  const around = [one, ...(one.labels ?? [])];
  for (let outer = one.parentElement; outer; outer = outer.parentElement) around.push(outer);
  const isRinged = around.some((part) => getComputedStyle(part).outlineStyle !== "none");
  return isSeen && isRinged ? "" : one.outerHTML.slice(0, 120);
}"""
"""The control with the focus where it is covered, off the screen, or has no ring around it or the row it stands for."""


def screens(page: Page, app: Flask, shown: Iterable[Screen]) -> Iterator[Screen]:
    """Show these screens, each to the person who opens it."""
    somebody: str | None = ""
    for screen in sorted(shown, key=lambda screen: screen.person or ""):
        if screen.person != somebody:
            somebody = screen.person
            enter(page, app, somebody)
        page.goto(screen.address)
        yield screen


@pytest.mark.parametrize(("size", "theme", "language"), LOOKS)
def test_nothing_keeps_anybody_out_of_any_screen(
    open_window: Callable[..., Page],
    app: Flask,
    demo_shop: DemoShop,
    page_errors: list[str],
    size: str,
    theme: str,
    language: str,
) -> None:
    page = open_window(size, color_scheme=theme, locale=language)
    today = [screen for screen in demo_shop.screens if (size, theme, language) in share(LOOKS, A_DAY, screen.name)]

    for _ in screens(page, app, today):
        assert page.locator("html").get_attribute("lang") == language
        assert_suits_everybody(page)
    page_errors.clear()  # The browser itself notes the 404.


def test_enlarged_nothing_is_cut_off_and_who_asks_for_less_motion_gets_none(
    open_window: Callable[..., Page], app: Flask, demo_shop: DemoShop, page_errors: list[str]
) -> None:
    page = open_window(locale=LONGEST, reduced_motion="reduce")
    page.set_viewport_size(SMALL)

    for screen in screens(page, app, demo_shop.screens):
        assert too_wide(page) <= 0, (screen, SMALL)
        page.set_viewport_size(ENLARGED)
        assert too_wide(page) <= 0, (screen, ENLARGED)
        page.set_viewport_size(TABLET)
        assert page.evaluate(LONGEST_MOTION) < 0.001, screen
        page.set_viewport_size(SMALL)  # The next one opens in it.
    page_errors.clear()


@pytest.mark.parametrize("size", BY_KEYBOARD)
def test_the_focus_is_always_seen(
    open_window: Callable[..., Page], app: Flask, demo_shop: DemoShop, page_errors: list[str], size: str
) -> None:
    page = open_window(size)
    today = [screen for screen in demo_shop.screens if size in share(BY_KEYBOARD, 1, screen.name)]

    for screen in screens(page, app, today):
        controls = page.locator("a, button, summary, input, select, textarea").count()
        for _ in range(min(controls, 40)):
            page.keyboard.press("Tab")
            assert page.evaluate(HIDDEN_FOCUS) == "", screen
    page_errors.clear()
