"""Errors that no endpoint intends, ours (500) and the database's (503), reveal nothing internal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from tests.helpers.client_fixtures import ApiClient
from tests.helpers.warehouse import Warehouse
from webapp.models import Order


@pytest.fixture
def break_database(engine: Engine) -> Callable[[Exception], None]:
    """Let the next statement, and all after it, raise an error."""

    def break_with(error: Exception) -> None:
        def fail(*_: object) -> None:
            raise error

        event.listen(engine, "before_cursor_execute", fail)

    return break_with


@pytest.mark.app_config(PROPAGATE_EXCEPTIONS=False)
def test_an_error_of_ours_is_a_problem_that_tells_nothing_of_our_inside(
    packer: ApiClient, break_database: Callable[[Exception], None], caplog: pytest.LogCaptureFixture
) -> None:
    break_database(RuntimeError("secret inside"))

    answer = packer.get("/orders")

    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert answer.get_json()["code"] == "internal_error"
    assert "secret" not in answer.text
    assert "secret inside" in caplog.text


def test_a_database_out_of_reach_is_503_and_says_when_to_try_again(
    packer: ApiClient, break_database: Callable[[Exception], None]
) -> None:
    break_database(OperationalError("SELECT 1", {}, Exception("connection refused"), connection_invalidated=True))

    answer = packer.get("/orders")

    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert answer.get_json()["code"] == "unavailable"
    assert answer.headers["Retry-After"].isdecimal()


def test_a_commit_nobody_confirmed_is_503_and_the_same_key_settles_it(
    warehouse: Warehouse, order: Order, packer: ApiClient, engine: Engine
) -> None:
    path = f"/orders/{order.id}/items/{warehouse.item(order).id}/ship"
    lost = OperationalError("COMMIT", {}, Exception("connection lost"), connection_invalidated=True)

    def lose(_: Connection) -> None:
        raise lost

    event.listen(engine, "commit", lose)
    without_key, with_key = (packer.post(path, {"quantity": 1}, key=key) for key in (None, "tap-1"))
    event.remove(engine, "commit", lose)

    assert [answer.status_code for answer in (without_key, with_key)] == [503, 503]
    assert "Look at the order before you send the request again" in without_key.get_json()["detail"]
    assert "it is safe to repeat" in with_key.get_json()["detail"]
    assert packer.post(path, {"quantity": 1}, key="tap-1").status_code == 200
    assert warehouse.item(order).shipped_quantity == 1


@pytest.mark.app_config(WTF_CSRF_ENABLED=True)
def test_a_token_is_enough_where_forms_need_csrf(app: Flask, packer: ApiClient) -> None:
    as_a_form = app.test_client().post("/login", data={"username": "paula"})

    assert as_a_form.status_code == 400
    assert packer.post("/orders/987654/items/1/ship").status_code == 404
