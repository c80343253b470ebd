"""The program's role reads and writes rows, and cannot take the guards away."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.database.rows import insert_all
from tests.database.writer import READ, add_one
from tests.helpers.databases import migrate
from webapp.config import ROOT
from webapp.database.append_only import TABLES, prove_guards
from webapp.database.engine import engine_options, prepare
from webapp.database.unit_of_work import unit_of_work

pytestmark = pytest.mark.engines("postgresql")


@pytest.fixture
def program(empty_database_url: str) -> Iterator[Engine]:
    """The engine of the program's role, on a database whose tables belong to another."""
    role = f"packbench_{uuid4().hex[:8]}"
    owner = create_engine(empty_database_url)
    with owner.begin() as connection:
        for statement in (ROOT / "deploy/roles.sql").read_text().replace("packbench", role).split(";"):
            if statement.strip():
                connection.execute(text(statement))
    migrate(empty_database_url)
    with owner.begin() as connection:
        insert_all(connection, 1)
        insert_all(connection, 2)
    url = owner.url.set(username=role)
    engine = create_engine(url, **engine_options(url.render_as_string(), pool_size=2))
    prepare(engine)
    yield engine
    engine.dispose()
    with owner.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))
    owner.dispose()


def test_it_does_the_daily_work(program: Engine) -> None:
    with Session(program) as session:
        unit_of_work(session, add_one)
        assert session.scalar(READ) == 2
        prove_guards(session.connection())


ATTACKS = [
    *(f"DROP TRIGGER {table}_no_change ON {table}" for table in TABLES),
    *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in TABLES),
    *(f"TRUNCATE {table}" for table in TABLES),
    *(f"DROP TABLE {table} CASCADE" for table in TABLES),
    *(f"DELETE FROM {table}" for table in TABLES),
    "DROP FUNCTION refuse_change() CASCADE",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "SET session_replication_role = replica",
    "ALTER TABLE order_items DROP CONSTRAINT pk_order_items CASCADE",
]


def test_it_cannot_take_the_guards_away(program: Engine) -> None:
    for statement in ATTACKS:
        with program.connect() as connection, pytest.raises(DBAPIError, match=r"permission|owner|append-only"):
            connection.execute(text(statement))
