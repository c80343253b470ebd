"""A kind of event for returns that were corrected."""

from __future__ import annotations

from alembic import op

from webapp.database.stored_enums import change_kinds

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BEFORE = [
    "imported",
    "status_changed",
    "reserved",
    "released",
    "shipped",
    "shipment_undone",
    "item_cancelled",
    "cancelled",
    "returned",
    "written_off",
    "found_on_shelf",
    "short_picked",
    "backorder_filled",
    "item_matched",
    "stock_skipped",
    "exception_closed",
]


def upgrade() -> None:
    after = BEFORE.index("written_off") + 1
    kinds = [*BEFORE[:after], "return_corrected", *BEFORE[after:]]
    change_kinds(op.get_bind(), "order_events", "kind", kinds)


def downgrade() -> None:
    change_kinds(op.get_bind(), "order_events", "kind", BEFORE)
