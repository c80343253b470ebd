"""Two servers whose clocks differ: every history follows what happened, with the times as they were recorded."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.helpers.cast import Cast, Part
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.domain.clock import time_is
from webapp.domain.trail import TrailFilter
from webapp.domain.trail_kinds import TrailKind
from webapp.models import Order, Product
from webapp.services.reads.stock_queries import list_movements
from webapp.services.reads.trail_queries import Trail, read_trail

pytestmark = pytest.mark.both_engines

RIGHT = datetime(2026, 3, 6, 12, tzinfo=UTC)
BEHIND = RIGHT - timedelta(minutes=2)
SHIPPED, UNDONE = "paula shipped 1 unit of Lamp", "paula undid shipping 1 unit of Lamp"


@pytest.fixture
def supervisor(tablet_of: Callable[[Part], Tablet]) -> Tablet:
    return tablet_of("supervisor")


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    with time_is(BEHIND - timedelta(hours=1)):
        return warehouse.product("Lamp", A1=200)


@pytest.fixture
def order(warehouse: Warehouse, lamp: Product) -> Order:
    """An order of which each unit is shipped at one server and undone at the one that is two minutes behind."""
    with time_is(BEHIND - timedelta(hours=1)):
        order = warehouse.processing((lamp, 60))
    for _ in range(3):
        with time_is(RIGHT):
            warehouse.ship(order, 1)
        with time_is(BEHIND):
            warehouse.undo(order)
    return order


def acts(answer: Answer) -> list[str]:
    """What was shipped and undone, in the order of the page."""
    sentences = [line.words for line in answer.root.all("li", css="operation")]
    return [act for sentence in sentences for act in (SHIPPED, UNDONE) if act in sentence]


@pytest.mark.parametrize("page", ["/orders/{}/audit", "/orders/{}/audit?search=lamp", "/activity"])
def test_an_undo_stands_after_what_it_undoes(supervisor: Tablet, order: Order, page: str) -> None:
    assert acts(supervisor.get(page.format(order.id))) == [UNDONE, SHIPPED] * 3


@pytest.mark.parametrize("query", ["", "&search=lamp"])
def test_oldest_first_is_the_same_the_other_way_round(supervisor: Tablet, order: Order, query: str) -> None:
    assert acts(supervisor.get(f"/orders/{order.id}/audit?sort=oldest{query}")) == [SHIPPED, UNDONE] * 3


def test_times_are_shown_as_they_were_recorded(supervisor: Tablet, order: Order) -> None:
    answer = supervisor.get(f"/orders/{order.id}/audit")

    times = [operation.one("time")["datetime"] for operation in answer.root.all("li", css="operation")]
    assert times[:2] == [BEHIND.isoformat(), RIGHT.isoformat()]


def test_the_export_follows_what_happened(supervisor: Tablet, order: Order) -> None:
    answer = supervisor.get(f"/orders/{order.id}/audit.csv")

    _, *rows = csv.reader(io.StringIO(answer.response.text))
    assert [row[2] for row in rows if row[2] in ("shipped", "shipment_undone")] == ["shipped", "shipment_undone"] * 3
    stock = ["stock fulfill", "stock fulfill reversed"]
    assert [row[2] for row in rows if row[2] in stock] == stock * 3


def test_programs_get_the_ledger_as_it_was_written(api_as: Callable[[Part], ApiClient], order: Order) -> None:
    rows = api_as("supervisor").get(f"/orders/{order.id}/transactions").get_json()["transactions"]

    assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows)


def test_a_products_movements_follow_each_other(supervisor: Tablet, lamp: Product, order: Order) -> None:
    answer = supervisor.get(f"/stock/{lamp.id}")

    shown = [row.words for row in answer.root.all("li") if "undid shipping" in row.words or "shipped" in row.words]
    assert ["undid" in words for words in shown] == [True, False] * 3


def test_a_products_movements_follow_each_other_from_page_to_page(
    db: Session, cast: Cast, lamp: Product, order: Order
) -> None:
    page = list_movements(db, cast.store.id, lamp.id, limit=1)
    numbers = [movement.transaction_id for movement in page.movements]
    while page.next_cursor:
        page = list_movements(db, cast.store.id, lamp.id, page.next_cursor, limit=1)
        numbers += [movement.transaction_id for movement in page.movements]

    assert len(numbers) == 2 + 2 * 3
    assert numbers == sorted(numbers, reverse=True)


def test_the_last_shipment_on_the_pick_screen_is_the_last_that_happened(
    tablet_of: Callable[[Part], Tablet], warehouse: Warehouse, lamp: Product
) -> None:
    order = warehouse.processing((lamp, 9))
    now = datetime.now(UTC)
    with time_is(now):
        warehouse.ship(order, 1, actor="pete")
    with time_is(now - timedelta(minutes=2)):
        warehouse.ship(order, 2, actor="paula")

    status = tablet_of("packer").get(f"/orders/{order.id}/shipment-status")

    assert "paula" in status.words
    assert "pete" not in status.words


@pytest.mark.parametrize("criteria", [TrailFilter(), TrailFilter(kind=TrailKind.SHIPPED), TrailFilter(person="paula")])
@pytest.mark.parametrize("oldest_first", [False, True])
def test_pages_of_a_trail_are_the_trail(
    db: Session, cast: Cast, order: Order, criteria: TrailFilter, oldest_first: bool
) -> None:
    def read(limit: int, cursor: str | None) -> Trail:
        return read_trail(db, cast.store.id, order.id, criteria, oldest_first=oldest_first, cursor=cursor, limit=limit)

    page = read(1, None)
    entries = page.entries
    while page.next_cursor:
        page = read(1, page.next_cursor)
        entries += page.entries

    keys = [(entry.operation_id, entry.item_id) for entry in entries]
    assert keys == [(entry.operation_id, entry.item_id) for entry in read(100, None).entries]
    assert len(keys) >= 3
