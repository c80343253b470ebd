"""A kind is added to a full database and removed again: nothing else changes, and append-only tables stay so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from tests.database.conftest import OTHER_STORE, STORE
from tests.database.migrating import Rows, rows_of, with_further
from tests.database.refusals import assert_append_only
from tests.database.rows import TABLES, insert, insert_all, row_of
from webapp.database.append_only import TABLES as APPEND_ONLY
from webapp.database.stored_enums import kinds_of
from webapp.domain.causes import Cause, ExceptionState
from webapp.domain.channels import ChannelKind
from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.roles import Role
from webapp.domain.statuses import OrderStatus

KINDS: dict[tuple[str, str], list[str]] = {
    ("inventory_transactions", "transaction_type"): [*TransactionType],
    ("order_events", "kind"): [*EventKind],
    ("stock_exceptions", "cause"): [*Cause],
    ("stock_exceptions", "state"): [*ExceptionState],
    ("memberships", "role"): [*Role],
    ("api_tokens", "role"): [*Role],
    ("one_time_links", "role"): [*Role],
    ("orders", "status"): [*OrderStatus],
    ("channels", "kind"): [*ChannelKind],
}
ADDING = """
from alembic import op

from tests.database.test_stored_enums import KINDS
from webapp.database.stored_enums import add_kind, remove_kind

revision, down_revision = "{revision}", "{before}"


def upgrade():
    for (table, column), kinds in KINDS.items():
        add_kind(op.get_bind(), table, column, "novelty", after=kinds[0])


def downgrade():
    for table, column in KINDS:
        remove_kind(op.get_bind(), table, column, "novelty")
"""
SCHEMA = {
    "sqlite": "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master ORDER BY type, name",
    "postgresql": """
        SELECT 'table', relname, relfilenode::text, '' FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'column', attrelid::regclass::text, attname, format('%s %s', atttypid, attnotnull)
            FROM pg_attribute WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
        UNION ALL SELECT 'index', indexname, '', indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'constraint', conname, convalidated::text, pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger', tgname, tgrelid::text || tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger
        ORDER BY 1, 2, 3, 4
    """,
}
LIST = re.compile(r" IN \('[^()]*\)|ARRAY\[[^\]]*\]")
NEEDS = {"memberships": "users", "stock_exceptions": "order_items"}
"""The table that a new row of this table refers to."""


@pytest.fixture
def directory(tmp_path: Path) -> str:
    """The migrations, with one more that adds a kind to every column of kinds."""
    return with_further(tmp_path, ADDING)


@pytest.fixture
def full(unmigrated: Engine) -> Engine:
    """A database with rows in every table of two stores, several of them in the ledger and among the events."""
    upgrade()
    with unmigrated.begin() as connection:
        for store in (STORE, OTHER_STORE):
            insert_all(connection, store)
            for name in APPEND_ONLY:
                for number in (1, 2, 3):
                    insert(connection, name, row_of(name, store, number))
    return unmigrated


def schema(engine: Engine) -> list[tuple[Any, ...]]:
    """Return everything that the engine stores about the tables, and where their rows are.

    A rebuilt table, index or trigger would have the same definition but be stored elsewhere.
    """
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(SCHEMA[engine.dialect.name]))]


def around_kinds(described: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return it without the lists of kinds."""
    return [tuple(LIST.sub(" (…)", part) if isinstance(part, str) else part for part in row) for row in described]


def assert_as_before(engine: Engine, rows: Rows, described: list[tuple[Any, ...]]) -> None:
    assert rows_of(engine, set(TABLES)) == rows
    assert around_kinds(schema(engine)) == around_kinds(described)
    with engine.connect() as connection:
        for name in APPEND_ONLY:
            assert_append_only(connection, name)


def test_a_kind_is_added_and_taken_away_again_and_all_else_stands_as_before(full: Engine, directory: str) -> None:
    rows, described = rows_of(full, set(TABLES)), schema(full)

    upgrade(directory=directory)
    assert_as_before(full, rows, described)
    assert str(schema(full)).count("novelty") == len(KINDS)
    with full.connect() as connection:
        for (table, column), kinds in KINDS.items():
            assert kinds_of(connection, table, column) == [kinds[0], "novelty", *kinds[1:]]

    downgrade(directory=directory, revision="-1")
    assert_as_before(full, rows, described)
    assert schema(full) == described


def add_row(connection: Connection, name: str, store_id: int, **changes: str | None) -> None:
    """Insert a further row, and first what it refers to."""
    if needed := NEEDS.get(name):
        insert(connection, needed, row_of(needed, store_id, 9))
    insert(connection, name, row_of(name, store_id, 9, **changes))


def with_kind(table: str, column: str, kind: str) -> dict[str, str | None]:
    if table == "one_time_links":
        return {column: kind, "username": "pia", "user_id": None}
    return {column: kind, "closed_by": "max"} if column == "state" else {column: kind}


def test_the_new_kind_is_taken_and_an_unknown_one_is_not(full: Engine, directory: str) -> None:
    upgrade(directory=directory)

    for name, column in KINDS:
        with full.connect() as connection:
            add_row(connection, name, STORE, **with_kind(name, column, "novelty"))
            with pytest.raises(IntegrityError, match=r"ck_\w+_known"):
                add_row(connection, name, OTHER_STORE, **with_kind(name, column, "unheard_of"))


def test_without_the_migration_the_new_kind_is_refused(full: Engine) -> None:
    for name, column in KINDS:
        with full.connect() as connection, pytest.raises(IntegrityError, match=r"ck_\w+_known"):
            add_row(connection, name, STORE, **with_kind(name, column, "novelty"))


@pytest.mark.parametrize("name", APPEND_ONLY)
def test_a_kind_that_rows_have_cannot_be_left_out(
    full: Engine, directory: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    column = next(column for table, column in KINDS if table == name)
    upgrade(directory=directory)
    with full.begin() as connection:
        insert(connection, name, row_of(name, STORE, 9, **{column: "novelty"}))
    rows, described = rows_of(full, set(TABLES)), schema(full)

    with pytest.raises(SystemExit):
        downgrade(directory=directory, revision="-1")

    assert "'novelty': it cannot be left out" in caplog.text
    assert_as_before(full, rows, described)
    assert schema(full) == described
