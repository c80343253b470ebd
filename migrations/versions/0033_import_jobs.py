"""Imports that people begin on a screen: what was uploaded, how far it is, and what came of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

NAME = "import_jobs"
KINDS = ("orders", "stock", "pictures")
STATES = ("uploaded", "checking", "checked", "running", "stopped", "finished", "failed")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
NOW = sa.text("CURRENT_TIMESTAMP")


def upgrade() -> None:
    columns = (
        sa.Column("kind", enum("kind_known", KINDS), nullable=False),
        text("format", 64),
        text("reference", 64),
        sa.Column("mapping", JSON, nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_size", BIG, nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("state", enum("state_known", STATES), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        text("progress_of", 40),
        sa.Column("progress_done", BIG, server_default=sa.text("0"), nullable=False),
        sa.Column("progress_total", BIG, server_default=sa.text("0"), nullable=False),
        text("report", 200),
        text("problem", 500),
        sa.Column("expected", JSON, nullable=True),
        sa.Column("result", JSON, nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=f"fk_{NAME}_store_id"),
        sa.CheckConstraint("file_size > 0", name="file_size_positive"),
        sa.CheckConstraint("progress_done >= 0 AND progress_total >= 0", name="progress_not_negative"),
    )
    op.create_table(NAME, *keys(), *columns, sqlite_autoincrement=True)
    op.create_index(f"ix_{NAME}_store_id_created_at", NAME, ["store_id", "created_at"])


def downgrade() -> None:
    op.drop_table("import_jobs")


def text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), server_default=sa.text("''"), nullable=False)


def enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


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
