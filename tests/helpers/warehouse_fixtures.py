"""Fixtures: a new store's warehouse in a database that all tests of a run share, as tenants do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.factories import make_store
from tests.helpers.databases import migrate, settings, spare_the_disk
from tests.helpers.warehouse import Warehouse
from webapp import create_app, extensions

SharedEngine = Callable[[str], Engine]


@pytest.fixture(scope="session")
def engine_of(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedEngine]:
    """The run's shared databases by engine name, each created at first use."""
    engines: dict[str, Engine] = {}
    with ExitStack() as afterwards:

        def engine(name: str) -> Engine:
            if name not in engines:
                app = create_app(settings(_new_database(name, request, tmp_path_factory)))
                with app.app_context():
                    engines[name] = extensions.db.engine
                spare_the_disk(engines[name])
                afterwards.callback(engines[name].dispose)
            return engines[name]

        yield engine


def _new_database(name: str, request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> str:
    if name == "sqlite":
        copied: str = request.getfixturevalue("sqlite_template").copy(folders.mktemp("shared") / "packbench.db")
        return copied
    url: str = request.getfixturevalue("postgresql_databases").empty()
    migrate(url)
    return url


@pytest.fixture
def shared_engine(engine_name: str, engine_of: SharedEngine) -> Engine:
    """The run's shared database of this engine."""
    return engine_of(engine_name)


@pytest.fixture
def warehouse(shared_engine: Engine) -> Iterator[Warehouse]:
    """A new store's warehouse. After the test its stock must verify."""
    with Session(shared_engine, expire_on_commit=False) as session:
        warehouse = Warehouse(session, make_store(session))
        yield warehouse
        assert warehouse.unsound() == []
