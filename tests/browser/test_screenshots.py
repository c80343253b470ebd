"""The gallery: a picture of every screen. ``make screenshots`` takes all of them and renews those in docs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.helpers.browser import SCREENS
from tests.helpers.demo_shop import DemoShop
from tests.helpers.gallery import GALLERY, IN_DOCS, shown_in_docs
from tests.helpers.rotation import share
from tests.helpers.signing_in import enter

JPEG: Final = b"\xff\xd8\xff"
LEFT_OUT: Final = {"not-there", "style-guide", "orders-found-none"}
"""Screens that no gallery shows."""

ALL: Final = bool(os.environ.get("SCREENSHOTS"))
LOOKS: Final = [(size, theme) for size in SCREENS for theme in ("light", "dark")] if ALL else [("handheld", "light")]
A_DAY: Final = 8
"""An ordinary run takes so many screens in one look, into a folder that is thrown away, to see that pictures can be
taken; each day others."""


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_a_picture_of_every_screen(
    open_window: Callable[..., Page], app: Flask, demo_shop: DemoShop, size: str, theme: str, tmp_path: Path
) -> None:
    folder = (GALLERY if ALL else tmp_path) / f"{size.replace(' ', '-')}-{theme}"
    folder.mkdir(parents=True, exist_ok=True)
    page = open_window(size, color_scheme=theme)
    somebody: str | None = None

    shown = [screen for screen in demo_shop.screens if screen.name not in LEFT_OUT]
    today = shown if ALL else share(shown, A_DAY, "pictures", key=lambda screen: screen.name)
    for screen in sorted(today, key=shown.index):
        if screen.person != somebody:
            somebody = screen.person
            enter(page, app, somebody)
        page.goto(screen.address)
        if ALL:
            page.wait_for_load_state(
                "networkidle"
            )  # It lasts half a second a page, so only for pictures that are kept.
        picture = page.screenshot(path=folder / f"{screen.name}.jpg", type="jpeg", quality=80)

        assert picture.startswith(JPEG)
        assert page.locator("main h1").first.is_visible(), screen

    if ALL:
        renew_docs(folder)


def renew_docs(folder: Path) -> None:
    """Copy the pictures that README and docs show of one look from the gallery."""
    for name in shown_in_docs():
        if name.parent.name == folder.name:
            (IN_DOCS / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(GALLERY / name, IN_DOCS / name)
