"""A kind of event for a person's data that somebody erased."""

from __future__ import annotations

from alembic import op

from webapp.database.stored_enums import change_kinds

revision = "0027"
down_revision = "0026"
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
    "packing_note_read",
]


def upgrade() -> None:
    change_kinds(op.get_bind(), "order_events", "kind", [*BEFORE, "person_erased"])


def downgrade() -> None:
    change_kinds(op.get_bind(), "order_events", "kind", BEFORE)
