"""Fixtures of the tests of the JSON API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.helpers.cast import Part
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.warehouse import Warehouse
from webapp.models import Order


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """The order of the worked examples: 2 of Widget A and 3 of Widget B, reserved, none shipped; others are around."""
    first, second = warehouse.product("Widget A", A1=50), warehouse.product("Widget B", A2=50)
    warehouse.processing((second, 4))
    order = warehouse.processing((first, 2), (second, 3), order_number="ORD-1-20260101-ABC123")
    warehouse.processing((first, 1))
    return order


@dataclass(frozen=True)
class Program(ApiClient):
    """A program whose changes the test's own session sees at once."""

    db: Session

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> TestResponse:
        answer = super().post(path, body, key=key)
        self.db.rollback()
        return answer


@pytest.fixture
def packer(api_as: Callable[[Part], ApiClient], db: Session) -> Program:
    """A program with a packer's token."""
    return Program(**vars(api_as("packer")), db=db)


@pytest.fixture
def manager(api_as: Callable[[Part], ApiClient], db: Session) -> Program:
    """A program with a manager's token."""
    return Program(**vars(api_as("manager")), db=db)
