"""A migration that would lose a row, a reference or a guard leaves nothing of itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import Engine

from tests.database.conftest import OTHER_STORE, STORE
from tests.database.migrating import rows_of, tables_of, with_further
from tests.database.refusals import assert_append_only
from tests.database.rows import TABLES, insert_all
from webapp.database.append_only import TABLES as APPEND_ONLY

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


LOSING = """
from alembic import op

revision, down_revision = "{revision}", "{before}"


def upgrade():
    op.execute("CREATE TABLE half_done (id INTEGER)")
    %s
"""
REBUILT = """
    with op.batch_alter_table("inventory_transactions", recreate="always"):
        pass
"""
WAYS = {
    "sqlite": (REBUILT, 'op.execute("DROP TRIGGER order_events_no_replace")'),
    "postgresql": (
        'op.execute("ALTER TABLE inventory_transactions DISABLE TRIGGER inventory_transactions_no_change")',
        'op.execute("DROP TRIGGER order_events_no_truncate ON order_events")',
        """op.execute("CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'")""",
    ),
}


def test_a_migration_that_loses_a_guard_leaves_nothing_of_itself(
    unmigrated: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    upgrade()
    with unmigrated.begin() as connection:
        insert_all(connection, STORE)
        insert_all(connection, OTHER_STORE)

    for number, way in enumerate(WAYS[unmigrated.dialect.name]):
        caplog.clear()
        with pytest.raises(SystemExit):
            upgrade(directory=with_further(tmp_path / str(number), LOSING % way))
        assert "append-only guards are missing or changed" in caplog.text

    assert tables_of(unmigrated) == set(TABLES)
    with unmigrated.connect() as connection:
        for name in APPEND_ONLY:
            assert_append_only(connection, name)


def test_a_guard_that_somebody_took_away_is_missed_by_the_next_upgrade(
    unmigrated: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    upgrade()
    upgrade()
    with unmigrated.begin() as connection:
        on = "" if unmigrated.dialect.name == "sqlite" else " ON order_events"
        guard = "order_events_no_delete" if not on else "order_events_no_change"
        connection.exec_driver_sql(f"DROP TRIGGER {guard}{on}")

    with pytest.raises(SystemExit):
        upgrade()

    assert guard in caplog.text
