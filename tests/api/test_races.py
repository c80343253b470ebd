"""Many programs at once, against the real server on both engines."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest

from tests.helpers.client_fixtures import ApiClient
from tests.helpers.server_fixtures import LiveServer
from tests.helpers.warehouse import Warehouse

pytestmark = pytest.mark.both_engines

AT_ONCE = 100


@dataclass(frozen=True)
class Answer:
    """A program's response."""

    status: int
    body: bytes
    replayed: bool


@pytest.fixture
def post_at_once(live_server: LiveServer, packer: ApiClient) -> Callable[[list[tuple[str, object, str]]], list[Answer]]:
    """Send POSTs (path, body, key) at the same moment, each on a connection of its own."""

    def post_all(requests: list[tuple[str, object, str]]) -> list[Answer]:
        together = Barrier(len(requests))

        def post(path: str, body: object, key: str) -> Answer:
            connection = http.client.HTTPConnection(live_server.url.removeprefix("http://"), timeout=60)
            connection.connect()
            together.wait(timeout=60)
            headers = {"Authorization": f"Bearer {packer.token}", "Idempotency-Key": key}
            headers["Content-Type"] = "application/json"
            connection.request("POST", f"/api/v1/store{path}", json.dumps(body), headers)
            answer = connection.getresponse()
            got = Answer(answer.status, answer.read(), answer.getheader("Idempotent-Replayed") == "true")
            connection.close()
            return got

        with ThreadPoolExecutor(len(requests)) as programs:
            return list(programs.map(lambda request: post(*request), requests))

    return post_all


def test_the_same_request_sent_100_times_at_once_has_one_effect_and_100_equal_answers(
    warehouse: Warehouse, post_at_once: Callable[..., list[Answer]]
) -> None:
    order = warehouse.processing((warehouse.product(A1=500), 300))
    path = f"/orders/{order.id}/items/{warehouse.item(order).id}/ship"

    answers = post_at_once([(path, {"quantity": 2}, "tap-1")] * AT_ONCE)

    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}
    assert [answer.replayed for answer in answers].count(False) == 1
    warehouse.db.rollback()
    assert warehouse.item(order).shipped_quantity == 2
    assert [row.quantity_change for row in warehouse.ledger(order) if row.kind == "fulfill"] == [-2]


def test_the_same_refused_request_sent_100_times_at_once_gets_100_equal_refusals(
    warehouse: Warehouse, post_at_once: Callable[..., list[Answer]]
) -> None:
    order = warehouse.processing((warehouse.product(A1=1), 3))
    path = f"/orders/{order.id}/items/{warehouse.item(order).id}/ship"

    answers = post_at_once([(path, {"quantity": 3}, "tap-1")] * AT_ONCE)

    assert {(answer.status, answer.body) for answer in answers} == {(409, answers[0].body)}
    assert [answer.replayed for answer in answers].count(False) == 1


def test_one_key_with_two_bodies_at_once_serves_one_of_them(
    warehouse: Warehouse, post_at_once: Callable[..., list[Answer]]
) -> None:
    order = warehouse.processing((warehouse.product(A1=500), 300))
    path = f"/orders/{order.id}/items/{warehouse.item(order).id}/ship"

    answers = post_at_once([(path, {"quantity": 1 + number % 2}, "tap-1") for number in range(20)])

    assert Counter(answer.status for answer in answers) == {200: 10, 422: 10}
    warehouse.db.rollback()
    assert warehouse.item(order).shipped_quantity in (1, 2)


def test_programs_that_ship_one_line_at_once_never_ship_more_than_was_ordered(
    warehouse: Warehouse, post_at_once: Callable[..., list[Answer]]
) -> None:
    order = warehouse.processing((warehouse.product(A1=50), 20))
    path = f"/orders/{order.id}/items/{warehouse.item(order).id}/ship"

    answers = post_at_once([(path, {"quantity": 3}, f"tap-{number}") for number in range(16)])

    shipped = [json.loads(answer.body)["fulfilled_quantity"] for answer in answers if answer.status == 200]
    refused = [answer for answer in answers if answer.status != 200]
    assert shipped == [3] * 6
    assert {answer.status for answer in refused} == {422}
    warehouse.db.rollback()
    assert warehouse.item(order).shipped_quantity == 18
