"""Which product an imported line gets."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import items_of, make_match, make_product, make_store
from tests.factories.numbers import gtin13
from tests.services.imports.importing import Importer, case, native
from webapp.domain.products import PLACEHOLDER_GTIN
from webapp.domain.unknown_lines import MatchBy, UnknownCode, in_channel
from webapp.models import Order, Product, Store
from webapp.services import matching_service


def order_with(db: Session, number: str) -> Order:
    return db.scalars(select(Order).where(Order.order_number == number)).one()


ONE, SHARED, THEIRS, ANOTHER = (gtin13(number, "40100") for number in range(1, 5))


def test_a_line_is_matched_by_gtin_or_sku_and_waits_where_they_name_two_products(
    db: Session, importer: Importer, store: Store
) -> None:
    by_sku, by_gtin = make_product(db, store, sku="A-1", gtin=None), make_product(db, store, gtin=ONE)
    twins = [make_product(db, store, gtin=SHARED, sku=f"T-{number}") for number in range(2)]
    other = make_product(db, make_store(db), sku="Z-1", gtin=THEIRS)
    make_match(db, by_gtin, ANOTHER)
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
    make_match(db, twins[1], SHARED)
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


def test_a_sku_that_somebody_matched_is_known_in_every_spelling(db: Session, importer: Importer, store: Store) -> None:
    """A product that has the SKU by now makes its lines wait: which of the two is meant?"""
    lamp = make_product(db, store, sku="LAMP", gtin=ONE)
    make_match(db, lamp, "Mkt Lamp-7", MatchBy.SKU)
    db.commit()

    importer.orders(native({"sku": "MKT  lamp\u20117"}, {"sku": "mkt-lamp-8"}, {"sku": "mkt lamp-7", "gtin": ONE}))
    make_product(db, store, sku="MKT LAMP-7", gtin=None)
    importer.orders(native({"order_number": "1002", "sku": "mkt lamp-7"}))

    first, (later,) = items_of(db, order_with(db, "1001")), items_of(db, order_with(db, "1002"))
    assert [item.product_id == lamp.id for item in first] == [True, False, True]
    assert [item.match_id is not None for item in first] == [True, False, False]
    assert later.product_id == first[1].product_id


def test_what_was_matched_by_its_name_in_its_channel_is_known_the_next_day(
    db: Session, importer: Importer, store: Store
) -> None:
    """Case 11, with a line that the shop adds later, another spelling, and the same name in another channel."""
    fern = make_product(db, store, "Fern", sku="FERN", gtin=None)
    importer.orders(case("11-shopify-no-sku"), "shopify")
    item = items_of(db, order_with(db, "#9301"))[0]
    name = UnknownCode(MatchBy.NAME, in_channel(order_with(db, "#9301").channel_id, item.name_key or ""))
    result = matching_service.match_lines(db, store.id, name, fern.id, "max")
    db.commit()
    assert (result["matched_items"], result["is_remembered"]) == (5, True)

    shop = {"channel": "shopify", "sku": "", "product_name": "FERN in a\u00a0 pot"}
    importer.orders(case("11-shopify-no-sku-next-day"), "shopify")
    importer.orders(native({**shop, "order_number": "1"}, {**shop, "order_number": "2", "channel": "ebay"}))
    other = {**shop, "order_number": "3", "product_name": "Moss"}
    importer.orders(native(other))
    importer.orders(native(other, {**shop, "order_number": "3"}))

    for number, of_lines in {"#9306": [True], "#9307": [True], "1": [True], "2": [False], "3": [False, True]}.items():
        assert [item.product_id == fern.id for item in items_of(db, order_with(db, number))] == of_lines
