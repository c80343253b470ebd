"""A connection with one row of every table in two stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine

from tests.database.rows import insert_all
from webapp import extensions

STORE, OTHER_STORE = 1, 2


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """The migrated database, with a row of every table in ``STORE`` and in ``OTHER_STORE``."""
    with engine.begin() as connection:
        insert_all(connection, STORE)
        insert_all(connection, OTHER_STORE)
    return engine


@pytest.fixture
def connection(filled: Engine) -> Iterator[Connection]:
    """A connection to it; what the test leaves open is rolled back."""
    with filled.connect() as opened:
        yield opened


@pytest.fixture
def unmigrated(make_app: Callable[[str], Flask], empty_database_url: str) -> Iterator[Engine]:
    """The engine of an application whose database is empty, inside its context."""
    with make_app(empty_database_url).app_context():
        yield extensions.db.engine
