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
    """Take the packs away. Raises KindInUse if a line has one: the next import would take its units for the shop's."""
    if op.get_bind().scalar(sa.text("SELECT 1 FROM order_items WHERE pack_units > 1 LIMIT 1")):
        raise KindInUse("order_items.pack_units")
    for table in TABLES:
        op.drop_column(table, "pack_units")
