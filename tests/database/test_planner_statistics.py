"""What SQLite's planner is told of the indexes."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, create_engine

from webapp.database.planner_statistics import ROWS, complete_statistics

pytestmark = pytest.mark.engines("sqlite")


def statistics(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT idx, stat FROM sqlite_stat1 WHERE idx IS NOT NULL").all()
        return {row.idx: row.stat for row in rows}


def test_every_index_of_a_growing_table_has_statistics_after_migrating(engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT tbl_name, name FROM sqlite_master WHERE type = 'index'").all()

    known = statistics(engine)
    assert {row.name for row in rows if row.tbl_name in ROWS} <= set(known)
    assert known["ix_inventory_transactions_order"].split()[:3] == ["1500000", "1500000", "5"]


def test_what_was_counted_is_not_overwritten(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sqlite_stat1 SET stat = '7 7 1' WHERE idx = 'ix_order_events_order'")
        connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE idx = 'ix_orders_queue'")

        complete_statistics(connection)

    known = statistics(engine)
    assert known["ix_order_events_order"] == "7 7 1"
    assert known["ix_orders_queue"].split()[0] == "10000"


def test_a_database_without_tables_is_left_alone(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        complete_statistics(connection)
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
    engine.dispose()
