"""An exception has its order's ``ship_by``, and an index lists the open ones by it: the most urgent first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

LAST = "'9999-12-31 00:00:00'"
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    column = sa.Column("ship_by", sa.DateTime(timezone=True), server_default=sa.text(LAST), nullable=False)
    op.add_column("stock_exceptions", column)
    op.execute(
        "UPDATE stock_exceptions SET ship_by = (SELECT ship_by FROM orders "
        "WHERE orders.store_id = stock_exceptions.store_id AND orders.id = stock_exceptions.order_id)"
    )
    op.create_index(
        "ix_stock_exceptions_open_due",
        "stock_exceptions",
        ["store_id", "ship_by", "id"],
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_stock_exceptions_open_due", table_name="stock_exceptions")
    op.drop_column("stock_exceptions", "ship_by")
