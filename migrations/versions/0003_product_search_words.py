"""Search words of products: a search reads a range of one index, however many products there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.services.reads.word_index import index_words

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CHUNK = 1000


def upgrade() -> None:
    words = op.create_table(
        "product_search_words",
        sa.Column("store_id", BIG, nullable=False),
        sa.Column(
            "word",
            sa.String(length=64, collation="C").with_variant(sa.String(length=64), "sqlite"),
            nullable=False,
        ),
        sa.Column("product_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["products.store_id", "products.id"],
            name="fk_product_search_words_store_id_product_id",
        ),
        sa.PrimaryKeyConstraint("store_id", "word", "product_id", name="pk_product_search_words"),
    )
    _index_the_products_there_are(words)


def downgrade() -> None:
    op.drop_table("product_search_words")


def _index_the_products_there_are(words: sa.Table) -> None:
    # Uses the program's own word splitting, not a frozen copy: stored words must match what the search looks for.
    products = sa.table(
        "products",
        sa.column("store_id"),
        sa.column("id"),
        sa.column("sku"),
        sa.column("gtin"),
        sa.column("name"),
        sa.column("is_placeholder", sa.Boolean()),
    )
    key = sa.tuple_(products.c.store_id, products.c.id)
    wanted = (
        sa.select(products).where(products.c.is_placeholder.is_(False)).order_by(products.c.store_id, products.c.id)
    )
    connection, after = op.get_bind(), (0, 0)
    while chunk := connection.execute(wanted.where(key > after).limit(CHUNK)).all():
        rows = [
            {"store_id": product.store_id, "word": word, "product_id": product.id}
            for product in chunk
            for word in sorted(index_words(product.sku, product.gtin or "", product.name))
        ]
        if rows:
            connection.execute(words.insert(), rows)
        after = (chunk[-1].store_id, chunk[-1].id)
