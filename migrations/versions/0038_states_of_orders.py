"""What the shop said last about an order: the states that files brought, its last change, and each line's id and units."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TIME = {"postgresql": "TIMESTAMP WITH TIME ZONE", "sqlite": "DATETIME"}


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    big = "INTEGER" if sqlite else "BIGINT"
    op.execute(f"ALTER TABLE orders ADD COLUMN upstream_at {TIME[op.get_bind().dialect.name]}")
    op.execute(f"ALTER TABLE orders ADD COLUMN upstream_changes {big} DEFAULT '0' NOT NULL")
    op.execute("ALTER TABLE order_items ADD COLUMN line_id VARCHAR(64) DEFAULT '' NOT NULL")
    op.execute(f"ALTER TABLE order_items ADD COLUMN upstream_quantity {big}")
    op.create_table(
        "order_states",
        *_keys(sqlite),
        sa.Column("order_id", sa.Integer() if sqlite else sa.BigInteger(), nullable=False),
        sa.Column("goods", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"], ["orders.store_id", "orders.id"], name="fk_order_states_store_id_order_id"
        ),
        sa.UniqueConstraint(
            "store_id", "order_id", "goods", "person", name="uq_order_states_store_id_order_id_goods_person"
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("order_states")
    op.drop_column("order_items", "upstream_quantity")
    op.drop_column("order_items", "line_id")
    op.drop_column("orders", "upstream_changes")
    op.drop_column("orders", "upstream_at")


def _keys(sqlite: bool) -> tuple[sa.schema.SchemaItem, ...]:
    """Return the key (store_id, id): the primary key, and on SQLite the rowid with a unique pair (ADR 0003)."""
    if sqlite:
        return (
            sa.Column("store_id", sa.Integer(), nullable=False),
            sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
            sa.UniqueConstraint("store_id", "id", name="tenant_key_order_states"),
        )
    return (
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "id", name="pk_order_states"),
    )
