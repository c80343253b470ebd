"""The newest order that files brought of a channel, and the newest when a state of an order came in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

TABLES = ("channels", "order_states")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("newest_order_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "newest_order_at")
