"""Words fit where they stand, in every language: on one line, whole, and nothing moves for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.browser import SCREENS
from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.drawn import drawn, too_wide
from tests.helpers.pick_page import item, pick
from tests.helpers.warehouse import Warehouse
from webapp.domain.clock import utc_now
from webapp.languages import LANGUAGES

BROKEN_WORDS = r"""() => {
  const broken = [];
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    for (const word of texts.currentNode.data.matchAll(/\p{L}{2,}/gu)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].filter((box) => box.width > 1).map((box) => box.top));
      if (lines.size > 1) broken.push(word[0]);
    }
  }
  return broken;
}"""
"""Words that go on in the next line without a hyphen."""


def lines_of(words: Locator) -> int:
    """Return on how many lines an element's words stand."""
    tops = """(one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      return new Set([...range.getClientRects()].map((box) => box.top)).size;
    }"""
    return int(words.evaluate(tops))


def left_of(page: Page, words: str) -> float:
    box = drawn(page).locator(".change > summary").get_by_text(words, exact=True).bounding_box()
    assert box is not None
    return box["x"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_that_ships_has_one_line(open_page: OpenPage, warehouse: Warehouse, language: str) -> None:
    order = warehouse.processing((warehouse.product("Lamp", A1=100), 12))
    page = drawn(pick(open_page(part="packer", locale=language), order))
    ship = item(page, "Lamp").locator("[data-ship]")

    for size in SCREENS.values():
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        assert lines_of(ship) == 1, size


@pytest.mark.parametrize("language", LANGUAGES)
def test_four_items_of_ones_own_order_are_in_sight_on_a_handheld(
    open_page: OpenPage, warehouse: Warehouse, language: str
) -> None:
    products = [warehouse.product(name, **{f"A{at}": 9}) for at, name in enumerate(("Cup", "Lamp", "Vase", "Bowl"), 1)]
    late = utc_now() - timedelta(hours=2)
    number = "ORD-1234567"  # With "Prélever" before it, too long for one line.
    order = warehouse.processing(*((product, 2) for product in products), ship_by=late, order_number=number)
    page = drawn(pick(open_page("handheld", part="packer", locale=language), order))

    last, bar = item(page, "Bowl").bounding_box(), page.locator(".navigation").bounding_box()

    assert last is not None
    assert bar is not None
    assert last["y"] + last["height"] <= bar["y"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_of_the_navigation_has_one_line_on_an_upright_tablet(open_page: OpenPage, language: str) -> None:
    page = open_page("tablet portrait", part="manager", locale=language)
    page.goto("/stock")

    assert too_wide(page) == 0
    assert [lines_of(words) for words in page.locator(".navigation__link span").all()] == [1] * 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_return_is_broken_on_a_handheld(open_page: OpenPage, warehouse: Warehouse, language: str) -> None:
    order = warehouse.processing((warehouse.product("Lamp", A1=5), 5))
    warehouse.ship(order, 5)
    page = open_page("handheld", part="manager", locale=language)

    page.goto(f"/orders/{order.id}/items/{warehouse.item(order).id}/returns")

    assert drawn(page).evaluate(BROKEN_WORDS) == []


@pytest.mark.parametrize("screen", ["tablet", "tablet portrait"])
def test_the_buttons_of_a_place_stay_where_they_are(open_page: OpenPage, warehouse: Warehouse, screen: str) -> None:
    page = open_page(screen, part="manager")
    page.goto(f"/stock/{warehouse.product('Lamp', A1=5).id}")
    before = {words: left_of(page, words) for words in ("Count", "Add", "Take")}

    for opened in before:
        page.locator(".stock-place .change > summary").get_by_text(opened, exact=True).click()
        closed = {words: left for words, left in before.items() if words != opened}
        assert {words: left_of(page, words) for words in closed} == closed
        page.locator(".stock-place .change[open] > summary").click()


def test_every_form_of_a_product_has_its_title_at_the_left(open_page: OpenPage, warehouse: Warehouse) -> None:
    page = open_page(part="manager")
    page.goto(f"/stock/{warehouse.product('Lamp', A1=5).id}")

    for title in ("Count", "Add units at a new place"):
        page.locator(".change > summary").get_by_text(title, exact=True).click()
        opened = page.locator(".change[open]", has_text=title)
        drawn(page)
        form = opened.locator("form").bounding_box()
        assert form is not None
        assert left_of(page, title) - form["x"] < 40


def test_an_error_leaves_the_button_beside_the_fields(
    open_page: OpenPage, warehouse: Warehouse, page_errors: list[str]
) -> None:
    page = open_page(part="manager")
    page.goto(f"/stock/{warehouse.product('Lamp', A1=5).id}")
    page.locator(".stock-place .change > summary").get_by_text("Count", exact=True).click()
    page.get_by_label("Units counted").fill("some")
    page.get_by_role("button", name="Save the count").click()
    expect(page.locator(".change[open] .field__error")).to_be_visible()
    drawn(page)

    tops = [
        box["y"]
        for one in (
            page.get_by_label("Units counted"),
            page.locator(".change[open]").get_by_label("Why"),
            page.get_by_role("button", name="Save the count"),
        )
        if (box := one.bounding_box())
    ]

    assert max(tops) - min(tops) < 3
    page_errors.clear()  # The browser itself notes the refusal.
