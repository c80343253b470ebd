"""How each code came to a product, or left it: on a screen, by an import, by a merge."""

from __future__ import annotations

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE product_code_changes ADD COLUMN road VARCHAR(32) "
        "CONSTRAINT ck_product_code_changes_road_known CHECK (road IN ('screen', 'import', 'merge'))"
    )


def downgrade() -> None:
    op.drop_column("product_code_changes", "road")
