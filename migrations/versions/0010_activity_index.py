"""Indexes for a store's activity: newest first, by person and by kind; stock changes without orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

EVENTS = {
    "ix_order_events_newest": ["store_id", "created_at", "request_id"],
    "ix_order_events_actor": ["store_id", "actor", "created_at", "request_id"],
    "ix_order_events_kind": ["store_id", "kind", "created_at", "request_id"],
}
STOCK = "ix_inventory_transactions_stock"
STOCK_COLUMNS = ["store_id", "created_at", "operation_id", "created_by", "transaction_type"]


def upgrade() -> None:
    for name, columns in EVENTS.items():
        op.create_index(name, "order_events", columns)
    of_no_order = sa.text("order_number IS NULL")
    op.create_index(
        STOCK, "inventory_transactions", STOCK_COLUMNS, postgresql_where=of_no_order, sqlite_where=of_no_order
    )


def downgrade() -> None:
    op.drop_index(STOCK, table_name="inventory_transactions")
    for name in EVENTS:
        op.drop_index(name, table_name="order_events")
