"""A kind of event for a match that was taken back."""

from __future__ import annotations

from alembic import op

from webapp.database.stored_enums import add_kind, remove_kind

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_kind(op.get_bind(), "order_events", "kind", "match_undone")


def downgrade() -> None:
    remove_kind(op.get_bind(), "order_events", "kind", "match_undone")
