"""Prove that the ledger and the order events refuse UPDATE, DELETE, REPLACE and TRUNCATE.

Migration 0002 puts the guards up. A later one can lose them without an error: SQLite drops the triggers of a table that
Alembic rebuilds. So every migration is followed by this proof, before it commits.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

TABLES: Final = ("inventory_transactions", "order_events")

_PUSHED_OUT: Final = {
    "inventory_transactions": (
        "id = NEW.id",
        "store_id = NEW.store_id AND inventory_id = NEW.inventory_id AND seq = NEW.seq",
        "store_id = NEW.store_id AND reverses_id = NEW.reverses_id",
    ),
    "order_events": ("id = NEW.id",),
}
"""For each table the keys by which INSERT OR REPLACE could push out a row that is there."""

_FUNCTION: Final = "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END"

_GUARDS_OF_POSTGRESQL: Final = text(
    "SELECT tgname, CASE WHEN tgenabled IN ('O', 'A') THEN pg_get_triggerdef(pg_trigger.oid, true) END, trim(prosrc) "
    "FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
)
"""Name, definition where the trigger is switched on, and what its function does."""

Guards = dict[str, tuple[str | None, ...]]
"""What makes a guard, by its name."""


class GuardMissing(RuntimeError):
    """A table that must only grow can be changed. ``guards`` names what is missing."""

    def __init__(self, guards: list[str]) -> None:
        super().__init__(
            f"append-only guards are missing or changed: {', '.join(guards)}. "
            "migrations/versions/0002_append_only_guards.py has the statements that make them."
        )
        self.guards = guards


def prove_guards(connection: Connection) -> None:
    """Do nothing where every guard stands as migration 0002 built it. Raises GuardMissing otherwise."""
    expected, standing = _on_sqlite(connection) if connection.dialect.name == "sqlite" else _on_postgresql(connection)
    missing = [name for name, guard in expected.items() if standing.get(name) != guard]
    if missing:
        raise GuardMissing(missing)


def _on_sqlite(connection: Connection) -> tuple[Guards, Guards]:
    """Return the guards as they must be and as they are: the statement that made each."""
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
    """Return the guards as they must be and as they are: the definition of each and what its function does."""
    expected: Guards = {}
    for table in TABLES:
        for name, event in (
            ("change", f"BEFORE DELETE OR UPDATE ON {table} FOR EACH ROW"),
            ("truncate", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"),
        ):
            statement = f"CREATE TRIGGER {table}_no_{name} {event} EXECUTE FUNCTION refuse_change()"
            expected[f"{table}_no_{name}"] = (statement, _FUNCTION)
    return expected, {name: (statement, does) for name, statement, does in connection.execute(_GUARDS_OF_POSTGRESQL)}
