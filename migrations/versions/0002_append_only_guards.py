"""Append-only guards: the ledger and the order events refuse UPDATE, DELETE, REPLACE and TRUNCATE."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# For each table: the keys by which INSERT OR REPLACE could replace an existing row. SQLite runs no delete trigger for
# the replaced row (unless recursive triggers are on), so the guard checks before the insert.
TABLES = {
    "inventory_transactions": (
        "id = NEW.id",
        "store_id = NEW.store_id AND inventory_id = NEW.inventory_id AND seq = NEW.seq",
        "store_id = NEW.store_id AND reverses_id = NEW.reverses_id",
    ),
    "order_events": ("id = NEW.id",),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    for table, keys in TABLES.items():
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        found = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in keys)
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {found} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    lite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        for verb in ("update", "delete", "replace") if lite else ("change", "truncate"):
            op.execute(f"DROP TRIGGER {table}_no_{verb}" + ("" if lite else f" ON {table}"))
    if not lite:
        op.execute("DROP FUNCTION refuse_change()")
