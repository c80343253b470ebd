"""Signing in in a browser: through the form, once for each person; afterwards with the cookie that this gave."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

_cookies: dict[tuple[str, str], list[Any]] = {}
"""By username and password, for this process: every test's people have the same ids, and every server the same key."""


def sign_in(page: Page, username: str, password: str) -> None:
    """Sign somebody in through the form, as a person does."""
    page.goto("/login")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def enter(page: Page, username: str, password: str) -> None:
    """Let somebody be signed in on the page, instead of whoever was; what it shows next is theirs."""
    page.context.clear_cookies()
    who = (username, password)
    if who in _cookies:
        page.context.add_cookies(_cookies[who])
        return
    sign_in(page, username, password)
    _cookies[who] = list(page.context.cookies())
