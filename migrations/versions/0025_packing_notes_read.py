"""A kind of event for packing notes that somebody read."""

from __future__ import annotations

from alembic import op

from webapp.database.stored_enums import change_kinds

revision = "0025"
down_revision = "0024"
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
    "return_corrected",
    "found_on_shelf",
    "short_picked",
    "backorder_filled",
    "item_matched",
    "stock_skipped",
    "exception_closed",
]


def upgrade() -> None:
    change_kinds(op.get_bind(), "order_events", "kind", [*BEFORE, "packing_note_read"])


def downgrade() -> None:
    change_kinds(op.get_bind(), "order_events", "kind", BEFORE)
