"""A table of the units that people have picked and not shipped yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

NAME = "picks"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    big = sa.Integer() if sqlite else sa.BigInteger()
    whole = [sa.CheckConstraint("typeof(units) = 'integer'", name=op.f(f"ck_{NAME}_units_whole"))] if sqlite else []
    op.create_table(
        NAME,
        *_keys(sqlite),
        sa.Column("order_item_id", big, nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("units", big, nullable=False),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_item_id"],
            ["order_items.store_id", "order_items.id"],
            name=f"fk_{NAME}_store_id_order_item_id",
        ),
        sa.UniqueConstraint("store_id", "order_item_id", "person", name=f"uq_{NAME}_store_id_order_item_id_person"),
        sa.CheckConstraint("units >= 0", name=op.f(f"ck_{NAME}_units_not_negative")),
        *whole,
    )


def downgrade() -> None:
    op.drop_table("picks")


def _keys(sqlite: bool) -> tuple[sa.schema.SchemaItem, ...]:
    """Return the key (store_id, id): the primary key, and on SQLite the rowid with a unique pair (ADR 0003)."""
    if sqlite:
        return (
            sa.Column("store_id", sa.Integer(), nullable=False),
            sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
            sa.UniqueConstraint("store_id", "id", name=f"tenant_key_{NAME}"),
        )
    return (
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "id", name=f"pk_{NAME}"),
    )
