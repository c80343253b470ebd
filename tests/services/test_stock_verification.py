"""``verify`` finds nothing in a correct store, and each single fault in a damaged one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, func, select, text, update
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from tests.helpers.busy_store import make_busy_store
from tests.helpers.corruption import remove_guards, without_guards
from tests.helpers.database_fixtures import ENGINES
from tests.helpers.databases import PostgresqlDatabases, SqliteTemplate, copy_rows, migrate, settings
from tests.helpers.soundness import broken_rules
from tests.services.corruptions import CORRUPTIONS, Corruption, item
from webapp import create_app, extensions
from webapp.domain.clock import utc_now
from webapp.domain.statuses import OrderStatus
from webapp.models import Base, Inventory, Order
from webapp.services.engine.channels import channel_ids
from webapp.services.verification import CHECKS, INVARIANTS, Check, Summary, Violation, references, snapshot, verify
from webapp.services.verification.vanished_rows import vanished_rows


@dataclass(frozen=True)
class Busy:
    """Two busy stores in one database, and in a copy of it without guards."""

    engine: Engine
    unguarded: Engine
    store_id: int
    other_store_id: int


@pytest.fixture(scope="module")
def busy_stores(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Busy]]:
    """Make an engine's stores at first use; tests that damage them roll the damage back."""
    stores: dict[str, Busy] = {}

    def make(engine_name: str) -> Busy:
        if engine_name not in stores:
            folder = tmp_path_factory.mktemp("busy")
            if engine_name == "sqlite":
                template: SqliteTemplate = request.getfixturevalue("sqlite_template")
                engine, unguarded = (engine_at(template.copy(folder / name)) for name in ("packbench.db", "copy.db"))
            else:
                databases: PostgresqlDatabases = request.getfixturevalue("postgresql_databases")
                engine = engine_at(databases.empty())
                migrate(engine.url.render_as_string(hide_password=False))
            with Session(engine, expire_on_commit=False) as db:
                ids = [make_busy_store(db, code).id for code in ("LUX", "BXL")]
            engine.dispose()
            if engine_name == "sqlite":
                copy_rows(folder / "packbench.db", folder / "copy.db")
            else:
                unguarded = engine_at(databases.copy(engine.url))
            remove_guards(unguarded)
            stores[engine_name] = Busy(engine, unguarded, *ids)
        return stores[engine_name]

    yield make
    for busy in stores.values():
        busy.engine.dispose()
        busy.unguarded.dispose()


def engine_at(url: str) -> Engine:
    """Return an application's engine on the database at ``url``."""
    with create_app(settings(url)).app_context():
        return extensions.db.engine


@pytest.fixture
def busy(request: pytest.FixtureRequest, busy_stores: Callable[[str], Busy]) -> Busy:
    """The stores on the test's engine."""
    return busy_stores(request.param)


on_both_engines = pytest.mark.parametrize("busy", ENGINES, indirect=True)


@on_both_engines
def test_a_store_where_everything_has_happened_verifies_clean(busy: Busy) -> None:
    summary = Summary()

    with snapshot(busy.engine) as connection:
        broken = list(verify(connection, summary=summary))

    assert broken == []
    assert summary.ok
    assert sum(tally.rules for tally in summary.tallies.values()) == len(CHECKS)
    unlooked = {name for tally in summary.tallies.values() for name, rows in tally.rows.items() if not rows}
    assert unlooked == set(), "the busy store should have rows in every table"


@on_both_engines
def test_one_store_is_checked_alone(busy: Busy) -> None:
    everything, one = Summary(), Summary()

    with snapshot(busy.engine) as connection:
        assert list(verify(connection, summary=everything)) == []
        assert list(verify(connection, busy.store_id, summary=one)) == []

    for number in (1, 2, 3, 4):
        for table, rows in one.tallies[number].rows.items():
            assert 0 < rows < everything.tallies[number].rows[table]


@pytest.mark.parametrize(
    ("busy", "corruption"),
    [
        pytest.param(engine, corruption, id=f"{engine}-{corruption.name}")
        for engine in ENGINES
        for corruption in CORRUPTIONS
        if engine in corruption.engines
    ],
    indirect=["busy"],
)
def test_each_corruption_is_found_and_named(busy: Busy, corruption: Corruption) -> None:
    with without_guards(busy.unguarded) as connection:
        target = connection.scalar(text(corruption.target), {"store": busy.store_id})
        for statement in corruption.statements:
            _execute(connection, statement, busy.store_id, target)

        broken = list(verify(connection, busy.store_id))
        rules = broken_rules(connection, busy.store_id)
        elsewhere = broken_rules(connection, busy.other_store_id)

    assert target is not None, "the corruption has nothing to damage"
    assert (corruption.invariant, corruption.rule, corruption.table, target) in {
        (violation.invariant, violation.rule, violation.table, violation.id) for violation in broken
    }
    assert {(violation.store_id, violation.store) for violation in broken} == {(busy.store_id, "LUX")}
    assert rules == {(violation.invariant, violation.rule) for violation in broken}
    assert elsewhere == set()


def test_every_rule_is_tried_by_a_corruption() -> None:
    tried = {(corruption.invariant, corruption.rule) for corruption in CORRUPTIONS}

    assert {(check.invariant, check.rule) for check in CHECKS if check.invariant != 6} == tried


@pytest.mark.parametrize("check", references.CHECKS, ids=lambda check: f"{check.table.name}.{check.rule}")
@on_both_engines
def test_each_foreign_key_that_leads_nowhere_is_found(busy: Busy, check: Check) -> None:
    column = check.rule.rpartition("_in_")[0]
    table = Base.metadata.tables[check.table.name]
    key = next(name for name in ("id", "key", "gtin", "word", "row_key") if name in table.c)
    with without_guards(busy.unguarded) as connection:
        row = (
            connection.execute(
                select(table.c[key]).where(table.c.store_id == busy.store_id, table.c[column].is_not(None))
            )
            .scalars()
            .first()
        )
        connection.execute(
            update(table)
            .where(table.c.store_id == busy.store_id, table.c[key] == row)
            .values({column: 77_000_000 + table.c[column]})
        )

        broken = [violation for violation in verify(connection) if violation.rule == check.rule]

    assert row is not None
    named = {violation.id for violation in broken if violation.table == table.name}
    assert row in named or any(str(violation_id).startswith(f"{row}/") for violation_id in named)


@on_both_engines
def test_a_row_that_points_into_another_store_is_told_from_one_that_points_nowhere(busy: Busy) -> None:
    item = "(SELECT min(id) FROM order_items WHERE store_id = :store)"
    with without_guards(busy.unguarded) as connection:
        foreign = connection.scalar(
            text("SELECT max(id) FROM products WHERE store_id = :id"), {"id": busy.other_store_id}
        )
        _execute(connection, f"UPDATE order_items SET product_id = :id WHERE id = {item}", busy.store_id, foreign)

        (broken,) = _broken(connection, busy.store_id, 6)

    assert broken.rule == "product_id_in_products"
    assert broken.found == {"product_id": foreign, "there": "a row of another store"}
    assert broken.sentence == "order_items.product_id names no products row of the same store"


@on_both_engines
@pytest.mark.parametrize("status", [status for status in OrderStatus if status is not OrderStatus.PARTIALLY_SHIPPED])
def test_an_order_without_items_agrees_with_any_status_that_counts_none(busy: Busy, status: OrderStatus) -> None:
    with Session(busy.engine) as db:
        channel_id = channel_ids(db, busy.store_id, ["shop"])["shop"]
        db.add(Order(store_id=busy.store_id, channel_id=channel_id, order_number="EMPTY", status=status))
        db.flush()

        assert list(verify(db)) == []


@on_both_engines
def test_a_wrong_number_is_named_once_and_not_again_on_every_later_row(busy: Busy) -> None:
    with without_guards(busy.unguarded) as connection:
        _execute(
            connection,
            "UPDATE inventory_transactions SET quantity_change = quantity_change + 2 WHERE store_id = :store AND id = "
            "(SELECT min(id) FROM inventory_transactions WHERE store_id = :store AND transaction_type = 'import')",
            busy.store_id,
            None,
        )

        broken = [violation for violation in _broken(connection, busy.store_id, 1) if violation.rule == "running_sums"]

    assert len(broken) == 1
    assert broken[0].named["seq"] == 1
    assert broken[0].expected == {"quantity_after": 12, "reserved_after": 0}
    assert broken[0].found == {"quantity_after": 10, "reserved_after": 0}
    assert "expected quantity_after 12, reserved_after 0; found quantity_after 10" in broken[0].message


@on_both_engines
def test_numbers_that_cannot_be_added_up_are_a_violation_and_not_a_crash(busy: Busy) -> None:
    with without_guards(busy.unguarded) as connection:
        _execute(
            connection,
            "UPDATE order_items SET quantity = -9223372036854775808, shipped_quantity = 9223372036854775807 "
            f"WHERE store_id = :store AND id = {item('SHIPPED')}",
            busy.store_id,
            None,
        )

        broken = list(verify(connection, busy.store_id))

    (unchecked,) = [violation for violation in broken if violation.rule == "status_agrees"]
    assert unchecked.message.startswith("This could not be checked, since rows hold values")
    assert (unchecked.invariant, unchecked.store_id, unchecked.id) == (4, busy.store_id, None)
    assert "shipped_is_ledger_sum" in {violation.rule for violation in broken}, "the other checks go on"


@pytest.mark.parametrize("busy", ["sqlite"], indirect=True)
def test_a_stored_answer_that_is_no_json_stops_nothing(busy: Busy) -> None:
    with without_guards(busy.unguarded) as connection:
        _execute(
            connection, "UPDATE idempotency_keys SET result = '{broken' WHERE store_id = :store", busy.store_id, None
        )
        _execute(
            connection,
            "UPDATE inventory SET quantity = quantity + 1 WHERE store_id = :store",
            busy.store_id,
            None,
        )

        broken = {violation.rule for violation in verify(connection, busy.store_id)}

    assert broken == {"sums", "last_entry", "key_is_unchanged", "merged_holds_nothing"}


@on_both_engines
def test_a_key_may_be_pruned_after_seven_days_unless_it_is_kept_for_ever(busy: Busy) -> None:
    """Five operations without a key; those of the second and fourth are eight days old."""
    with without_guards(busy.unguarded) as connection:
        for number, mark in enumerate("aaff4", 1):
            _execute(
                connection,
                "INSERT INTO order_events (store_id, id, order_id, kind, actor, details, operation_id, created_at) "
                f"SELECT store_id, 900000 + {number}, order_id, 'reserved', actor, '{{}}', "
                f"'00000000000{number}{mark}{'0' * 19}', :id FROM order_events WHERE store_id = :store LIMIT 1",
                busy.store_id,
                utc_now() - timedelta(days=8 if number in (2, 4) else 0),
            )

        missing = {
            str(violation.id)[11:13]
            for violation in verify(connection, busy.store_id)
            if violation.rule == "operation_has_key"
        }

    assert missing == {"1a", "3f", "4f"}


KEPT_TABLES = (
    "order_items",
    "allocations",
    "inventory_transactions",
    "order_events",
    "shipments",
    "shipment_lines",
    "stock_exceptions",
)


@pytest.mark.parametrize("busy", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", KEPT_TABLES)
def test_rows_that_vanished_on_sqlite_are_missed_in_the_middle_and_at_the_end(busy: Busy, table: str) -> None:
    with without_guards(busy.unguarded) as connection:
        complete = list(vanished_rows(connection))
        last = connection.scalar(text(f"SELECT max(id) FROM {table}"))
        _execute(connection, f"DELETE FROM {table} WHERE id IN (:id, :id - 1, 2)", busy.store_id, last)

        gone = [(violation.rule, violation.table, violation.id) for violation in vanished_rows(connection)]

    assert complete == []
    assert gone == [("ids_without_gap", table, 3), ("ids_without_gap", table, last + 1)]


@pytest.mark.parametrize("busy", ["postgresql"], indirect=True)
def test_gaps_prove_nothing_on_postgresql_where_refusals_leave_some(busy: Busy) -> None:
    with without_guards(busy.unguarded) as connection:
        _execute(connection, "DELETE FROM order_events WHERE id = 2", busy.store_id, None)

        assert list(vanished_rows(connection)) == []


@on_both_engines
def test_a_verification_sees_one_moment_while_others_write(busy: Busy) -> None:
    """The writer changes stock without the ledger, commits, and changes it back."""
    with snapshot(busy.engine) as connection:
        violations = verify(connection, busy.store_id)
        before = _units_on_hand(connection, busy.store_id)
        _add_past_the_ledger(busy, 5)
        try:
            seen = _units_on_hand(connection, busy.store_id)
            found_in_the_old_view = list(violations)
            with snapshot(busy.engine) as later:
                found_in_a_new_view = list(verify(later, busy.store_id))
        finally:
            _add_past_the_ledger(busy, -5)

    assert seen == before
    assert found_in_the_old_view == []
    assert {violation.rule for violation in found_in_a_new_view} == {"sums", "last_entry", "merged_holds_nothing"}


@pytest.mark.parametrize("busy", ["postgresql"], indirect=True)
def test_a_snapshot_refuses_to_write(busy: Busy) -> None:
    with snapshot(busy.engine) as connection, pytest.raises(InternalError, match="read-only"):
        connection.execute(update(Inventory).values(quantity=Inventory.quantity + 1))


@on_both_engines
def test_a_session_is_verified_as_it_was_flushed_and_before_it_commits(busy: Busy) -> None:
    with Session(busy.engine) as db:
        place = db.scalars(select(Inventory).where(Inventory.store_id == busy.store_id)).first()
        assert place is not None
        place.quantity += 1
        db.flush()

        broken = [(violation.rule, violation.id) for violation in verify(db, busy.store_id)]

    assert broken == [("sums", place.id), ("last_entry", place.id)]


@on_both_engines
def test_each_check_is_announced(busy: Busy) -> None:
    announced: list[tuple[Check, int, int]] = []

    with snapshot(busy.engine) as connection:
        list(verify(connection, on_check=lambda *check: announced.append(check)))

    assert announced == [(check, number, len(CHECKS)) for number, check in enumerate(CHECKS, 1)]


def test_every_check_belongs_to_a_known_invariant() -> None:
    assert {check.invariant for check in CHECKS} == set(INVARIANTS)


def _execute(connection: Connection, statement: str, store_id: int, row_id: object) -> None:
    """Run a statement with those of ``:store`` and ``:id`` that it names."""
    named = {"store": store_id, "id": row_id}
    connection.execute(text(statement), {name: named[name] for name in text(statement)._bindparams})


def _broken(connection: Connection, store_id: int, invariant: int) -> list[Violation]:
    return [violation for violation in verify(connection, store_id) if violation.invariant == invariant]


def _units_on_hand(connection: Connection, store_id: int) -> int | None:
    return connection.scalar(select(func.sum(Inventory.quantity)).where(Inventory.store_id == store_id))


def _add_past_the_ledger(busy: Busy, units: int) -> None:
    with busy.engine.begin() as connection:
        connection.execute(
            update(Inventory).where(Inventory.store_id == busy.store_id).values(quantity=Inventory.quantity + units)
        )
