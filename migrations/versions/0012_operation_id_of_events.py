"""An order's events call the operation's id by the ledger's word; request_id is that of an HTTP request."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("order_events", "request_id", new_column_name="operation_id")


def downgrade() -> None:
    op.alter_column("order_events", "operation_id", new_column_name="request_id")
