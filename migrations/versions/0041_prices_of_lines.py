"""What the shop asks for a unit of each line, in millionths, and the currency of the order."""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE orders ADD COLUMN currency VARCHAR(3) DEFAULT '' NOT NULL "
        "CONSTRAINT ck_orders_currency_code CHECK (currency = '' OR length(currency) = 3)"
    )
    in_range = (
        "CONSTRAINT ck_order_items_unit_price_in_range CHECK (unit_price >= 0 AND unit_price < 1000000000000000000)"
    )
    if op.get_bind().dialect.name == "sqlite":
        whole = (
            "CONSTRAINT ck_order_items_unit_price_whole CHECK (unit_price IS NULL OR typeof(unit_price) = 'integer')"
        )
        op.execute(f"ALTER TABLE order_items ADD COLUMN unit_price INTEGER {in_range} {whole}")
    else:
        op.execute(f"ALTER TABLE order_items ADD COLUMN unit_price BIGINT {in_range}")


def downgrade() -> None:
    op.drop_column("order_items", "unit_price")
    op.drop_column("orders", "currency")
