"""Several codes of a product, each with its units, and the journal of who added and removed them.

Each product's GTIN becomes a code of it. A GTIN that several products have (ADR 0037) becomes nobody's: a code belongs to
one product, and choosing is a person's work.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.domain.codes import gtin14

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOW = sa.text("CURRENT_TIMESTAMP")


def upgrade() -> None:
    codes = op.create_table(
        "product_codes",
        *keys("product_codes"),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("units", BIG, server_default=sa.text("1"), nullable=False),
        sa.Column("taught_by", sa.String(64), nullable=False),
        sa.Column("taught_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.UniqueConstraint("store_id", "code", name="uq_product_codes_store_id_code"),
        *rules("product_codes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_product_codes_product", "product_codes", ["store_id", "product_id"])
    op.create_table(
        "product_code_changes",
        *keys("product_code_changes"),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("units", BIG, nullable=False),
        sa.Column("is_removal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        *rules("product_code_changes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_product_code_changes_product", "product_code_changes", ["store_id", "product_id", "id"])
    _teach_gtins(codes)


def downgrade() -> None:
    op.drop_table("product_code_changes")
    op.drop_table("product_codes")


def keys(name: str) -> tuple[Any, ...]:
    """Return the key (store_id, id): the primary key, and on SQLite the rowid with a unique pair (ADR 0003)."""
    if op.get_bind().dialect.name == "sqlite":
        return (
            sa.Column("store_id", sa.Integer(), nullable=False),
            sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
            sa.UniqueConstraint("store_id", "id", name=f"tenant_key_{name}"),
        )
    return (
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "id", name=f"pk_{name}"),
    )


def rules(name: str) -> tuple[Any, ...]:
    """Return what both tables demand: a product of the same store, and a whole number of units above 0."""
    demanded: tuple[Any, ...] = (
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"], ["products.store_id", "products.id"], name=f"fk_{name}_store_id_product_id"
        ),
        sa.CheckConstraint("units > 0", name=op.f(f"ck_{name}_units_positive")),
    )
    if op.get_bind().dialect.name == "sqlite":
        demanded += (sa.CheckConstraint("typeof(units) = 'integer'", name=op.f(f"ck_{name}_units_whole")),)
    return demanded


def _teach_gtins(codes: sa.Table) -> None:
    products = sa.table("products", *map(sa.column, ("store_id", "id", "gtin")))
    connection = op.get_bind()
    rows = connection.execute(sa.select(products).where(products.c.gtin.is_not(None))).all()
    shared = Counter((row.store_id, row.gtin) for row in rows)
    new = [
        {"store_id": row.store_id, "code": row.gtin, "product_id": row.id, "units": 1, "taught_by": "system"}
        for row in rows
        if gtin14(row.gtin) and shared[row.store_id, row.gtin] == 1
    ]
    if new:
        connection.execute(codes.insert(), new)
