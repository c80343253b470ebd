"""The queue leaves out orders on hold, and they have an index of their own, so that neither list reads the other's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

OPEN = "status IN ('pending', 'processing', 'partially_shipped')"


def upgrade() -> None:
    op.drop_index("ix_orders_queue", table_name="orders")
    _index("ix_orders_queue", ["ship_by", "id"], f"{OPEN} AND hold IS NULL")
    _index("ix_orders_held", ["status", "ship_by", "id", "hold"], f"{OPEN} AND hold IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_orders_held", table_name="orders")
    op.drop_index("ix_orders_queue", table_name="orders")
    _index("ix_orders_queue", ["ship_by", "id"], OPEN)


def _index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "orders", ["store_id", *columns], postgresql_where=where, sqlite_where=where)
