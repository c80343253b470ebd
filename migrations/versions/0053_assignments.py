"""Whose order it is: a table of people's holds on orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
NOW = sa.text("CURRENT_TIMESTAMP")
FIRST = sa.text("NOT is_joint")


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    big = sa.Integer() if sqlite else sa.BigInteger()
    op.create_table(
        "assignments",
        *_keys(sqlite),
        sa.Column("order_id", big, nullable=False),
        sa.Column("user_id", big, nullable=False),
        sa.Column("is_joint", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("since", TIME, server_default=NOW, nullable=False),
        sa.Column("last_active", TIME, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"], ["orders.store_id", "orders.id"], name="fk_assignments_store_id_order_id"
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "user_id"],
            ["memberships.store_id", "memberships.user_id"],
            name="fk_assignments_store_id_user_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("store_id", "order_id", "user_id", name="uq_assignments_store_id_order_id_user_id"),
    )
    op.create_index(
        "uq_assignments_first",
        "assignments",
        ["store_id", "order_id"],
        unique=True,
        postgresql_where=FIRST,
        sqlite_where=FIRST,
    )
    op.create_index("ix_assignments_user_id", "assignments", ["store_id", "user_id"])


def downgrade() -> None:
    op.drop_table("assignments")


def _keys(sqlite: bool) -> tuple[sa.schema.SchemaItem, ...]:
    """Return the key (store_id, id): the primary key, and on SQLite the rowid with a unique pair (ADR 0003)."""
    if sqlite:
        return (
            sa.Column("store_id", sa.Integer(), nullable=False),
            sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
            sa.UniqueConstraint("store_id", "id", name="tenant_key_assignments"),
        )
    return (
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "id", name="pk_assignments"),
    )
