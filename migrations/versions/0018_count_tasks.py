"""Places to count: who asked, when and why, and whether the place was reported short, so that nothing is reserved there.

The columns are added and dropped one by one, with their CHECKs, so that SQLite does not rebuild the table and its trigger
stays.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INDEX = "ix_inventory_to_count"
TIME = {"postgresql": "TIMESTAMP WITH TIME ZONE", "sqlite": "DATETIME"}


def upgrade() -> None:
    time = TIME[op.get_bind().dialect.name]
    causes = "count_cause IN ('short_pick', 'found_units')"
    op.execute(
        "ALTER TABLE inventory ADD COLUMN count_cause VARCHAR(32) "
        f"CONSTRAINT ck_inventory_count_cause_known CHECK ({causes})"
    )
    op.execute(
        "ALTER TABLE inventory ADD COLUMN count_asked_by VARCHAR(64) CONSTRAINT ck_inventory_count_asked_by_somebody "
        "CHECK ((count_cause IS NULL) = (count_asked_by IS NULL))"
    )
    op.execute(
        f"ALTER TABLE inventory ADD COLUMN count_asked_at {time} CONSTRAINT ck_inventory_count_asked_at_some_time "
        "CHECK ((count_cause IS NULL) = (count_asked_at IS NULL))"
    )
    op.execute(
        "ALTER TABLE inventory ADD COLUMN is_short BOOLEAN DEFAULT false NOT NULL "
        "CONSTRAINT ck_inventory_short_until_counted CHECK (NOT is_short OR count_cause IS NOT NULL)"
    )
    where = sa.text("count_cause IS NOT NULL")
    op.create_index(INDEX, "inventory", ["store_id", "product_id"], postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="inventory")
    for column in ("is_short", "count_asked_at", "count_asked_by", "count_cause"):
        op.drop_column("inventory", column)
