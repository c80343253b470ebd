"""Fixtures of the tests in a browser: the cast's warehouse, on the database that the live server uses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.helpers.warehouse import Warehouse
from webapp.models import Store


@pytest.fixture
def warehouse(db: Session, store: Store) -> Iterator[Warehouse]:
    """The warehouse of the cast's store, in which everything must be sound when the test is over."""
    warehouse = Warehouse(db, store)
    yield warehouse
    db.rollback()
    assert warehouse.unsound() == []
