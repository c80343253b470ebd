"""The statistics that SQLite's planner gets for the indexes."""

from __future__ import annotations

from itertools import takewhile

import pytest
from sqlalchemy import Engine, Index, create_engine

from webapp.database.planner_statistics import PER_VALUE, ROWS, ROWS_OF_PARTIAL, complete_statistics
from webapp.models import Base

pytestmark = pytest.mark.engines("sqlite")

SMALL = {
    *("api_tokens", "memberships", "saved_filters", "sign_in_tries", "store_settings", "stores"),
    "users",
    "import_mappings",
    "one_time_links",
    "setup_links",
    "sessions",
    "import_jobs",
    "channels",
    "product_merges",
    "assignments",
}
"""Tables for which the planner may guess."""

ABOUT_ONE_ROW = {"created_at", "id", "ordered_at", "position", "ship_by"}
"""Columns in which hardly any two rows of a store have the same value."""

INDEXES = sorted(
    (index for table in Base.metadata.sorted_tables if table.name in ROWS for index in table.indexes),
    key=lambda index: str(index.name),  # A table's indexes are a set; the processes of a run must see one order.
)


def test_every_table_counts_as_growing_or_small() -> None:
    assert {table.name for table in Base.metadata.sorted_tables} - set(ROWS) - SMALL == set()


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: str(index.name))
def test_of_every_index_it_is_known_how_many_rows_it_has_and_how_many_share_a_value(index: Index) -> None:
    names = [column.name for column in index.columns if column.name != "store_id"]
    narrowing = list(takewhile(lambda name: name not in ABOUT_ONE_ROW, names[:-1] if index.unique else names))

    assert set(narrowing) <= set(PER_VALUE)
    assert (index.name in ROWS_OF_PARTIAL) == (index.dialect_options["sqlite"]["where"] is not None)


def statistics(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT idx, stat FROM sqlite_stat1 WHERE idx IS NOT NULL").all()
        return {row.idx: row.stat for row in rows}


def test_every_index_of_a_growing_table_has_statistics_after_migrating(engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT tbl_name, name FROM sqlite_master WHERE type = 'index'").all()

    estimates = statistics(engine)
    assert {row.name for row in rows if row.tbl_name in ROWS} <= set(estimates)
    assert estimates["ix_inventory_transactions_order"].split()[:3] == ["1500000", "1500000", "5"]


def test_what_was_counted_is_not_overwritten(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sqlite_stat1 SET stat = '7 7 1' WHERE idx = 'ix_order_events_order'")
        connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE idx = 'ix_orders_queue'")

        complete_statistics(connection)

    estimates = statistics(engine)
    assert estimates["ix_order_events_order"] == "7 7 1"
    assert estimates["ix_orders_queue"].split()[0] == "10000"


def test_a_database_without_tables_is_left_alone(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        complete_statistics(connection)
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
    engine.dispose()
