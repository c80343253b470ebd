"""Prepared statements behave as SQLAlchemy's own do: types, listeners, errors, and the transaction around them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, bindparam, insert, literal, select, update
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from tests.helpers.failures import Broken, breaking
from tests.helpers.statements import counted
from webapp.models import IdempotencyKey, Shipment
from webapp.models.base import table_of
from webapp.models.prepared import Prepared

KEYS = table_of(IdempotencyKey)
COLUMNS = ("store_id", "key", "actor", "fingerprint", "operation_id", "status", "result", "created_at", "checksum")
ADD = Prepared(insert(KEYS).values({name: bindparam(name, type_=KEYS.c[name].type) for name in COLUMNS}))
READ = Prepared(
    select(KEYS.c.key, KEYS.c.result, KEYS.c.created_at, literal(7).label("seven"))
    .where(KEYS.c.store_id == bindparam("store_id"), KEYS.c.key.like(bindparam("keys")))
    .order_by(KEYS.c.key)
)
NOON_IN_PARIS = datetime(2026, 5, 4, 12, tzinfo=timezone(timedelta(hours=2)))


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def key_of(store_id: int, **values: Any) -> dict[str, Any]:
    texts = {"actor": "anna", "fingerprint": "f" * 64, "operation_id": uuid4().hex, "checksum": "c" * 32}
    row = {"store_id": store_id, "key": uuid4().hex, "status": 200, "result": None, "created_at": NOON_IN_PARIS}
    return {**texts, **row, **values}


def test_values_and_rows_convert_as_their_types_say(connection: Connection, store: Any) -> None:
    ADD.run(connection, key_of(store.id, key="k1", result={"units": [1, 2]}))

    fetched = READ.run(connection, {"store_id": store.id, "keys": "k%"})

    assert fetched.keys() == ("key", "result", "created_at", "seven")
    assert [tuple(row) for row in fetched.all()] == [
        ("k1", {"units": [1, 2]}, NOON_IN_PARIS.astimezone(UTC), 7),
    ]


def test_each_row_of_values_is_written(connection: Connection, store: Any) -> None:
    ADD.run_each(connection, [key_of(store.id, key=key) for key in ("k1", "k2", "k3")])

    assert [row[0] for row in READ.run(connection, {"store_id": store.id, "keys": "k%"}).rows] == ["k1", "k2", "k3"]


def test_a_prepared_statement_begins_a_transaction_that_can_be_rolled_back(engine: Engine, store: Any) -> None:
    with engine.connect() as connection:
        ADD.run(connection, key_of(store.id, key="k1"))
        assert connection.in_transaction()
        connection.rollback()

        assert READ.run(connection, {"store_id": store.id, "keys": "k%"}).rows == []


def test_the_drivers_error_becomes_sqlalchemys_without_the_values(connection: Connection, store: Any) -> None:
    ADD.run(connection, key_of(store.id, key="k1"))

    with pytest.raises(IntegrityError) as refusal:
        ADD.run(connection, key_of(store.id, key="k1", actor="somebody"))

    assert not refusal.value.connection_invalidated
    assert "somebody" not in str(refusal.value)


@pytest.mark.engines("postgresql")
def test_a_lost_connection_is_noticed_and_replaced(engine: Engine, store: Any) -> None:
    with engine.connect() as connection, engine.connect() as other:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        other.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")

        with pytest.raises(OperationalError) as loss:
            READ.run(connection, {"store_id": store.id, "keys": "k%"})

        assert loss.value.connection_invalidated
        connection.rollback()
        assert READ.run(connection, {"store_id": store.id, "keys": "k%"}).rows == []


def test_the_engines_listeners_are_called_and_their_errors_stay_as_they_are(
    connection: Connection, store: Any, engine: Engine
) -> None:
    with counted(engine) as statements:
        ADD.run(connection, key_of(store.id))
        ADD.run_each(connection, [key_of(store.id), key_of(store.id)])

    assert [statement.split()[0] for statement in statements] == ["INSERT", "INSERT"]
    with breaking(engine, "after", 1), pytest.raises(Broken):
        ADD.run(connection, key_of(store.id))


def test_a_missing_value_is_an_error_not_a_null(connection: Connection, store: Any) -> None:
    values = key_of(store.id)
    del values["actor"]

    with pytest.raises((KeyError, ProgrammingError), match="actor"):
        ADD.run(connection, values)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(select(KEYS.c.key).where(KEYS.c.key.in_(bindparam("keys", expanding=True))), id="a list"),
        pytest.param(insert(table_of(Shipment)).values(store_id=bindparam("store")), id="defaults made in Python"),
    ],
)
def test_a_statement_with_other_text_or_values_each_time_is_refused(connection: Connection, statement: Any) -> None:
    with pytest.raises(TypeError, match="each time"):
        Prepared(statement).run(connection, {"keys": ["k1"], "store": 1})


def test_an_update_without_rows_returns_none(connection: Connection) -> None:
    forget = Prepared(update(KEYS).where(KEYS.c.key == bindparam("of_key")).values(status=bindparam("status")))

    assert forget.run(connection, {"of_key": "nobody's", "status": 409}).rows == ()
