"""Prove that the ledger and the order events refuse UPDATE, DELETE, REPLACE and TRUNCATE.

Migration 0002 creates the guards (triggers). A later migration can lose them without an error: when Alembic rebuilds a
table, SQLite drops its triggers. So this proof runs after every migration, before it commits.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from webapp.models.rows import rows_of

TABLES: Final = ("inventory_transactions", "order_events")

_PUSHED_OUT: Final = {
    "inventory_transactions": (
        "id = NEW.id",
        "store_id = NEW.store_id AND inventory_id = NEW.inventory_id AND seq = NEW.seq",
        "store_id = NEW.store_id AND reverses_id = NEW.reverses_id",
    ),
    "order_events": ("id = NEW.id",),
}
"""Keys by which INSERT OR REPLACE could replace an existing row, for each table."""

_FUNCTION: Final = "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END"

_GUARDS_OF_POSTGRESQL: Final = text(
    "SELECT tgname AS name, trim(prosrc) AS body, "
    "CASE WHEN tgenabled IN ('O', 'A') THEN pg_get_triggerdef(pg_trigger.oid, true) END AS definition "
    "FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
)


class _Guard(NamedTuple):
    """A trigger of PostgreSQL, the body of its function, and, if it is enabled, its definition."""

    name: str
    body: str
    definition: str | None


Guards = dict[str, tuple[str | None, ...]]
"""Each guard's definition, by name."""


class GuardMissing(RuntimeError):
    """An append-only table can be changed. ``guards`` names what is missing."""

    def __init__(self, guards: list[str]) -> None:
        super().__init__(
            f"append-only guards are missing or changed: {', '.join(guards)}. "
            "migrations/versions/0002_append_only_guards.py has the statements that make them."
        )
        self.guards = guards


def prove_guards(connection: Connection) -> None:
    """Check that every guard is as migration 0002 built it. Raises GuardMissing otherwise."""
    expected, standing = guards(connection)
    missing = [name for name, guard in expected.items() if standing.get(name) != guard]
    if missing:
        raise GuardMissing(missing)


def guards(connection: Connection) -> tuple[Guards, Guards]:
    """Return the guards that migration 0002 built, and all triggers that exist."""
    return _on_sqlite(connection) if connection.dialect.name == "sqlite" else _on_postgresql(connection)


def _on_sqlite(connection: Connection) -> tuple[Guards, Guards]:
    """Return the expected and the existing guards: the statement that created each."""
    expected: Guards = {}
    for table in TABLES:
        there = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in _PUSHED_OUT[table])  # noqa: S608
        for name, event in (
            ("update", f"BEFORE UPDATE ON {table}"),
            ("delete", f"BEFORE DELETE ON {table}"),
            ("replace", f"BEFORE INSERT ON {table} WHEN {there}"),
        ):
            statement = (
                f"CREATE TRIGGER {table}_no_{name} {event} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
            expected[f"{table}_no_{name}"] = (statement,)
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return expected, {name: (statement,) for name, statement in rows}


def _on_postgresql(connection: Connection) -> tuple[Guards, Guards]:
    """Return the expected and the existing guards: each one's definition and its function's body."""
    expected: Guards = {}
    for table in TABLES:
        for name, event in (
            ("change", f"BEFORE DELETE OR UPDATE ON {table} FOR EACH ROW"),
            ("truncate", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"),
        ):
            statement = f"CREATE TRIGGER {table}_no_{name} {event} EXECUTE FUNCTION refuse_change()"
            expected[f"{table}_no_{name}"] = (statement, _FUNCTION)
    standing = rows_of(_Guard, connection.execute(_GUARDS_OF_POSTGRESQL))
    return expected, {guard.name: (guard.definition, guard.body) for guard in standing}
