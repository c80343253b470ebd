"""The command that sets an order's status."""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import items_of, make_inventory, make_order, make_placeholder, make_product, make_store
from webapp.domain.settings import DEFAULTS
from webapp.domain.statuses import OrderStatus
from webapp.models import Order, Store
from webapp.services.people.store_settings import read_settings


@pytest.fixture
def order(db: Session, store: Store) -> Order:
    """Order 77: 3 units of 2 in stock, and an unknown line."""
    lamp = make_product(db, store, sku="A-1", name="Lamp")
    make_inventory(db, lamp, 2)
    return make_order(db, store, [(lamp, 3), (make_placeholder(db, store), 1)], order_number="77")


def set_status(app: Flask, status: str, number: str = "77", *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["orders", "status", number, status, "--store", "MAIN", *options])


def test_the_result_names_what_stock_could_not_serve(app: Flask, db: Session, order: Order) -> None:
    result = set_status(app, "processing")

    db.refresh(order)
    assert result.exit_code == 0, result.output
    assert order.status is OrderStatus.PROCESSING
    assert result.stdout.splitlines() == [
        "Order 77 is processing.",
        "Reserved: 2 units of 1 items",
        "Skipped: 1 units of A-1 Lamp: Not enough stock",
        "Skipped: 1 units of PLACEHOLDER Unknown product: Unknown product: match it before it can ship",
    ]


def test_the_same_status_again_does_nothing(app: Flask, db: Session, order: Order) -> None:
    set_status(app, "processing")
    result = set_status(app, "processing")

    assert result.stdout.splitlines() == ["Order 77 is processing."]


def test_cancelling_takes_a_reason_and_a_name(app: Flask, db: Session, order: Order) -> None:
    result = set_status(app, "cancelled", "77", "--reason", "Changed their mind", "--actor", "max")

    db.refresh(order)
    assert result.exit_code == 0, result.output
    assert order.status is OrderStatus.CANCELLED
    assert [item.cancelled_quantity for item in items_of(db, order)] == [3, 1]


@pytest.mark.parametrize(
    "words",
    [("orders", "status", "77", "cancelled", "--store", "MAIN"), ("stores", "set", "MAIN", "undo_minutes", "5")],
)
def test_nobody_acts_in_a_name_that_is_not_of_the_store(
    app: Flask, db: Session, order: Order, words: tuple[str, ...]
) -> None:
    result = app.test_cli_runner().invoke(args=[*words, "--actor", "otto"])

    db.refresh(order)
    assert result.exit_code == 1
    assert "Nobody in store MAIN is called “otto”." in result.stderr
    assert order.status is OrderStatus.PENDING
    assert read_settings(db, order.store_id).undo_minutes == DEFAULTS.undo_minutes


def test_a_refusal_is_a_sentence_and_changes_nothing(app: Flask, db: Session, order: Order) -> None:
    other = make_store(db)
    make_order(db, other, [(make_product(db, other), 1)], order_number="78")

    for status, number, sentence in [
        ("refunded", "77", "Order 77 cannot become refunded"),
        ("partially_shipped", "77", "it follows from the units that ship"),
        ("posted", "77", "There is no status “posted”"),
        ("processing", "78", "There is no order 78 in store MAIN."),
    ]:
        result = set_status(app, status, number)
        assert result.exit_code == 1
        assert sentence in result.stderr

    db.refresh(order)
    assert order.status is OrderStatus.PENDING


def test_a_number_of_two_channels_asks_which(app: Flask, db: Session, store: Store, order: Order) -> None:
    other = make_order(db, store, [(make_product(db, store), 1)], order_number="77", channel="eBay")

    doubtful = set_status(app, "processing")
    assert doubtful.exit_code == 1
    assert "Several channels have an order 77: “eBay”, “shop”. Say which one with --channel CODE." in doubtful.output
    assert (
        "There is no order 77 of the channel “etsy”" in set_status(app, "processing", "77", "--channel", "etsy").output
    )

    assert set_status(app, "processing", "77", "--channel", "ebay").exit_code == 0
    db.refresh(order)
    db.refresh(other)
    assert (order.status, other.status) == (OrderStatus.PENDING, OrderStatus.PROCESSING)
