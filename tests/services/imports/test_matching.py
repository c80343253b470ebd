"""Which product an imported line gets."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import items_of, make_product, make_store
from tests.services.imports.importing import Importer, native
from webapp.domain.products import PLACEHOLDER_GTIN
from webapp.models import GtinMatch, Order, Product, Store


def order_with(db: Session, number: str) -> Order:
    return db.scalars(select(Order).where(Order.order_number == number)).one()


def test_a_line_is_matched_by_remembered_gtin_then_gtin_then_sku(db: Session, importer: Importer, store: Store) -> None:
    by_sku, by_gtin = make_product(db, store, sku="A-1"), make_product(db, store, gtin="0401")
    twins = [make_product(db, store, gtin="0402") for _ in range(2)]
    other = make_product(db, make_store(db), sku="Z-1", gtin="0403")
    db.add(GtinMatch(store_id=store.id, gtin="0402", product_id=twins[1].id, matched_by="max"))
    db.add(GtinMatch(store_id=store.id, gtin="0405", product_id=by_gtin.id, matched_by="max"))
    make_product(db, store, gtin="0406", sku="T-1")
    make_product(db, store, gtin="0406", sku="T-2")
    db.commit()

    importer.orders(
        native(
            {"gtin": "0401", "sku": "A-1"},
            {"gtin": "0402"},
            {"gtin": "0405", "sku": "unknown"},
            {"gtin": "0406", "sku": "T-2"},
            {"gtin": "401", "sku": "A-1"},
            {"gtin": PLACEHOLDER_GTIN, "sku": "A-1"},
            {"gtin": other.gtin, "sku": other.sku},
            {"gtin": "", "sku": "", "product_name": "A thing"},
        )
    )

    products = {product.id: product for product in db.scalars(select(Product).where(Product.store_id == store.id))}
    matches = [products[item.product_id] for item in items_of(db, order_with(db, "1001"))]
    assert matches[:3] == [by_gtin, twins[1], by_gtin]
    assert [product.sku for product in matches[3:6]] == ["T-2", "A-1", "A-1"]
    assert by_sku in matches
    assert [product.is_placeholder for product in matches[6:]] == [True, True]


def test_unknown_lines_share_one_placeholder_and_make_no_products(
    db: Session, importer: Importer, store: Store
) -> None:
    importer.orders(native({"order_number": "1", "gtin": "4099"}, {"order_number": "2", "sku": "new"}))
    importer.orders(native({"order_number": "3", "sku": "PLACEHOLDER"}))

    product = db.scalars(select(Product).where(Product.store_id == store.id)).one()
    assert (product.is_placeholder, product.gtin) == (True, PLACEHOLDER_GTIN)
    assert items_of(db, order_with(db, "1"))[0].gtin == "4099"
