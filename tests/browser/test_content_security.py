"""No screen needs an inline script, an inline style or eval; the browser reports any."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Error, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import items_of
from tests.helpers.browser_fixtures import OpenPage
from tests.helpers.cast import Part
from tests.helpers.rotation import share
from tests.helpers.warehouse import Warehouse
from webapp.auth.guard import API_PREFIX, ROLES_MARK
from webapp.models import Inventory

REPORTED = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample} (${event.sourceFile ?? ""})`));
"""
PARTS: tuple[Part, ...] = ("manager", "supervisor", "admin", "packer")


@pytest.fixture
def ids(warehouse: Warehouse, db: Session) -> dict[str, int]:
    """Rows behind the ids in addresses: an order with a shipped, an open, a short and an unmatched line."""
    lamp, cup, vase = warehouse.product("Lamp", A1=9), warehouse.product("Cup", A2=9), warehouse.product("Vase", A3=1)
    order = warehouse.processing((lamp, 2), (cup, 2), (vase, 3), (warehouse.placeholder(), 1))
    warehouse.ship(order, 2)
    place = db.scalars(select(Inventory.id).where(Inventory.product_id == cup.id)).one()
    return {
        "order_id": order.id,
        "item_id": items_of(db, order)[1].id,
        "product_id": cup.id,
        "inventory_id": place,
    }


def addresses(app: Flask, part: Part, ids: dict[str, int]) -> Iterator[str]:
    """Yield the address of every page that this person opens today: each page has one of those who may, each day
    another, and all of them by make test-all."""
    screens = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        roles = getattr(app.view_functions[rule.endpoint], ROLES_MARK)
        is_file = rule.endpoint == "static" or rule.rule.startswith((API_PREFIX, "/assets/"))
        may = [each for each in PARTS if roles is None or each in roles]
        if "GET" in (rule.methods or ()) and not is_file and part in share(may, 1, rule.rule):
            yield screens.build(rule.endpoint, {name: ids.get(name, 1) for name in rule.arguments})


@pytest.mark.parametrize("part", PARTS)
def test_the_browser_refuses_nothing_on_any_screen(
    open_page: OpenPage, app: Flask, ids: dict[str, int], part: Part, page_errors: list[str]
) -> None:
    page = open_page(part=part)
    page.add_init_script(REPORTED)

    refused = {address: refused_on(page, address) for address in addresses(app, part, ids)}

    assert len(refused) > 3
    assert {address: refusals for address, refusals in refused.items() if refusals} == {}
    page_errors[:] = [error for error in page_errors if "status of 4" not in error]  # Rows that are not there.


def test_an_inline_style_would_be_found(open_page: OpenPage, page_errors: list[str]) -> None:
    page = open_page()
    page.add_init_script(REPORTED)
    page.goto("/login")

    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">Red</p>')")

    page.wait_for_function("window.refused.length > 0")
    assert page.evaluate("window.refused")[0].startswith("style-src-attr: inline")
    page_errors.clear()  # The browser itself notes it.


def refused_on(page: Page, address: str) -> list[str]:
    """Open a page and return what the policy blocked there."""
    try:
        page.goto(address)
    except Error as problem:
        if "Download is starting" in problem.message or "ERR_ABORTED" in problem.message:
            return []  # A file, or an answer without a body: the page before stays.
        raise
    refusals: list[str] = page.evaluate("window.refused")
    return refusals
