"""Indexes for the stock list's filters: reserved places, empty places, and products that never had a place.

A trigger sets ``products.has_place`` with the product's first place, however it is created; places are never deleted.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_inventory_reserved", "inventory", ["store_id", "product_id"], "reserved_quantity > 0"),
    ("ix_inventory_empty", "inventory", ["store_id", "product_id"], "quantity = 0"),
    ("ix_products_without_place", "products", ["store_id", "sku"], "NOT has_place"),
)
MARK = "UPDATE products SET has_place = true WHERE store_id = NEW.store_id AND id = NEW.product_id AND NOT has_place;"


def upgrade() -> None:
    op.add_column("products", sa.Column("has_place", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.execute(
        "UPDATE products SET has_place = true WHERE EXISTS "
        "(SELECT 1 FROM inventory WHERE inventory.store_id = products.store_id AND inventory.product_id = products.id)"
    )
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER inventory_marks_product AFTER INSERT ON inventory BEGIN {MARK} END")
        return
    op.execute(
        "CREATE FUNCTION mark_product_with_place() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {MARK} RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER inventory_marks_product AFTER INSERT ON inventory "
        "FOR EACH ROW EXECUTE FUNCTION mark_product_with_place()"
    )


def downgrade() -> None:
    lite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER inventory_marks_product" + ("" if lite else " ON inventory"))
    if not lite:
        op.execute("DROP FUNCTION mark_product_with_place()")
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    op.drop_column("products", "has_place")
