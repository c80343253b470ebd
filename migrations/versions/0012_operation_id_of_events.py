"""Rename ``request_id`` of order events to ``operation_id``, as in the ledger; a request id is an HTTP request's."""

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
