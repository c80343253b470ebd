"""Databases that take no changes, and connections that were closed: real ones, on both engines."""

from __future__ import annotations

import resource
from collections.abc import Callable
from contextlib import closing
from itertools import count
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.helpers.cast import Part
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.database.doubts import doubt
from webapp.database.engine import sqlite_execute
from webapp.models import Order

SENTENCE = "The database takes no changes at the moment"

READ_ONLY = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET default_transaction_read_only = on"}
DISK_FULL = {"sqlite": "PRAGMA max_page_count = 1"}


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    return warehouse.processing((warehouse.product(A1=50), 30))


@pytest.fixture
def break_database(engine: Engine, db: Session) -> Callable[[str], None]:
    """Run a statement on every connection from now on."""

    def break_it(statement: str) -> None:
        @event.listens_for(engine, "connect")
        def run(dbapi: Any, _record: object) -> None:
            if engine.dialect.name == "sqlite":
                sqlite_execute(dbapi, statement)
            else:
                dbapi.execute(statement)
                dbapi.commit()

        db.close()  # Its connection would be left over.
        engine.dispose()

    return break_it


@pytest.mark.both_engines
def test_a_read_only_database_is_an_outage_in_words(
    engine: Engine,
    warehouse: Warehouse,
    order: Order,
    api_as: Callable[[Part], ApiClient],
    break_database: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    program, path = api_as("packer"), f"/orders/{order.id}/items/{warehouse.item(order).id}/ship"
    break_database(READ_ONLY[engine.dialect.name])

    check_outage([program.post(path, {"quantity": 1})], capsys.readouterr().err)


@pytest.mark.engines("sqlite")
def test_a_full_disk_is_an_outage_in_words(
    warehouse: Warehouse,
    order: Order,
    api_as: Callable[[Part], ApiClient],
    break_database: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    program, path = api_as("packer"), f"/orders/{order.id}/items/{warehouse.item(order).id}/ship"
    break_database(DISK_FULL["sqlite"])

    answers = [program.post(path, {"quantity": 1}, key=f"tap-{number}") for number in range(25)]

    check_outage([answer for answer in answers if answer.status_code != 200], capsys.readouterr().err)


def check_outage(refused: list[TestResponse], logged: str) -> None:
    """Check each refusal, and that each is one line in the log."""
    assert refused
    for answer in refused:
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert answer.get_json()["code"] == "unavailable"
        assert SENTENCE in answer.get_json()["detail"]
    assert "Traceback" not in logged
    assert logged.count("Answered 503") == len(refused)


@pytest.mark.engines("postgresql")
def test_a_standby_is_not_ready(app: Flask, break_database: Callable[[str], None]) -> None:
    break_database(READ_ONLY["postgresql"])

    answer = app.test_client().get("/readyz")

    assert (answer.status_code, answer.text.splitlines()[0]) == (
        503,
        "database takes no changes: it is read-only or a standby",
    )


NO_ROOM = """
CREATE SCHEMA full_disk;
CREATE FUNCTION full_disk.generate_series(integer, integer) RETURNS SETOF integer LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$;
"""
"""PostgreSQL raises this error when it cannot write."""


@pytest.mark.engines("postgresql")
def test_a_server_with_a_full_disk_is_not_ready(
    app: Flask, engine: Engine, break_database: Callable[[str], None]
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(NO_ROOM)
    try:
        break_database("SET search_path = full_disk, pg_catalog, public")
        answer = app.test_client().get("/readyz")
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA full_disk CASCADE")

    assert (answer.status_code, answer.text.splitlines()[0]) == (
        503,
        "database takes no changes: its disk is full or failing",
    )


@pytest.mark.engines("sqlite")
def test_a_file_on_a_full_disk_is_not_ready(client: FlaskClient) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512 * 1024, limits[1]))  # As a full disk does, it ends a write halfway.
    try:
        answer = client.get("/readyz")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert (answer.status_code, answer.text.splitlines()[0]) == (
        503,
        "database takes no changes: its disk is full or failing",
    )


@pytest.mark.engines("sqlite")
def test_a_file_without_rights_is_not_ready(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # The tests may run as root, who may write everywhere.

    assert client.get("/readyz").status_code == 503


@pytest.mark.engines("postgresql")
def test_connections_closed_while_idle_cost_nobody_anything(
    engine: Engine, warehouse: Warehouse, order: Order, packer: Tablet
) -> None:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def end_all() -> None:
        warehouse.db.close()
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    item, statuses = warehouse.item(order), []
    held = [engine.connect() for _ in range(4)]
    for connection in held:
        connection.close()
    for _ in range(2):
        end_all()
        statuses.append(packer.client.get(f"/orders/{order.id}/pick").status_code)
    end_all()
    statuses.append(packer.ship(order, item, 2).status)
    end_all()

    assert statuses == [200] * 3
    assert warehouse.item(order).shipped_quantity == 2


@pytest.fixture
def cut_after(engine: Engine) -> Callable[[int], None]:
    """End the connection on the server's side after so many statements from now on, once."""
    url, left = engine.url.set(drivername="postgresql").render_as_string(hide_password=False), [0]

    @event.listens_for(engine, "after_cursor_execute")
    def count_down(connection: Connection, *_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            process = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
            with closing(psycopg.connect(url, autocommit=True)) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [process])

    def cut(statements: int) -> None:
        left[0] = statements

    return cut


@pytest.mark.engines("postgresql")
@pytest.mark.parametrize("in_doubt", [False, True])
def test_a_connection_that_dies_after_any_statement_is_an_outage_in_words(
    warehouse: Warehouse,
    order: Order,
    api_as: Callable[[Part], ApiClient],
    cut_after: Callable[[int], None],
    capsys: pytest.CaptureFixture[str],
    in_doubt: bool,
) -> None:
    program, item = api_as("packer"), warehouse.item(order)
    ship, read = f"/orders/{order.id}/items/{item.id}/ship", f"/orders/{order.id}"
    taps = iter(f"tap-{number}" for number in count())

    def repeat(key: str) -> TestResponse:
        return program.post(ship, {"quantity": 1}, key=key)

    acts: list[Callable[[], TestResponse]] = [
        lambda: program.get(read),
        lambda: program.post(ship, {"quantity": 1}, key=next(taps)),
        lambda: repeat("tap-0"),
        lambda: program.post(ship, {"quantity": 99}, key=f"too many {next(taps)}"),
    ]
    for act in acts:
        for statements in range(1, 13):
            cut_after(statements)
            if in_doubt:
                doubt()
            assert act().status_code in (200, 422, 503)
    cut_after(0)
    done = [repeat(f"tap-{number}").get_json()["fulfilled_quantity"] for number in range(12)]

    assert done == [1] * 12
    assert warehouse.item(order).shipped_quantity == 12
    assert "Traceback" not in capsys.readouterr().err
