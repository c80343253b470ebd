"""Products that are retired, merges of a product with its twin, and the event of a line that follows its product."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.database.stored_enums import add_kind, remove_kind

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = "product_merges"
STANDING = sa.text("undone_at IS NULL")


def upgrade() -> None:
    moment = "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    op.execute("ALTER TABLE products ADD COLUMN retired_by VARCHAR(64)")
    op.execute(
        f"ALTER TABLE products ADD COLUMN retired_at {moment} "
        "CONSTRAINT ck_products_retired_by_somebody CHECK ((retired_by IS NULL) = (retired_at IS NULL)) "
        "CONSTRAINT ck_products_placeholder_stays CHECK (NOT is_placeholder OR retired_at IS NULL)"
    )
    now = sa.text("CURRENT_TIMESTAMP")
    op.create_table(
        NAME,
        *keys(),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("survivor_id", BIG, nullable=False),
        sa.Column("present_id", BIG, nullable=False),
        sa.Column("operation_id", sa.String(32), nullable=False),
        sa.Column("merged_by", sa.String(64), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("undone_by", sa.String(64)),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("details", sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql"), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["store_id", name], ["products.store_id", "products.id"], name=f"fk_{NAME}_store_id_{name}"
            )
            for name in ("product_id", "survivor_id", "present_id")
        ),
        sa.CheckConstraint("(undone_by IS NULL) = (undone_at IS NULL)", name=op.f(f"ck_{NAME}_undone_by_somebody")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        f"uq_{NAME}_standing",
        NAME,
        ["store_id", "product_id"],
        unique=True,
        postgresql_where=STANDING,
        sqlite_where=STANDING,
    )
    op.create_index(f"ix_{NAME}_present", NAME, ["store_id", "present_id"])
    add_kind(op.get_bind(), "order_events", "kind", "product_changed")


def downgrade() -> None:
    remove_kind(op.get_bind(), "order_events", "kind", "product_changed")
    op.drop_table("product_merges")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE products DROP CONSTRAINT ck_products_placeholder_stays")
        op.execute("ALTER TABLE products DROP CONSTRAINT ck_products_retired_by_somebody")
    op.drop_column("products", "retired_at")
    op.drop_column("products", "retired_by")


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
