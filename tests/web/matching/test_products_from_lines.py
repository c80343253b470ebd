"""A manager makes products of the lines that wait for them: sees what would be made, then presses once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Product

PATH = "/matches/products"


@pytest.fixture(autouse=True)
def _lines(warehouse: Warehouse) -> None:
    unknown = warehouse.placeholder()
    warehouse.processing((unknown, 1), sku="TOWEL", gtin="", product_name="Tea towel")
    warehouse.processing((unknown, 2), sku="TOWEL", gtin="", product_name="Tea towel")
    warehouse.product("Mug", "MUG", A1=5)
    warehouse.processing((unknown, 1), sku="MUG", gtin="", product_name="Mug")


def count(db: Session) -> int:
    db.rollback()
    return db.scalar(select(func.count()).select_from(Product).where(Product.is_placeholder.is_(False))) or 0


def test_what_would_be_made_is_shown_and_a_double_tap_makes_it_once(manager: Tablet, db: Session) -> None:
    page = manager.get(PATH).root
    assert [row.words for row in page.one("tbody").all("tr")] == [
        "Mug MUG 1 line Is in the store: its lines are matched",
        "Tea towel TOWEL 2 lines New product",
    ]
    form = page.one("main").one("form")
    assert "Make 1 product" in form.words
    assert count(db) == 1

    answers = [manager.send(form, htmx=False) for _ in range(2)]

    assert [one.location for one in answers] == ["/orders", "/orders"]
    assert "1 product is made. 3 lines are matched." in manager.get("/orders").words
    assert count(db) == 2
    assert "Every product is known" in manager.get(PATH).words


def test_lines_that_came_meanwhile_are_looked_at_first(manager: Tablet, warehouse: Warehouse, db: Session) -> None:
    form = manager.get(PATH).root.one("main").one("form")
    unknown = db.scalars(select(Product).where(Product.is_placeholder)).one()
    warehouse.processing((unknown, 1), sku="BOWL", gtin="", product_name="Bowl")

    answer = manager.send(form, htmx=False)

    assert answer.status == 409
    assert "The lines have changed in the meantime." in answer.words
    assert "BOWL" in answer.words
    assert count(db) == 1
