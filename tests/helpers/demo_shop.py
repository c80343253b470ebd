"""The demo store for tests of whole screens: where each screen is found, and who opens it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.domain.skips import ExceptionState, SkipReason
from webapp.domain.statuses import OrderStatus
from webapp.models import Membership, Order, OrderItem, Product, StockException


class Screen(NamedTuple):
    """A screen by name, the person of the demo store who opens it (None: nobody signed in), and its address."""

    name: str
    person: str | None
    address: str


@dataclass(frozen=True)
class DemoShop:
    """The demo store's screens, each in a state that shows what it is for."""

    screens: tuple[Screen, ...]

    def __getitem__(self, name: str) -> Screen:
        return next(screen for screen in self.screens if screen.name == name)


@pytest.fixture
def demo_shop(app: Flask, db: Session, tmp_path: Path) -> DemoShop:
    """The demo store, loaded as ``make run`` does it, to people who know their way: no tour."""
    app.config["PICTURE_FOLDER"] = str(tmp_path / "pictures")
    told = app.test_cli_runner().invoke(args=["demo"])
    assert told.exit_code == 0, told.output
    db.execute(update(Membership).values(tour_ended_at=utc_now()))
    db.commit()
    picked = _order(db, OrderStatus.PARTIALLY_SHIPPED)
    waiting = _order(db, OrderStatus.PROCESSING)
    shipped = _order(db, OrderStatus.SHIPPED)
    cancelled = _order(db, OrderStatus.CANCELLED)
    returned = db.scalars(select(OrderItem).where(OrderItem.shipped_quantity > OrderItem.returned_quantity)).first()
    product = db.scalars(select(Product).where(Product.sku == "MUG-BLUE")).one()
    unknown = db.scalars(
        select(StockException).where(
            StockException.cause == SkipReason.PLACEHOLDER_PRODUCT, StockException.state == ExceptionState.OPEN
        )
    ).first()
    item = db.scalars(
        select(OrderItem).where(
            OrderItem.order_id == waiting.id,
            OrderItem.product_id.in_(select(Product.id).where(~Product.is_placeholder)),
        )
    ).first()
    assert returned is not None
    assert unknown is not None
    assert item is not None
    return DemoShop(
        (
            Screen("sign-in", None, "/login"),
            Screen("orders", "paula", "/orders"),
            Screen("orders-found-none", "paula", "/orders?search=nothing+like+it"),
            Screen("order", "max", f"/orders/{picked.id}"),
            Screen("order-cancelled", "max", f"/orders/{cancelled.id}"),
            Screen("pick", "paula", f"/orders/{picked.id}/pick"),
            Screen("pick-done", "paula", f"/orders/{shipped.id}/pick"),
            Screen("fewer-there", "paula", f"/orders/{waiting.id}/items/{item.id}/short-picks"),
            Screen("found-on-the-shelf", "paula", f"/orders/{waiting.id}/items/{item.id}/found-units"),
            Screen("cancel", "max", f"/orders/{picked.id}/cancellation"),
            Screen("return", "max", f"/orders/{returned.order_id}/items/{returned.id}/returns"),
            Screen("audit", "sofia", f"/orders/{picked.id}/audit"),
            Screen("activity", "sofia", "/activity"),
            Screen("stock", "max", "/stock"),
            Screen("product", "max", f"/stock/{product.id}"),
            Screen("to-decide", "max", "/exceptions"),
            Screen("unknown-products", "max", "/matches"),
            Screen("shortcuts", "paula", "/shortcuts"),
            Screen("not-there", "paula", "/orders/999999"),
            Screen("style-guide", "max", "/styleguide"),
        )
    )


def _order(db: Session, status: OrderStatus) -> Order:
    """Return the order of this status with the most lines."""
    most = (
        select(OrderItem.order_id)
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
        .where(Order.status == status)
        .group_by(OrderItem.order_id)
        .order_by(func.count().desc(), OrderItem.order_id)
        .limit(1)
    )
    return db.scalars(select(Order).where(Order.id == most.scalar_subquery())).one()


def enter(page: Page, person: str | None) -> None:
    """Sign somebody of the demo store in on a page, instead of whoever was; None signs everybody out."""
    page.context.clear_cookies()
    if person is None:
        return
    page.goto("/login")
    page.locator("[name=username]").fill(person)
    page.locator("[name=password]").fill(f"{person}-demo")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
