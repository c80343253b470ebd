"""What each role does first, on the demo store, in every size, by touch or mouse; taps are counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.helpers.browser import SCREENS
from tests.helpers.demo_shop import DemoShop
from tests.helpers.signing_in import sign_in
from webapp.domain.statuses import OrderStatus
from webapp.models import Order, ShipmentLine
from webapp.services.verification import snapshot, verify

EVERY_SIZE = pytest.mark.parametrize("size", SCREENS)


class Hand:
    """A finger on a tablet or a handheld, a mouse at a desk; it counts its taps."""

    def __init__(self, page: Page, size: str) -> None:
        self._click = Locator.click if size == "desk" else Locator.tap
        self._page = page
        self.taps = 0

    def tap(self, what: Locator) -> None:
        self._click(what)
        self.taps += 1


@pytest.fixture
def shop(demo_shop: DemoShop, engine: Engine) -> Iterator[DemoShop]:
    """The demo store, whose stock must verify after the journey."""
    yield demo_shop
    with snapshot(engine) as connection:
        assert [violation.message for violation in verify(connection)] == []


@EVERY_SIZE
def test_a_packer_ships_the_next_order_and_takes_a_slip_back(
    open_window: Callable[..., Page], shop: DemoShop, db: Session, size: str
) -> None:
    page = open_window(size)
    sign_in(page, "paula", "paula-demo")
    hand = Hand(page, size)
    number = page.locator(".next-order__number").inner_text()

    hand.tap(page.locator(".next-order"))
    expect(page.locator("h1")).to_contain_text(number)
    first = page.locator("article.item").first
    name = first.locator(".item__name").inner_text()
    hand.tap(first.locator("[data-ship]"))
    toast = page.locator(".toast")
    expect(toast).to_contain_text(name)
    assert hand.taps == 2

    hand.tap(toast.get_by_role("button", name="Undo"))
    expect(page.locator("#shipment-status .status__units")).to_have_text(re.compile("^0 of"))
    assert hand.taps == 3
    db.rollback()
    undone = db.scalars(select(ShipmentLine).order_by(ShipmentLine.id.desc()).limit(1)).one()
    assert undone.undone_by == "paula"


@EVERY_SIZE
def test_a_manager_cancels_what_is_late(
    open_window: Callable[..., Page], shop: DemoShop, db: Session, size: str
) -> None:
    page = open_window(size)
    sign_in(page, "max", "max-demo")
    hand = Hand(page, size)

    hand.tap(page.get_by_role("link", name=re.compile("Late orders")))
    row = page.locator(".order").first
    number = row.locator(".order__number").inner_text()
    hand.tap(row.locator(".order__number"))
    hand.tap(page.get_by_role("link", name="Cancel order"))
    hand.tap(page.get_by_text("Out of stock", exact=True))
    hand.tap(page.get_by_role("button", name=re.compile(f"Cancel .* of {number}")))

    expect(page.locator("main")).to_contain_text("max cancelled this order")
    expect(page.locator("main")).to_contain_text("Out of stock")
    assert hand.taps == 5
    db.rollback()
    assert db.scalars(select(Order.status).where(Order.order_number == number)).one() is OrderStatus.CANCELLED


@EVERY_SIZE
def test_a_supervisor_finds_who_shipped_what_from_where_and_when(
    open_window: Callable[..., Page], shop: DemoShop, size: str
) -> None:
    page = open_window(size)
    sign_in(page, "sofia", "sofia-demo")
    hand = Hand(page, size)

    page.get_by_role("searchbox").fill("HK-1007")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Trail of HK-1007")).to_be_visible()
    page.get_by_role("searchbox").fill("teapot")

    shipped = page.locator(".operation", has_text="piet shipped 1 unit of Teapot with strainer, 1 litre from A-03-1")
    expect(page.locator(".operation", has_text="Stoneware mug")).to_have_count(0)
    expect(shipped.locator("time").first).to_have_attribute("title", re.compile(r"\d{4}, \d\d:\d\d:\d\d CES?T"))
    assert hand.taps == 0
