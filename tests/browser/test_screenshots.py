"""The gallery: a picture of every screen, taken by the tests themselves; ``make screenshots`` keeps them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page

from tests.helpers.browser import SCREENS
from tests.helpers.demo_shop import DemoShop, enter

KEPT: Final = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
JPEG: Final = b"\xff\xd8\xff"
LEFT_OUT: Final = {"not-there", "style-guide", "orders-found-none"}
"""Screens that no gallery shows."""

KEEPS: Final = bool(os.environ.get("SCREENSHOTS"))
SHOWN: Final = [(size, theme) for size in SCREENS for theme in ("light", "dark")] if KEEPS else [("handheld", "light")]
"""Whoever keeps none takes those of one look, to see that they can be taken."""


@pytest.mark.parametrize(("size", "theme"), SHOWN)
def test_a_picture_of_every_screen(
    open_window: Callable[..., Page], demo_shop: DemoShop, size: str, theme: str, tmp_path: Path
) -> None:
    folder = (KEPT if KEEPS else tmp_path) / f"{size.replace(' ', '-')}-{theme}"
    folder.mkdir(parents=True, exist_ok=True)
    page = open_window(size, color_scheme=theme)
    somebody: str | None = None

    for screen in demo_shop.screens:
        if screen.name in LEFT_OUT:
            continue
        if screen.person != somebody:
            somebody = screen.person
            enter(page, somebody)
        page.goto(screen.address)
        page.wait_for_load_state("networkidle")
        picture = page.screenshot(path=folder / f"{screen.name}.jpg", type="jpeg", quality=80)

        assert picture.startswith(JPEG)
        assert page.locator("main h1").first.is_visible(), screen
