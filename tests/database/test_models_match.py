"""The migrations build exactly the models' tables, including what Alembic does not compare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_migrate import check
from sqlalchemy import Engine, Table, create_engine, inspect

from tests.helpers.tables import copy_of_models
from webapp.models import Base


@pytest.fixture
def built_from_models(empty_database_url: str) -> Iterator[Engine]:
    """A database whose tables come from the models, without migrations."""
    engine = create_engine(empty_database_url)
    copy_of_models(engine.dialect.name).create_all(engine)
    yield engine
    engine.dispose()


def checks(engine: Engine, table: Table) -> dict[str | None, str]:
    """Return the CHECK constraints by name, as the engine stores them."""
    return {check["name"]: check["sqltext"] for check in inspect(engine).get_check_constraints(table.name)}


def indexes(engine: Engine, table: Table) -> dict[str | None, tuple[Any, ...]]:
    """Return columns, uniqueness and predicate of the indexes by name."""
    return {
        index["name"]: (
            index["column_names"],
            bool(index["unique"]),
            {name: str(value) for name, value in index.get("dialect_options", {}).items() if name.endswith("where")},
        )
        for index in inspect(engine).get_indexes(table.name)
    }


def test_the_migrated_tables_equal_the_models(app: Flask) -> None:
    with app.app_context():
        check()


def test_every_check_of_the_models_is_in_the_migrated_database(engine: Engine, built_from_models: Engine) -> None:
    for table in Base.metadata.sorted_tables:
        assert checks(engine, table) == checks(built_from_models, table)


def test_every_index_has_the_columns_and_the_predicate_of_the_models(engine: Engine, built_from_models: Engine) -> None:
    for table in Base.metadata.sorted_tables:
        assert indexes(engine, table) == indexes(built_from_models, table)
