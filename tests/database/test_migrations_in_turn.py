"""A migration beside a shop that works: it waits for its turn, and the shop for nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from tests.database.migrating import with_further
from tests.database.rows import insert_all
from tests.database.writer import READ, add_one
from tests.helpers.databases import migrate
from tests.helpers.waiting import wait_until
from webapp import extensions
from webapp.database.unit_of_work import unit_of_work
from webapp.database.write_gate import gate_for

FURTHER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{revision}", "{before}"


def upgrade() -> None:
    op.execute("UPDATE stores SET name = 'Another shop' WHERE id = 2")
    op.add_column("orders", sa.Column("note", sa.Text()))
"""
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'ALTER TABLE orders%'"
)


@pytest.fixture
def shop(make_app: Callable[[str], Flask], empty_database_url: str) -> Flask:
    """An application on a migrated database of its own, with rows of two stores."""
    migrate(empty_database_url)
    app = make_app(empty_database_url)
    with engine_of(app).begin() as connection:
        insert_all(connection, 1)
        insert_all(connection, 2)
    return app


@pytest.fixture
def migration(shop: Flask, tmp_path: Path) -> Iterator[threading.Thread]:
    """``flask db upgrade`` to one more revision, in a thread, to be started."""
    directory = with_further(tmp_path, FURTHER)

    def run() -> None:
        with shop.app_context():
            upgrade(directory=directory)

    thread = threading.Thread(target=run)
    yield thread
    if thread.ident:
        thread.join(30)


def engine_of(app: Flask) -> Engine:
    with app.app_context():
        return extensions.db.engine


def has_note(engine: Engine) -> bool:
    return "note" in {column["name"] for column in inspect(engine).get_columns("orders")}


@pytest.mark.engines("sqlite")
def test_on_sqlite_it_waits_for_the_change_that_is_under_way(shop: Flask, migration: threading.Thread) -> None:
    engine = engine_of(shop)
    gate = gate_for(str(engine.url.database))

    def ship(session: Session) -> None:
        migration.start()
        wait_until(lambda: gate.waiting > 0, "the migration at the gate")
        add_one(session)

    with Session(engine) as session:
        unit_of_work(session, ship)
    migration.join(30)

    assert has_note(engine)
    with engine.connect() as connection:
        assert connection.scalar(READ) == 2


@pytest.mark.engines("postgresql")
def test_on_postgresql_the_shop_works_on_while_it_waits(shop: Flask, migration: threading.Thread) -> None:
    engine = engine_of(shop)

    with engine.connect() as reader, engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        reader.execute(READ)  # A slow report: it holds the table until its transaction ends.
        migration.start()
        wait_until(lambda: bool(other.scalar(WAITING)), "the migration to wait")
        with Session(engine) as session:
            unit_of_work(session, add_one)
        assert migration.is_alive()
        wait_until(lambda: not other.scalar(WAITING), "the migration to let others pass")
    migration.join(30)

    assert has_note(engine)
