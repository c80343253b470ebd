"""One-time links: invitations, new passwords, and the set-up of an empty database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

NAME = "one_time_links"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOW = sa.text("CURRENT_TIMESTAMP")
ROLES = "role IN ('packer', 'manager', 'supervisor', 'admin')"


def upgrade() -> None:
    columns = (
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        *times(),
        sa.CheckConstraint(ROLES, name=op.f(f"ck_{NAME}_role_known")),
        sa.CheckConstraint(
            "(role IS NULL) = (username IS NULL) AND (role IS NULL) <> (user_id IS NULL)",
            name=op.f(f"ck_{NAME}_invites_or_resets"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=f"fk_{NAME}_store_id"),
        sa.ForeignKeyConstraint(
            ["store_id", "user_id"],
            ["memberships.store_id", "memberships.user_id"],
            name=f"fk_{NAME}_store_id_user_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("store_id", "token_hash", name=f"uq_{NAME}_store_id_token_hash"),
    )
    op.create_table(NAME, *keys(), *columns, sqlite_autoincrement=True)
    op.create_index(f"ix_{NAME}_store_id_user_id", NAME, ["store_id", "user_id"])
    op.create_index(f"ix_{NAME}_user_id", NAME, ["user_id"])
    op.create_table(
        "setup_links",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        *times(),
        sa.PrimaryKeyConstraint("id", name="pk_setup_links"),
        sa.UniqueConstraint("token_hash", name="uq_setup_links_token_hash"),
    )


def times() -> tuple[sa.Column[Any], ...]:
    """Return when a link was made, and until when it is valid."""
    return (
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )


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
    op.drop_table("setup_links")
    op.drop_table("one_time_links")
