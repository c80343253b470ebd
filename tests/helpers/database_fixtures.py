"""Fixtures: each test's database, its application, and separate sessions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.helpers.applications import SharedApplication, build
from tests.helpers.databases import (
    PostgresqlDatabases,
    ServedDatabase,
    SqliteTemplate,
    close,
    spare_the_disk,
    sqlite_url,
)
from tests.helpers.postgresql import temporary_server
from tests.helpers.requirements import missing
from webapp import extensions

ENGINES = ("sqlite", "postgresql")
ON_BOTH_ENGINES = ("services", "database")
"""Folders whose tests all run on both engines."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_engines: run on SQLite and on PostgreSQL")
    config.addinivalue_line("markers", "engines(*names): run on these engines only")
    config.addinivalue_line("markers", "server(**settings): environment variables of the live server")
    config.addinivalue_line("markers", "durable: commits wait for the disk, as in a shop")
    config.addinivalue_line("markers", "app_config(**values): configuration of the test's application")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses a database on the engines that its folder and markers name."""
    if "engine_name" not in metafunc.fixturenames:
        return
    chosen = metafunc.definition.get_closest_marker("engines")
    folder = metafunc.definition.path.relative_to(metafunc.config.rootpath / "tests").parts[0]
    if chosen:
        names = chosen.args
    elif folder in ON_BOTH_ENGINES or metafunc.definition.get_closest_marker("both_engines"):
        names = ENGINES
    else:
        names = ENGINES[:1]
    metafunc.parametrize("engine_name", names, indirect=True)


@pytest.fixture
def engine_name(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[PostgresqlDatabases]:
    """Databases on the server of TEST_DATABASE_URL, or on one started for this run."""
    server_url = os.environ.get("TEST_DATABASE_URL")
    if server_url:
        databases = PostgresqlDatabases(server_url)
        yield databases
        databases.close()
        return
    with temporary_server() as url:
        if url is None:
            missing("POSTGRESQL", "There is no PostgreSQL: install one, or set TEST_DATABASE_URL.")
        yield PostgresqlDatabases(url)


@pytest.fixture(scope="session")
def database_of(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], ServedDatabase]:
    """Return a function that makes a server's database, by engine."""

    def make(engine: str) -> ServedDatabase:
        if engine == "sqlite":
            template: SqliteTemplate = request.getfixturevalue("sqlite_template")
            return template.served(tmp_path_factory.mktemp("served") / "packbench.db")
        databases: PostgresqlDatabases = request.getfixturevalue("postgresql_databases")
        return databases.served()

    return make


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a migrated database without rows; if the test has a server, the server's."""
    if "live_server" in request.fixturenames:
        url: str = request.getfixturevalue("shared_server").database.url
        return url
    if engine_name == "sqlite":
        template: SqliteTemplate = request.getfixturevalue("sqlite_template")
        return template.copy(tmp_path / "packbench.db")
    databases: PostgresqlDatabases = request.getfixturevalue("postgresql_databases")
    return databases.migrated()


@pytest.fixture
def empty_database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database without tables."""
    if engine_name == "sqlite":
        return sqlite_url(tmp_path / "empty.db")
    databases: PostgresqlDatabases = request.getfixturevalue("postgresql_databases")
    return databases.empty()


@pytest.fixture
def make_app(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Flask]]:
    """Build applications on databases by URL, with the test's ``app_config``; their connections close afterwards."""
    marker = request.node.get_closest_marker("app_config")
    opened: list[Flask] = []

    def make(url: str) -> Flask:
        app = build(url, marker.kwargs if marker else {})
        opened.append(app)
        _commit_quickly(app, request)
        return app

    yield make
    for app in opened:
        close(app)


def _commit_quickly(app: Flask, request: pytest.FixtureRequest) -> None:
    if not request.node.get_closest_marker("durable"):
        with app.app_context():
            spare_the_disk(extensions.db.engine)


@pytest.fixture(scope="session")
def shared_application() -> SharedApplication:
    return SharedApplication()


@pytest.fixture
def app(request: pytest.FixtureRequest, database_url: str) -> Iterator[Flask]:
    """The application on the test's database, which the run's tests have in turn; see ``own_app``."""
    if "own_app" in request.fixturenames or request.node.get_closest_marker("app_config"):
        yield request.getfixturevalue("own_app")
        return
    shared: SharedApplication = request.getfixturevalue("shared_application")
    app = shared.on(database_url)
    _commit_quickly(app, request)
    yield app
    close(app)
    assert shared.changes() == [], "other tests have this application too: take own_app to change it"


@pytest.fixture
def own_app(make_app: Callable[[str], Flask], database_url: str) -> Flask:
    """An application of the test's own: for one that changes more than its configuration, or has an ``app_config``."""
    return make_app(database_url)


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return extensions.db.engine


@pytest.fixture
def new_session(engine: Engine) -> Iterator[Callable[[], Session]]:
    """Make sessions on the test's database, for threads and second reads; they close afterwards."""
    opened: list[Session] = []

    def make() -> Session:
        session = Session(engine, expire_on_commit=False)
        opened.append(session)
        return session

    yield make
    for session in opened:
        session.close()


@pytest.fixture
def db(new_session: Callable[[], Session]) -> Session:
    """The test's own session, outside of any request.

    After a request changed the database, call ``db.rollback()``: the next read then sees the new rows.
    """
    return new_session()
