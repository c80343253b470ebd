"""Fixtures: pages in a real browser, of any screen size, by anybody of the cast; errors on a page fail the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright

from tests.factories import PASSWORD
from tests.helpers.browser import SCREENS, installed_browser, launch_arguments, playwright_has_one
from tests.helpers.cast import NAMES, Cast, Part
from tests.helpers.requirements import missing
from tests.helpers.server_fixtures import LiveServer
from tests.helpers.signing_in import enter


class OpenPage(Protocol):
    """Opens a page on the live server, in a browser context of its own."""

    def __call__(self, screen: str = "tablet", *, part: Part | None = None, **context: Any) -> Page: ...


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    """Start the machine's own browser where there is one, else Playwright's."""
    path_of_browser = installed_browser()
    if path_of_browser is None and not playwright_has_one(playwright):
        missing("BROWSER", "There is no Chromium: install one, or set CHROMIUM to its path.")
    path = {"executable_path": str(path_of_browser)} if path_of_browser else {}
    return {**browser_type_launch_args, "args": launch_arguments(), **path}


@pytest.fixture
def page_errors() -> list[str]:
    """What pages of this test complained about; a test that provokes an error takes it out."""
    return []


@pytest.fixture
def open_window(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, page_errors: list[str]
) -> Iterator[Callable[..., Page]]:
    """Open pages that nobody signed in on: ``open_window("handheld", color_scheme="dark")``.

    ``screen`` is one of the four of docs/contract.md, "Screens"; further arguments go to Playwright's
    new_context. At the end no page may have written to the console's errors or thrown.
    """

    contexts: list[BrowserContext] = []

    def open_(screen: str = "tablet", **context: Any) -> Page:
        opened = new_context(base_url=live_server.url, viewport=SCREENS[screen], has_touch=screen != "desk", **context)
        contexts.append(opened)
        page = opened.new_page()
        page.set_default_timeout(5000)
        page.on("console", lambda message: _note(page_errors, message))
        page.on("pageerror", lambda error: page_errors.append(str(error)))
        return page

    yield open_
    errors = list(page_errors)
    for opened in contexts:
        opened.close()  # Before the server looks whether it is idle: a page asks for news again and again.
    assert errors == []


@pytest.fixture
def open_page(open_window: Callable[..., Page], cast: Cast) -> OpenPage:
    """Open pages: ``open_page("handheld", part="packer", java_script_enabled=False)`` is signed in already."""

    def open_(screen: str = "tablet", *, part: Part | None = None, **context: Any) -> Page:
        page = open_window(screen, **context)
        if part is not None:
            enter(page, NAMES[part], PASSWORD)
        return page

    return open_


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A tablet that nobody signed in on."""
    return open_page()


def _note(errors: list[str], message: ConsoleMessage) -> None:
    if message.type == "error":
        errors.append(f"{message.text} ({message.location.get('url', '')})")
