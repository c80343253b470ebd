"""A table of each store's settings; the hours until the promised shipping move there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NAME = "store_settings"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SET = sa.table(
    NAME,
    sa.column("store_id", sa.BigInteger()),
    sa.column("name", sa.String()),
    sa.column("value", JSON),
    sa.column("changed_by", sa.String()),
)
STORES = sa.table("stores", sa.column("id", sa.BigInteger()), sa.column("ship_within_hours", sa.Integer()))
HOURS, DEFAULT_HOURS = "ship_within_hours", 48


def upgrade() -> None:
    op.create_table(
        NAME,
        *keys(),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column(
            "changed_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_store_settings_store_id"),
        sa.UniqueConstraint("store_id", "name", name="uq_store_settings_store_id_name"),
        sqlite_autoincrement=True,
    )
    chosen = sa.select(STORES).where(STORES.c.ship_within_hours != DEFAULT_HOURS)
    for store_id, hours in op.get_bind().execute(chosen).all():
        op.execute(SET.insert().values(store_id=store_id, name=HOURS, value=hours, changed_by="system"))
    op.drop_column("stores", HOURS)


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
    op.add_column("stores", sa.Column(HOURS, sa.Integer(), server_default=str(DEFAULT_HOURS), nullable=False))
    chosen = sa.select(SET.c.store_id, SET.c.value).where(SET.c.name == HOURS)
    for store_id, hours in op.get_bind().execute(chosen).all():
        op.execute(STORES.update().where(STORES.c.id == store_id).values(ship_within_hours=hours))
    op.drop_table("store_settings")
