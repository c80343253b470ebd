"""A match says how many units of the product one ordered unit is; the lines that follow it remember it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.database.stored_enums import KindInUse

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

TABLES = ("matches", "order_items")


def upgrade() -> None:
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for table in TABLES:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN pack_units {kind} DEFAULT 1 NOT NULL "
            f"CONSTRAINT ck_{table}_pack_units_in_range CHECK (pack_units >= 1 AND pack_units <= 10000)"
        )


def downgrade() -> None:
    """Take the packs away. Raises KindInUse if a line, or a code that the next import goes by, has one: the units would
    be taken for the shop's."""
    for table, which in zip(TABLES, ("is_remembered", "TRUE"), strict=True):
        query = f"SELECT pack_units FROM {table} WHERE pack_units > 1 AND {which} LIMIT 1"
        if units := op.get_bind().scalar(sa.text(query)):
            raise KindInUse(f"rows of {table} are packs of {units} units: without the packs they would count as single")
    for table in TABLES:
        op.drop_column(table, "pack_units")
