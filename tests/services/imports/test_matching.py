"""Which product an imported line gets."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import items_of, make_product, make_store
from tests.factories.numbers import gtin13
from tests.services.imports.importing import Importer, native
from webapp.domain.products import PLACEHOLDER_GTIN
from webapp.models import GtinMatch, Order, Product, Store


def order_with(db: Session, number: str) -> Order:
    return db.scalars(select(Order).where(Order.order_number == number)).one()


ONE, SHARED, THEIRS, ANOTHER = (gtin13(number, "40100") for number in range(1, 5))


def test_a_line_is_matched_by_gtin_or_sku_and_waits_where_they_name_two_products(
    db: Session, importer: Importer, store: Store
) -> None:
    by_sku, by_gtin = make_product(db, store, sku="A-1", gtin=None), make_product(db, store, gtin=ONE)
    twins = [make_product(db, store, gtin=SHARED, sku=f"T-{number}") for number in range(2)]
    other = make_product(db, make_store(db), sku="Z-1", gtin=THEIRS)
    db.add(GtinMatch(store_id=store.id, gtin=ANOTHER, product_id=by_gtin.id, matched_by="max"))
    db.commit()
    rows_and_products: list[tuple[dict[str, object], Product | None]] = [
        ({"gtin": ONE, "sku": ""}, by_gtin),
        ({"gtin": ONE, "sku": "unknown"}, by_gtin),
        ({"gtin": ONE, "sku": "A-1"}, None),
        ({"gtin": ONE.zfill(14), "sku": by_gtin.sku.lower()}, by_gtin),
        ({"gtin": SHARED, "sku": ""}, None),
        ({"gtin": SHARED, "sku": "T-1"}, twins[1]),
        ({"gtin": ANOTHER, "sku": "unknown"}, by_gtin),
        ({"gtin": ANOTHER, "sku": "A-1"}, None),
        ({"gtin": "401", "sku": "A-1"}, by_sku),
        ({"gtin": "Does not apply", "sku": "a-1"}, by_sku),
        ({"gtin": PLACEHOLDER_GTIN, "sku": "A-1"}, by_sku),
        ({"gtin": other.gtin, "sku": other.sku}, None),
        ({"gtin": "", "sku": "", "product_name": "A thing"}, None),
    ]

    importer.orders(native(*(row for row, _ in rows_and_products)))

    products = {product.id: product for product in db.scalars(select(Product).where(Product.store_id == store.id))}
    for item, (row, product) in zip(items_of(db, order_with(db, "1001")), rows_and_products, strict=True):
        found = products[item.product_id]
        assert (None if found.is_placeholder else found.sku) == (product and product.sku), row


def test_what_somebody_matched_decides_among_products_that_share_a_gtin(
    db: Session, importer: Importer, store: Store
) -> None:
    twins = [make_product(db, store, gtin=SHARED, sku=f"T-{number}") for number in range(2)]
    db.add(GtinMatch(store_id=store.id, gtin=SHARED, product_id=twins[1].id, matched_by="max"))
    db.commit()

    importer.orders(native({"gtin": SHARED, "sku": ""}))

    assert [item.product_id for item in items_of(db, order_with(db, "1001"))] == [twins[1].id]


def test_unknown_lines_share_one_placeholder_and_make_no_products(
    db: Session, importer: Importer, store: Store
) -> None:
    importer.orders(native({"order_number": "1", "gtin": "4099000000000"}, {"order_number": "2", "sku": "new"}))
    importer.orders(native({"order_number": "3", "sku": "PLACEHOLDER"}))

    product = db.scalars(select(Product).where(Product.store_id == store.id)).one()
    assert (product.is_placeholder, product.gtin) == (True, PLACEHOLDER_GTIN)
    assert items_of(db, order_with(db, "1"))[0].gtin == "4099000000000"
