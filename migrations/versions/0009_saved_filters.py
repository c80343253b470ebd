"""Filters of the order list that a person saved under a name."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NAME = "saved_filters"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    columns = (
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_saved_filters_store_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_saved_filters_user_id"),
        sa.UniqueConstraint("store_id", "user_id", "name", name="uq_saved_filters_store_id_user_id_name"),
    )
    op.create_table(NAME, *keys(), *columns, sqlite_autoincrement=True)


def keys() -> tuple[Any, ...]:
    """Return the key (store_id, id): the primary key, and on SQLite the rowid with a unique pair (ADR 0003)."""
    if op.get_bind().dialect.name == "sqlite":
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


def downgrade() -> None:
    op.drop_table(NAME)
