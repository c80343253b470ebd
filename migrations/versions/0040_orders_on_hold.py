"""Orders on hold: why, what the shop said last about it, and a kind of event for a manager who releases one."""

from __future__ import annotations

from alembic import op

from webapp.database.stored_enums import add_kind, remove_kind

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

COLUMNS = ("hold", "upstream_hold")


def upgrade() -> None:
    for name in COLUMNS:
        op.execute(
            f"ALTER TABLE orders ADD COLUMN {name} VARCHAR(32) "
            f"CONSTRAINT ck_orders_{name}_known CHECK ({name} IN ('unpaid', 'on_hold'))"
        )
    add_kind(op.get_bind(), "order_events", "kind", "hold_released")


def downgrade() -> None:
    remove_kind(op.get_bind(), "order_events", "kind", "hold_released")
    for name in reversed(COLUMNS):
        op.drop_column("orders", name)
