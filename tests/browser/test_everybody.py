"""Every screen works for everyone: in each size, theme and language, enlarged, without motion, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest
from playwright.sync_api import Page

from tests.helpers.browser import SCREENS
from tests.helpers.demo_shop import DemoShop, Screen, enter
from tests.helpers.rotation import share
from tests.helpers.screen_checks import assert_suits_everybody
from webapp.languages import LANGUAGES

LONGEST = "de"
"""The language whose words take the most room."""

LOOKS = [(size, theme, LONGEST) for size in SCREENS for theme in ("light", "dark")] + [
    ("tablet", "light", language) for language in LANGUAGES if language != LONGEST
]
A_DAY = 2
"""Looks in which each screen is checked per day; ``make test-all`` takes all."""

SMALL = {"width": 320, "height": 640}
"""What remains of a desktop window at 400 % (WCAG 2.2, 1.4.10)."""
ENLARGED = {"width": 590, "height": 410}
"""A tablet at 200 % (WCAG 2.2, 1.4.4)."""

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


def screens(page: Page, shown: Iterable[Screen]) -> Iterator[Screen]:
    """Show these screens, each to the person who opens it."""
    somebody: str | None = ""
    for screen in sorted(shown, key=lambda screen: screen.person or ""):
        if screen.person != somebody:
            somebody = screen.person
            enter(page, somebody)
        page.goto(screen.address)
        yield screen


@pytest.mark.parametrize(("size", "theme", "language"), LOOKS)
def test_nothing_keeps_anybody_out_of_any_screen(
    open_window: Callable[..., Page], demo_shop: DemoShop, page_errors: list[str], size: str, theme: str, language: str
) -> None:
    page = open_window(size, color_scheme=theme, locale=language)
    today = [screen for screen in demo_shop.screens if (size, theme, language) in share(LOOKS, A_DAY, screen.name)]

    for _ in screens(page, today):
        assert page.locator("html").get_attribute("lang") == language
        assert_suits_everybody(page)
    page_errors.clear()  # The browser itself notes the 404.


@pytest.mark.parametrize("viewport", [SMALL, ENLARGED], ids=["320 px wide", "200 %"])
def test_enlarged_nothing_is_cut_off_or_scrolls_sideways(
    open_window: Callable[..., Page], demo_shop: DemoShop, page_errors: list[str], viewport: dict[str, int]
) -> None:
    page = open_window(locale=LONGEST)
    page.set_viewport_size({"width": viewport["width"], "height": viewport["height"]})

    for screen in screens(page, demo_shop.screens):
        too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert too_wide <= 0, screen
    page_errors.clear()


@pytest.mark.parametrize("size", ["tablet", "handheld"])
def test_the_focus_is_always_seen(
    open_window: Callable[..., Page], demo_shop: DemoShop, page_errors: list[str], size: str
) -> None:
    page = open_window(size)

    for screen in screens(page, demo_shop.screens):
        controls = page.locator("a, button, summary, input, select, textarea").count()
        for _ in range(min(controls, 40)):
            page.keyboard.press("Tab")
            assert page.evaluate(HIDDEN_FOCUS) == "", screen
    page_errors.clear()


def test_who_asks_for_less_motion_gets_none(
    open_window: Callable[..., Page], demo_shop: DemoShop, page_errors: list[str]
) -> None:
    page = open_window(reduced_motion="reduce")

    for screen in screens(page, demo_shop.screens):
        longest = page.evaluate(
            """() => Math.max(0, ...[...document.querySelectorAll("*")].flatMap((one) => {
              const style = getComputedStyle(one);
              return `${style.transitionDuration}, ${style.animationDuration}`.split(", ").map(parseFloat);
            }))"""
        )
        assert longest < 0.001, screen
    page_errors.clear()
