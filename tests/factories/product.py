"""Products, and the placeholder for unknown marketplace lines."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.factories.numbers import gtin13, serial
from webapp.domain.codes import shown_gtin
from webapp.domain.products import PLACEHOLDER_GTIN, PLACEHOLDER_NAME, PLACEHOLDER_SKU
from webapp.models import Product, ProductSearchWord, Store
from webapp.services.reads.word_index import index_words


def make_product(db: Session, store: Store, name: str = "Widget", **columns: object) -> Product:
    """Make a product with its own SKU and 13-digit GTIN."""
    number = next(serial)
    columns = {"sku": f"SKU-{number}", "gtin": gtin13(number), "name": name, **columns}
    product = Product(store_id=store.id, **columns)
    db.add(product)
    db.flush()
    if not product.is_placeholder:
        for word in index_words(product.sku, shown_gtin(product.gtin or ""), product.name):
            db.add(ProductSearchWord(store_id=store.id, word=word, product_id=product.id))
    db.commit()
    return product


def make_placeholder(db: Session, store: Store) -> Product:
    """Make the store's placeholder product; a store has one."""
    return make_product(
        db, store, name=PLACEHOLDER_NAME, sku=PLACEHOLDER_SKU, gtin=PLACEHOLDER_GTIN, is_placeholder=True
    )
