"""A kind of event for an order that was taken over, handed over or given back."""

from __future__ import annotations

from alembic import op

from webapp.database.stored_enums import add_kind, remove_kind

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_kind(op.get_bind(), "order_events", "kind", "order_assigned")


def downgrade() -> None:
    remove_kind(op.get_bind(), "order_events", "kind", "order_assigned")
