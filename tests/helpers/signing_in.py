"""Signs people in in a browser: once through the form, afterwards with the same cookie."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

_cookies: dict[tuple[str, str], list[Any]] = {}
"""By username and password. Ids and secret key are the same in all tests, so cookies can be reused."""


def sign_in(page: Page, username: str, password: str) -> None:
    """Sign a person in through the form."""
    page.goto("/login")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def enter(page: Page, username: str, password: str) -> None:
    """Sign a person in on the page, in place of the present one."""
    page.context.clear_cookies()
    who = (username, password)
    if who in _cookies:
        page.context.add_cookies(_cookies[who])
        return
    sign_in(page, username, password)
    _cookies[who] = list(page.context.cookies())
