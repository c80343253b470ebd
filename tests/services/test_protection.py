"""Verification names each constraint, index and trigger that no longer protects the rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Connection, Engine, text

from webapp.extensions import migrate
from webapp.services.verification.protection import verify_protection, verify_revision

Broken = set[tuple[str, str, int | str | None]]

ON_SQLITE = pytest.mark.engines("sqlite")
ON_POSTGRESQL = pytest.mark.engines("postgresql")


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose damage is rolled back."""
    with engine.connect() as opened, opened.begin() as transaction:
        yield opened
        transaction.rollback()


def broken(connection: Connection) -> Broken:
    return {(violation.rule, violation.table, violation.id) for violation in verify_protection(connection)}


def test_a_migrated_database_is_protected(connection: Connection) -> None:
    assert broken(connection) == set()


@pytest.mark.parametrize(
    ("index", "table"),
    [
        ("uq_stock_exceptions_open", "stock_exceptions"),
        ("uq_products_placeholder", "products"),
        ("uq_inventory_transactions_reverses", "inventory_transactions"),
        ("ix_order_events_order", "order_events"),
    ],
)
def test_an_index_that_is_gone_or_covers_less_is_named(connection: Connection, index: str, table: str) -> None:
    connection.execute(text(f"DROP INDEX {index}"))
    gone = broken(connection)
    connection.execute(text(f"CREATE UNIQUE INDEX {index} ON {table} (store_id, id) WHERE id < 0"))

    assert gone == broken(connection) == {("index_stands", table, index)}


TRIGGERS = {
    "inventory_transactions_no_update": "inventory_transactions",
    "inventory_transactions_no_delete": "inventory_transactions",
    "inventory_transactions_no_replace": "inventory_transactions",
    "order_events_no_update": "order_events",
    "order_events_no_delete": "order_events",
    "order_events_no_replace": "order_events",
    "inventory_marks_product": "inventory",
}


@ON_SQLITE
@pytest.mark.parametrize(("trigger", "table"), TRIGGERS.items())
def test_a_trigger_that_is_gone_or_harmless_is_named_on_sqlite(
    connection: Connection, trigger: str, table: str
) -> None:
    connection.execute(text(f"DROP TRIGGER {trigger}"))
    gone = broken(connection)
    connection.execute(text(f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} BEGIN SELECT 1; END"))

    assert gone == broken(connection) == {("trigger_stands", table, trigger)}


@ON_SQLITE
def test_triggers_of_other_programs_are_their_own(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE theirs (id INTEGER)"))
    connection.execute(text("CREATE TRIGGER theirs_too AFTER INSERT ON theirs BEGIN SELECT 1; END"))

    assert broken(connection) == set()


@ON_SQLITE
def test_a_trigger_that_nobody_made_is_named(connection: Connection) -> None:
    connection.execute(text("CREATE TRIGGER thief AFTER INSERT ON order_events BEGIN DELETE FROM stores; END"))

    assert broken(connection) == {("trigger_stands", "order_events", "thief")}


@ON_SQLITE
@pytest.mark.parametrize(
    ("table", "pattern", "rule", "name"),
    [
        (
            "inventory",
            r",\s*CONSTRAINT ck_inventory_reserved_within_on_hand CHECK \([^)]*\)",
            "check_stands",
            "ck_inventory_reserved_within_on_hand",
        ),
        ("order_items", r"(?<=shipped_quantity INTEGER DEFAULT '0') NOT NULL", "column_stands", "shipped_quantity"),
        (
            "order_items",
            r",\s*CONSTRAINT fk_order_items_store_id_order_id FOREIGN KEY ?\([^)]*\) REFERENCES \w+ ?\([^)]*\)",
            "foreign_key_stands",
            "store_id, order_id",
        ),
    ],
)
def test_a_rule_that_is_cut_out_of_a_table_is_named_on_sqlite(
    connection: Connection, table: str, pattern: str, rule: str, name: str
) -> None:
    definition = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
    cut, changes = re.subn(pattern, "", str(definition), flags=re.DOTALL)
    assert changes == 1, definition
    _rewrite(connection, table, cut)
    try:
        assert broken(connection) == {(rule, table, name)}
    finally:
        _rewrite(connection, table, str(definition))


def _rewrite(connection: Connection, table: str, definition: str) -> None:
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    connection.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE name = ?", (definition, table))
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")


@ON_POSTGRESQL
@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (
            "DROP TRIGGER order_events_no_change ON order_events",
            {("trigger_stands", "order_events", "order_events_no_change")},
        ),
        (
            "DROP TRIGGER inventory_marks_product ON inventory",
            {("trigger_stands", "inventory", "inventory_marks_product")},
        ),
        (
            "ALTER TABLE order_events DISABLE TRIGGER order_events_no_truncate",
            {("trigger_stands", "order_events", "order_events_no_truncate")},
        ),
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            {
                ("trigger_stands", table, f"{table}_no_{what}")
                for table in ("order_events", "inventory_transactions")
                for what in ("change", "truncate")
            },
        ),
        (
            "ALTER TABLE inventory DROP CONSTRAINT ck_inventory_reserved_within_on_hand",
            {("check_stands", "inventory", "ck_inventory_reserved_within_on_hand")},
        ),
        (
            (
                "ALTER TABLE inventory DROP CONSTRAINT ck_inventory_reserved_within_on_hand, "
                "ADD CONSTRAINT ck_inventory_reserved_within_on_hand CHECK (reserved_quantity >= -99)"
            ),
            {("check_stands", "inventory", "ck_inventory_reserved_within_on_hand")},
        ),
        (
            "ALTER TABLE order_items DROP CONSTRAINT fk_order_items_store_id_order_id",
            {("foreign_key_stands", "order_items", "store_id, order_id")},
        ),
        (
            (
                "ALTER TABLE order_items DROP CONSTRAINT fk_order_items_store_id_order_id, "
                "ADD CONSTRAINT fk_order_items_store_id_order_id FOREIGN KEY (store_id, order_id) "
                "REFERENCES orders (store_id, id) NOT VALID"
            ),
            {("constraint_stands", "order_items", "fk_order_items_store_id_order_id")},
        ),
        (
            "ALTER TABLE inventory_transactions DROP CONSTRAINT uq_inventory_transactions_store_id_inventory_id_seq",
            {("key_stands", "inventory_transactions", "inventory_id, seq, store_id")},
        ),
        (
            "ALTER TABLE order_items ALTER COLUMN shipped_quantity DROP NOT NULL",
            {("column_stands", "order_items", "shipped_quantity")},
        ),
        (
            "ALTER TABLE order_items ALTER COLUMN sku TYPE text",
            {("column_stands", "order_items", "sku")},
        ),
    ],
)
def test_protection_that_is_gone_or_weaker_is_named_on_postgresql(
    connection: Connection, damage: str, expected: Broken
) -> None:
    connection.execute(text(damage))

    assert broken(connection) == expected


@ON_POSTGRESQL
def test_foreign_keys_that_are_switched_off_are_named(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE allocations DISABLE TRIGGER ALL"))

    asleep = broken(connection)

    assert asleep
    assert {rule for rule, _, _ in asleep} == {"trigger_stands"}
    assert "allocations" in {table for _, table, _ in asleep}


def test_a_database_at_another_revision_than_the_program_is_named(app: Flask, connection: Connection) -> None:
    with app.app_context():
        assert list(verify_revision(connection, migrate.directory)) == []
        connection.execute(text("UPDATE alembic_version SET version_num = '0018'"))

        (violation,) = verify_revision(connection, migrate.directory)

    assert (violation.rule, violation.table) == ("revision_stands", "alembic_version")
    assert violation.found == {"revision": "0018"}


def test_the_command_ends_with_1_and_names_it(app: Flask, engine: Engine) -> None:
    with engine.begin() as opened:
        opened.execute(text("DROP INDEX uq_stock_exceptions_open"))
    try:
        result: Result = app.test_cli_runner().invoke(args=["stock", "verify"])
    finally:
        with engine.begin() as opened:
            opened.execute(
                text(
                    "CREATE UNIQUE INDEX uq_stock_exceptions_open ON stock_exceptions "
                    "(store_id, order_item_id, cause) WHERE state = 'open'"
                )
            )

    assert result.exit_code == 1
    assert "stock_exceptions uq_stock_exceptions_open: A rule that protects rows" in result.output
