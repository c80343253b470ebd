"""Kinds of events for what the shop changed, and causes of exceptions for what it changed too late."""

from __future__ import annotations

from alembic import op

from webapp.database.stored_enums import add_kind, remove_kind

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KINDS = (
    ("order_events", "kind", "changed_upstream"),
    ("order_events", "kind", "units_added"),
    ("order_events", "kind", "contradicted"),
    ("stock_exceptions", "cause", "changed_upstream"),
    ("stock_exceptions", "cause", "fulfilled_upstream"),
    ("stock_exceptions", "cause", "ship_to_upstream"),
)


def upgrade() -> None:
    for table, column, kind in KINDS:
        add_kind(op.get_bind(), table, column, kind)


def downgrade() -> None:
    for table, column, kind in reversed(KINDS):
        remove_kind(op.get_bind(), table, column, kind)
