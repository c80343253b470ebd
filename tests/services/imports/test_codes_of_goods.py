"""What the goods carry finds the line, whatever codes a file brought: scanned on the pick screen, or searched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import items_of, make_product
from tests.factories.numbers import gtin13
from tests.services.imports.importing import Importer, native, retail
from tests.services.imports.test_shopify import first, shopify
from webapp.domain.statuses import OrderStatus
from webapp.models import Order, Store
from webapp.presenters.picking.screen import find_scanned
from webapp.schemas.order import OrderUpdate
from webapp.services import matching_service, order_service
from webapp.services.reads.order_search import find_orders
from webapp.services.reads.picking_queries import read_progress

BARCODE, SKU = "4012345000016", "TEA-DARJ-100"


def file_of(format_name: str, sku: str) -> str:
    """A file with one order that has one line with ``sku`` and no GTIN."""
    if format_name == "shopify":
        return shopify(first("#1002", Lineitem_sku=sku))
    if format_name == "online-retail":
        return retail({"StockCode": sku})
    return native({"sku": sku, "gtin": ""})


@pytest.mark.parametrize("format_name", ["native", "shopify", "online-retail"])
@pytest.mark.parametrize("matched", ["at the import", "by hand"])
def test_the_barcode_of_the_product_finds_the_line(
    db: Session, importer: Importer, store: Store, format_name: str, matched: str
) -> None:
    for number in range(3):  # Others, so that a search that returns too much fails.
        make_product(db, store, sku=f"OTHER-{number}", gtin=gtin13(number, "50000"))
        importer.orders(native({"order_number": f"OTHER-{number}", "sku": f"OTHER-{number}", "gtin": ""}))
    tea = make_product(db, store, sku=SKU, gtin=BARCODE)
    ordered_sku = SKU if matched == "at the import" else "MARKET-7"
    importer.orders(file_of(format_name, ordered_sku), format_name)
    db.commit()
    order = db.scalars(select(Order).order_by(Order.id.desc())).first()
    assert order is not None
    if matched == "by hand":
        assert find_orders(db, store.id, BARCODE).order_ids == set()
        matching_service.match_sku(db, store.id, ordered_sku, tea.id, actor="max")
    order_service.change_status(db, store.id, order.id, OrderUpdate(OrderStatus.PROCESSING), actor="max")
    db.commit()

    progress = read_progress(db, store.id, order.id, timedelta(minutes=15))
    item = items_of(db, order)[0]

    for code in (BARCODE, f"0{BARCODE}", SKU, SKU.lower(), ordered_sku):
        assert find_scanned(progress, code).item_id == item.id, code
    for code in (BARCODE, SKU, SKU.lower(), ordered_sku):
        assert find_orders(db, store.id, code).order_ids == {order.id}, code
    assert BARCODE in progress.items[0].codes_words


def test_the_code_of_the_placeholder_finds_nothing(db: Session, importer: Importer, store: Store) -> None:
    importer.orders(native({"sku": "MARKET-7", "gtin": ""}))
    order = db.scalars(select(Order)).one()

    progress = read_progress(db, store.id, order.id, timedelta(minutes=15))

    assert progress.items[0].codes == ("MARKET-7",)
    assert find_orders(db, store.id, "PLACEHOLDER").order_ids == set()


def test_an_order_that_shipped_is_found_by_the_barcode_of_what_it_ordered(
    db: Session, importer: Importer, store: Store
) -> None:
    make_product(db, store, sku=SKU, gtin=BARCODE)
    importer.orders(native({"sku": SKU, "gtin": ""}))
    order = db.scalars(select(Order)).one()
    item = items_of(db, order)[0]
    order_service.cancel_item(db, store.id, order.id, item.id, item.quantity, "Out of season", actor="max")
    db.commit()

    assert find_orders(db, store.id, BARCODE).order_ids == {order.id}
