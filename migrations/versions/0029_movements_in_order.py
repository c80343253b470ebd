"""An index lists a product's movements in the order in which they happened, whatever the servers' clocks said."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLE, NAME = "inventory_transactions", "ix_inventory_transactions_product_order"


def upgrade() -> None:
    op.create_index(NAME, TABLE, ["store_id", "product_id", "id"])


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
