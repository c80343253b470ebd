"""Whether a store is sound, asked in few steps: each test asks at its end, and ``verify`` takes longer than most."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Select, literal, literal_column, select, union_all

from webapp.services.verification import CHECKS
from webapp.services.verification.findings import STORE, Check, Finds, Scope

_AT_ONCE = {"sqlite": 5, "postgresql": len(CHECKS)}
"""Checks per statement: SQLite compiles a long statement slowly, PostgreSQL answers each with a delay."""

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
    cursor = connection.connection.cursor()
    found: list[Check] = []
    for sent in _statements(connection):
        cursor.execute(sent.statement, sent.of(store_id))
        found += [CHECKS[row[0]] for row in cursor.fetchall()]
    cursor.close()
    found += [check for check in CHECKS if check.judge and _is_judged_wrong(check, connection, store_id)]
    return {(check.invariant, check.rule) for check in found}


def _is_judged_wrong(check: Check, connection: Connection, store_id: int) -> bool:
    assert check.judge is not None
    rows = connection.execute(_judged(check, connection.dialect.name), {STORE: store_id}).mappings()
    return any(check.judge(dict(row)) is not None for row in rows.all())


@cache
def _judged(check: Check, dialect: str) -> Finds:
    return check.query(Scope(one_store=True, dialect=dialect)).add_columns(literal("").label("store"))


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
