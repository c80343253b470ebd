"""Fixtures: pages in a real browser, at any screen size, for any of the cast; an error on a page fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright, expect

from tests.helpers.browser import SCREENS, installed_browser, launch_arguments, playwright_has_one
from tests.helpers.cast import NAMES, Cast, Part
from tests.helpers.requirements import missing
from tests.helpers.server_fixtures import LiveServer
from tests.helpers.signing_in import enter

PATIENCE = 15_000
"""Milliseconds in which a busy machine does what a person waits for; a test that passes does not last longer for it."""

expect.set_options(timeout=PATIENCE)


class OpenPage(Protocol):
    """Opens a page on the live server, in its own browser context."""

    def __call__(self, screen: str = "tablet", *, part: Part | None = None, **context: Any) -> Page: ...


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    """Start the machine's own browser if it has one, else Playwright's."""
    path_of_browser = installed_browser()
    if path_of_browser is None and not playwright_has_one(playwright):
        missing("BROWSER", "There is no Chromium: install one, or set CHROMIUM to its path.")
    path = {"executable_path": str(path_of_browser)} if path_of_browser else {}
    return {**browser_type_launch_args, "args": launch_arguments(), **path}


@pytest.fixture
def page_errors() -> list[str]:
    """Errors that pages of this test reported; a test that provokes an error removes it."""
    return []


@pytest.fixture
def open_window(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, page_errors: list[str]
) -> Iterator[Callable[..., Page]]:
    """Open pages without a signed-in person: ``open_window("handheld", color_scheme="dark")``.

    ``screen`` is one of the four in docs/contract.md, "Screens"; other arguments go to Playwright's new_context. At the
    end no page may have logged an error to the console or thrown one.
    """

    contexts: list[BrowserContext] = []

    def open_(screen: str = "tablet", **context: Any) -> Page:
        opened = new_context(base_url=live_server.url, viewport=SCREENS[screen], has_touch=screen != "desk", **context)
        contexts.append(opened)
        page = opened.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: _note(page_errors, message))
        page.on("pageerror", lambda error: page_errors.append(str(error)))
        return page

    yield open_
    errors = list(page_errors)
    for opened in contexts:
        opened.close()  # Before the server checks that it is idle: an open page keeps polling.
    assert errors == []


@pytest.fixture
def open_page(open_window: Callable[..., Page], app: Flask, cast: Cast) -> OpenPage:
    """Open signed-in pages: ``open_page("handheld", part="packer", java_script_enabled=False)``."""

    def open_(screen: str = "tablet", *, part: Part | None = None, **context: Any) -> Page:
        page = open_window(screen, **context)
        if part is not None:
            enter(page, app, NAMES[part])
        return page

    return open_


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A tablet without a signed-in person."""
    return open_page()


def _note(errors: list[str], message: ConsoleMessage) -> None:
    if message.type == "error":
        errors.append(f"{message.text} ({message.location.get('url', '')})")
