"""Index of order items with units left, in the form that SQLite recognises: a column compared with a sum."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAME = "ix_order_items_left"
COLUMNS = ["store_id", "product_id", "order_id"]


def upgrade() -> None:
    rebuild("quantity > shipped_quantity + cancelled_quantity")


def downgrade() -> None:
    rebuild("shipped_quantity + cancelled_quantity < quantity")


def rebuild(predicate: str) -> None:
    op.drop_index(NAME, table_name="order_items")
    where = sa.text(predicate)
    op.create_index(NAME, "order_items", COLUMNS, postgresql_where=where, sqlite_where=where)
