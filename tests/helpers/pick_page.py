"""The pick screen in a browser: its items, their quantities, and what is shipped."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from webapp.models import Order


def pick(page: Page, order: Order) -> Page:
    """Open the order's pick screen."""
    page.goto(f"/orders/{order.id}/pick")
    return page


def item(page: Page, name: str) -> Locator:
    return page.locator("article.item", has=page.get_by_role("heading", name=name, exact=True))


def more(page: Page, name: str) -> Locator:
    """Open what is rarely needed of an item."""
    item(page, name).get_by_role("button", name=f"More about {name}").click()
    return item(page, name).get_by_role("dialog")


def quantity(page: Page, name: str) -> Locator:
    return item(page, name).locator(".item__ship input[name=quantity]")


def units(page: Page) -> Locator:
    return page.locator("#shipment-status .status__units")
