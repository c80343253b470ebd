"""The pictures of the documentation, taken by the tests themselves: ``make screenshots`` keeps them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.helpers.browser import SCREENS
from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.warehouse import Warehouse
from webapp.models import Order

KEPT = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """An order of a real-looking shop, half way: something shipped, something short."""
    mug = warehouse.product("Stoneware mug, sand", A1=24)
    kettle = warehouse.product("Kettle, 1.2 litre", A10=6)
    towels = warehouse.product("Tea towels, set of 3", B2=40)
    clock = warehouse.product("Wall clock, 30 cm", C4=1)
    order = warehouse.processing((mug, 6), (kettle, 1), (towels, 4), (clock, 2))
    warehouse.ship(order, 2, line=1)
    return order


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_screenshot_of_the_pick_screen(
    open_page: OpenPage, order: Order, screen: str, theme: str, tmp_path: Path
) -> None:
    page = open_page(screen, part="packer", color_scheme=theme)
    page.goto(f"/orders/{order.id}/pick")

    picture = take(page, f"pick-{screen.replace(' ', '-')}-{theme}.png", tmp_path)

    assert picture.startswith(PNG)
    assert page.locator("#shipment-status").is_visible()


@pytest.mark.parametrize(("name", "part"), [("orders", "packer"), ("audit", "supervisor"), ("cancellation", "manager")])
def test_screenshot_of_the_other_screens(
    open_page: OpenPage, order: Order, name: str, part: str, tmp_path: Path
) -> None:
    page = open_page(part=part)
    page.goto("/orders" if name == "orders" else f"/orders/{order.id}/{name}")

    picture = take(page, f"{name}-tablet-light.png", tmp_path)

    assert picture.startswith(PNG)
    assert page.locator("main h1").is_visible()


def take(page: Page, name: str, folder: Path) -> bytes:
    """Take a picture of what fits the screen; keep it where SCREENSHOTS is set, else in the test's own folder."""
    kept = KEPT if os.environ.get("SCREENSHOTS") else folder
    kept.mkdir(parents=True, exist_ok=True)
    return page.screenshot(path=kept / name)
