"""Signs people in in a browser: through the form, or quicker by a session of theirs alone."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page

from tests.helpers.client_fixtures import signed_in


def sign_in(page: Page, username: str, password: str) -> None:
    """Sign a person in through the form."""
    page.goto("/login")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def enter(page: Page, app: Flask, username: str | None) -> None:
    """Let a person come in on the page, in place of the present one; None leaves nobody there."""
    page.context.clear_cookies()
    if username is not None:
        cookie = signed_in(app, username).get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": "127.0.0.1", "path": "/"}])
