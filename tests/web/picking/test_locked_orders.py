"""Somebody else holds an order's lock: nobody waits for long, and nobody loses what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.helpers.cast import Part
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Order

pytestmark = pytest.mark.both_engines

BUSY = "Somebody else is changing this at the moment. Nothing was changed."


@pytest.fixture
def program(api_as: Callable[[Part], ApiClient]) -> ApiClient:
    return api_as("packer")


@pytest.fixture
def locked(engine: Engine, order: Order, packer: Tablet, program: ApiClient) -> Iterator[Order]:
    """An order whose row somebody else holds; on SQLite they hold the database."""
    order_id = order.id
    with Session(engine) as holder:
        holder.execute(text("UPDATE orders SET version = version WHERE id = :order"), {"order": order_id})
        yield order


def test_a_person_and_a_program_are_answered_soon_and_what_was_typed_stays(
    warehouse: Warehouse, packer: Tablet, program: ApiClient, locked: Order
) -> None:
    item_id = warehouse.item(locked, 2).id
    path = f"/orders/{locked.id}/items/{item_id}"
    warehouse.db.rollback()

    def ask() -> Answer:
        return Answer(
            packer.client.post(
                f"{path}/shipments",
                data={"quantity": "2", "seen_shipped": "0"},
                headers={"HX-Request": "true"},
            )
        )

    with ThreadPoolExecutor(2) as both:
        person = both.submit(ask)
        answer = both.submit(program.post, f"{path}/ship", {"quantity": 2}).result()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert BUSY in answer.get_json()["detail"]
    panel = person.result()
    assert (panel.status, panel.response.headers["Retry-After"]) == (503, "2")
    assert BUSY in panel.item(item_id).words
    assert panel.ship_form(item_id).fields["quantity"] == "2"
