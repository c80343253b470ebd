"""The rows of stock files that came in, so that a corrected, sorted or longer file adds only what is new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

NAME = "imported_stock_rows"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    now = sa.text("CURRENT_TIMESTAMP")
    op.create_table(
        NAME,
        sa.Column("store_id", BIG, nullable=False),
        sa.Column("row_key", sa.String(length=64), nullable=False),
        sa.Column("delivery", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("store_id", "row_key", "delivery", name="pk_imported_stock_rows"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_imported_stock_rows_store_id"),
    )


def downgrade() -> None:
    op.drop_table("imported_stock_rows")
