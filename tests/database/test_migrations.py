"""The migrations go up, down and up again, on both engines, and no row is lost on the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, inspect, text

from tests.database.rows import TABLES, insert, insert_all, row_of
from webapp import extensions
from webapp.config import ROOT

MIGRATIONS = ROOT / "migrations"
FIRST = "0001"


@pytest.fixture
def unmigrated(make_app: Callable[[str], Flask], empty_database_url: str) -> Iterator[Engine]:
    """The engine of an application whose database is empty, inside its context."""
    with make_app(empty_database_url).app_context():
        yield extensions.db.engine


def tables_of(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


Rows = dict[str, list[dict[str, str]]]


def rows_of(engine: Engine, names: set[str]) -> Rows:
    """Return every row of the tables, in their own order, as text by column."""
    with engine.connect() as connection:
        return {
            name: [
                {column: str(value) for column, value in row.items()}
                for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2")).mappings()
            ]
            for name in sorted(names)
        }


def like(rows: Rows, shape: Rows) -> Rows:
    """Return of ``rows`` the tables and columns that ``shape`` has."""
    return {
        name: [
            {column: row[column] for column in columns} for row, columns in zip(rows[name], shape[name], strict=True)
        ]
        for name in shape
    }


def test_up_makes_every_table_and_down_leaves_none(unmigrated: Engine) -> None:
    upgrade()
    assert tables_of(unmigrated) == set(TABLES)

    downgrade(revision="base")
    assert tables_of(unmigrated) == set()

    upgrade()
    assert tables_of(unmigrated) == set(TABLES)


def test_rows_survive_the_way_down_to_the_first_tables_and_up_again(unmigrated: Engine) -> None:
    upgrade()
    with unmigrated.begin() as connection:
        insert_all(connection, 1)
        insert_all(connection, 2)
    before = rows_of(unmigrated, set(TABLES))

    downgrade(revision=FIRST)
    first = rows_of(unmigrated, tables_of(unmigrated))
    assert first == like(before, first)

    upgrade()
    assert like(rows_of(unmigrated, set(TABLES)), first) == first


def test_every_revision_can_be_taken_back_and_repeated_with_rows_present(unmigrated: Engine) -> None:
    upgrade()
    with unmigrated.begin() as connection:
        insert_all(connection, 1)
    revisions = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]

    for revision in revisions[:-1]:
        downgrade(revision="-1")
        upgrade(revision=revision)
        downgrade(revision="-1")

    upgrade()
    assert rows_of(unmigrated, {"inventory_transactions"})["inventory_transactions"]


def test_products_that_were_there_before_are_found_by_their_words(unmigrated: Engine) -> None:
    upgrade(revision="0002")
    with unmigrated.begin() as connection:
        insert(connection, "stores", row_of("stores", 1))
        insert(connection, "products", row_of("products", 1, sku="SKU-7", gtin="4006381333931", name="Grüner Tee"))

    upgrade()

    found = {row["word"] for row in rows_of(unmigrated, {"product_search_words"})["product_search_words"]}
    assert {"sku-7", "4006381333931", "gruner", "tee"} <= found


def with_further(folder: Path, *revisions: str) -> str:
    """Return a copy of the migrations, with further revisions after the newest one: "9001", "9002", …"""
    migrations = shutil.copytree(MIGRATIONS, folder / "migrations")
    before = ScriptDirectory(str(migrations)).get_current_head()
    for number, revision in enumerate(revisions, start=9001):
        (migrations / "versions" / f"{number}.py").write_text(revision.format(revision=number, before=before))
        before = str(number)
    return str(migrations)


REBUILD = """
from alembic import op

revision, down_revision = "{revision}", "{before}"


def upgrade():
    with op.batch_alter_table("orders", recreate="always"):
        pass
"""


@pytest.mark.engines("sqlite")
def test_a_table_rebuilt_by_a_migration_keeps_the_rows_that_refer_to_it(unmigrated: Engine, tmp_path: Path) -> None:
    upgrade()
    with unmigrated.begin() as connection:
        insert_all(connection, 1)
    before = rows_of(unmigrated, set(TABLES))

    upgrade(directory=with_further(tmp_path, REBUILD))

    assert rows_of(unmigrated, set(TABLES)) == before
    with unmigrated.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


ORPHAN = """
from alembic import op

revision, down_revision = "{revision}", "{before}"


def upgrade():
    op.execute("CREATE TABLE half_done (id INTEGER)")
    op.execute("UPDATE order_items SET product_id = 999")
"""


@pytest.mark.engines("sqlite")
def test_a_migration_that_leaves_a_row_pointing_nowhere_leaves_nothing_of_itself(
    unmigrated: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    upgrade()
    with unmigrated.begin() as connection:
        insert_all(connection, 1)
    before = rows_of(unmigrated, set(TABLES))

    with pytest.raises(SystemExit):
        upgrade(directory=with_further(tmp_path, REBUILD, ORPHAN))

    assert "a migration broke foreign keys" in caplog.text
    assert tables_of(unmigrated) == set(TABLES)
    assert rows_of(unmigrated, set(TABLES)) == before
    with unmigrated.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == ["9001"]
