"""Where people are signed in: one row for each browser. The cookies of before name no row, so people sign in once more."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NAME = "sessions"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOW = sa.text("CURRENT_TIMESTAMP")


def upgrade() -> None:
    columns = (
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_sessions_store_id"),
        sa.ForeignKeyConstraint(
            ["store_id", "user_id"],
            ["memberships.store_id", "memberships.user_id"],
            name="fk_sessions_store_id_user_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("store_id", "token_hash", name="uq_sessions_store_id_token_hash"),
    )
    op.create_table(NAME, *keys(), *columns, sqlite_autoincrement=True)
    op.create_index("ix_sessions_store_id_user_id", NAME, ["store_id", "user_id"])
    op.create_index("ix_sessions_user_id", NAME, ["user_id"])


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
    op.drop_table("sessions")
