"""From a bare start to the first parcel, with exports that no format knows, by a stranger who counts their taps.

A click, a choice of a file, what is typed into one field, and a scan are a tap each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.helpers.scanner import scan
from tests.helpers.server_fixtures import LiveServer
from webapp.cli.setup import link_at_start
from webapp.models import OrderItem

OpenWindow = Callable[..., Page]

MOST_TAPS = 25
EXPORTS = Path(__file__).parents[1] / "data" / "exports"
MUG = "4006381333917"
PATIENCE = 30_000
"""Milliseconds for the process of an import, on a busy machine."""


@dataclass
class Stranger:
    """A new shop owner at a page; every act is counted."""

    page: Page
    taps: int = 0

    def tap(self, name: str, role: str = "button") -> None:
        self._tap(self.page.get_by_role(role, name=name, exact=True).first)  # type: ignore[arg-type]

    def fill_in(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"[name={name}]").fill(value)
            self.taps += 1

    def set_up(self, link: str) -> None:
        self.page.goto(link)
        self.fill_in(store_name="Tea & Tide", username="nora", password="seven boats at dawn", manager="nora-works")
        self.tap("Start with my own data")

    def send(self, name: str) -> None:
        """Send a file from the page of imports, take what is proposed, and import it."""
        self.page.locator("#file").set_input_files(EXPORTS / name)
        self.taps += 1
        self.tap("Check the file")
        self._tap(self.page.locator(".button--primary", has_text="Save and check the file"))
        self._tap(self.page.get_by_role("button", name="Import now"))
        expect(self.page.get_by_text("The import is finished")).to_be_visible(timeout=PATIENCE)

    def send_another(self, name: str) -> None:
        self.tap("Import another file", "link")
        self.send(name)

    def scan(self, code: str) -> None:
        """Scan a product at the pick screen: its item is in focus then."""
        expect(self.page.locator("#shipment-status")).to_be_visible()
        scan(self.page, code)
        expect(self.page.locator("article:focus")).to_have_count(1)
        self.taps += 1

    def _tap(self, control: Locator) -> None:
        control.click(timeout=PATIENCE)
        self.taps += 1


@pytest.fixture
def stranger(app: Flask, open_window: OpenWindow, live_server: LiveServer) -> Stranger:
    """Somebody whose server has just printed the link of an empty database."""
    link = link_at_start(app, live_server.url)
    assert link
    owner = Stranger(open_window("desk"))
    owner.set_up(link)
    return owner


def assert_mug_shipped(db: Session, stranger: Stranger, units: int) -> None:
    expect(stranger.page.locator(".status__units")).to_contain_text(f"{units} of 3 units shipped")
    db.rollback()
    assert db.scalars(select(OrderItem.shipped_quantity).where(OrderItem.shipped_quantity > 0)).all() == [units]
    assert stranger.taps <= MOST_TAPS


@pytest.mark.looks(1)
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("etsy-stock.csv", "etsy-order-items.csv"),
        ("ebay-listings.csv", "ebay-orders.csv"),
        ("auftraege.csv", "lagerbestand.csv"),
    ],
    ids=["etsy", "ebay", "orders-before-stock"],
)
def test_a_stranger_ships_by_a_scan_of_the_product(stranger: Stranger, db: Session, first: str, second: str) -> None:
    stranger.send(first)
    stranger.send_another(second)
    stranger.tap("Orders" if second == "lagerbestand.csv" else "To the orders", "link")
    stranger.tap("Pick", "link")
    stranger.scan(MUG)
    stranger.scan(MUG)
    stranger.tap("Ship 2")

    assert_mug_shipped(db, stranger, 2)


def test_a_stranger_without_a_list_of_stock_ships_what_they_find(
    stranger: Stranger, db: Session, page_errors: list[str]
) -> None:
    stranger.send("amazon-unshipped.txt")
    stranger.tap("Products for these lines", "link")
    stranger.tap("Make 3 products")
    stranger.tap("Pick", "link")
    stranger.scan(MUG)
    stranger.tap("Found some?", "link")
    stranger.fill_in(location="Cupboard")
    stranger.tap("Add and ship 1")
    stranger.tap("Add Cupboard and ship")
    page_errors.clear()  # The browser itself notes that a new place is asked about.

    assert_mug_shipped(db, stranger, 1)
