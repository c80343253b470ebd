"""Retired products by SKU, for their list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

RETIRED = sa.text("retired_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_products_retired", "products", ["store_id", "sku"], postgresql_where=RETIRED, sqlite_where=RETIRED
    )


def downgrade() -> None:
    op.drop_index("ix_products_retired", "products")
