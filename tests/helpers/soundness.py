"""Whether a store is sound, asked in few steps: each test asks at its end, and ``verify`` takes longer than most."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, cast

import psycopg
from sqlalchemy import URL, Connection, Select, literal, literal_column, select, union_all

from webapp.services.verification import CHECKS
from webapp.services.verification.findings import STORE, Check, Finds, Scope

_AT_ONCE = {"sqlite": 5, "postgresql": len(CHECKS)}
"""Checks per statement: SQLite compiles a long statement slowly, PostgreSQL answers each with a delay."""

_FUNCTION = """CREATE OR REPLACE FUNCTION broken_rules(bigint) RETURNS SETOF integer LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$ BEGIN RETURN QUERY {query}; END $$"""
"""For PostgreSQL: to plan the statement takes ten times as long as to answer it, and a function keeps its plan. It is
planned while tables are small, so it must not read them whole."""

_NOBODY = -1_000_001
"""Stands for the store's id in the statements that are kept."""


class _Sent(NamedTuple):
    """A statement and its parameters, as the driver gets them."""

    statement: str
    parameters: Any

    def of(self, store_id: int) -> Any:
        """Return the parameters for a store."""
        if isinstance(self.parameters, dict):
            return {name: _id(value, store_id) for name, value in self.parameters.items()}
        return tuple(_id(value, store_id) for value in self.parameters)


def _id(value: Any, store_id: int) -> Any:
    return store_id if value == _NOBODY else value


def is_sound(connection: Connection, store_id: int) -> bool:
    """Return whether ``verify`` would find nothing in the store; False also if rows cannot be computed with."""
    try:
        return not broken_rules(connection, store_id)
    except cast(Any, connection.dialect.loaded_dbapi).Error:
        return False


def broken_rules(connection: Connection, store_id: int) -> set[tuple[int, str]]:
    """Return (invariant, rule) of each check that finds something in the store."""
    ask = _ask_function if connection.dialect.name == "postgresql" else _ask
    found = [CHECKS[number] for number in ask(connection, store_id)]
    found += [check for check in CHECKS if check.judge and _is_judged_wrong(check, connection, store_id)]
    return {(check.invariant, check.rule) for check in found}


def _ask(connection: Connection, store_id: int) -> list[int]:
    cursor = connection.connection.cursor()
    numbers: list[int] = []
    for sent in _statements(connection):
        cursor.execute(sent.statement, sent.of(store_id))
        numbers += [row[0] for row in cursor.fetchall()]
    cursor.close()
    return numbers


def _ask_function(connection: Connection, store_id: int) -> list[int]:
    """Ask a function of the database, made at the first use."""
    if connection.engine.url not in _with_function:
        (sent,) = _statements(connection)
        url = connection.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as other:
            query = psycopg.ClientCursor(other).mogrify(sent.statement, sent.parameters).replace(str(_NOBODY), "$1")
            other.execute(_FUNCTION.format(query=query).encode())
        _with_function.add(connection.engine.url)
    return list(connection.exec_driver_sql("SELECT broken_rules(%s)", (store_id,)).scalars())


def _is_judged_wrong(check: Check, connection: Connection, store_id: int) -> bool:
    assert check.judge is not None
    rows = connection.execute(_judged(check, connection.dialect.name), {STORE: store_id}).mappings()
    return any(check.judge(dict(row)) is not None for row in rows.all())


@cache
def _judged(check: Check, dialect: str) -> Finds:
    return check.query(Scope(one_store=True, dialect=dialect)).add_columns(literal("").label("store"))


_with_function: set[URL] = set()
"""The databases that have the function."""

_kept: dict[str, list[_Sent]] = {}


def _statements(connection: Connection) -> list[_Sent]:
    """Return the statements that run every check that SQL alone can tell; compiled once per engine."""
    name = connection.dialect.name
    if name not in _kept:
        _kept[name] = list(_compile(connection))
    return _kept[name]


def _compile(connection: Connection) -> Iterator[_Sent]:
    scope = Scope(one_store=True, dialect=connection.dialect.name)
    parts: list[Select[Any]] = [
        select(literal_column(str(number))).where(check.query(scope).exists())
        for number, check in enumerate(CHECKS)
        if check.judge is None
    ]
    size = _AT_ONCE[scope.dialect]
    for first in range(0, len(parts), size):
        result = connection.execute(union_all(*parts[first : first + size]), {STORE: _NOBODY})
        yield _Sent(result.context.statement, result.context.parameters[0])
        result.close()
