"""What a parcel needs of a product: the weight of one unit, the customs code, the country of origin."""

from __future__ import annotations

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

CHECKS = ("weight_positive", "origin_of_two_letters")


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    whole = (
        "CONSTRAINT ck_products_weight_grams_whole CHECK (weight_grams IS NULL OR typeof(weight_grams) = 'integer') "
        if is_sqlite
        else ""
    )
    number = "INTEGER" if is_sqlite else "BIGINT"
    op.execute(
        f"ALTER TABLE products ADD COLUMN weight_grams {number} {whole}"
        "CONSTRAINT ck_products_weight_positive CHECK (weight_grams > 0)"
    )
    op.execute("ALTER TABLE products ADD COLUMN hs_code VARCHAR(10)")
    op.execute(
        "ALTER TABLE products ADD COLUMN origin_country VARCHAR(2) "
        "CONSTRAINT ck_products_origin_of_two_letters CHECK (length(origin_country) = 2)"
    )


def downgrade() -> None:
    for name in ("origin_country", "hs_code", "weight_grams"):
        op.drop_column("products", name)
