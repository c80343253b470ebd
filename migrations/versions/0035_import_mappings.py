"""Mappings of a file's columns to fields that a store saved under a name."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

NAME = "import_mappings"


def upgrade() -> None:
    now = sa.text("CURRENT_TIMESTAMP")
    columns = (
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("mapping", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_import_mappings_store_id"),
        sa.UniqueConstraint("store_id", "name", name="uq_import_mappings_store_id_name"),
        sa.CheckConstraint("name <> ''", name=op.f(f"ck_{NAME}_has_name")),
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
    op.drop_table("import_mappings")
