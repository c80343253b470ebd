"""The online shop's invoices: rules tell orders from bookkeeping, in any month."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import channel_of, items_of, make_product
from tests.services.imports.importing import Importer, retail
from webapp.models import Order, Store


def test_an_invoice_becomes_an_order(db: Session, importer: Importer) -> None:
    importer.orders(retail({"StockCode": "85123a"}, {"StockCode": "85123A ", "Quantity": 2}), "online-retail")

    order = db.scalars(select(Order)).one()
    assert (order.order_number, channel_of(db, order).code, order.customer_name) == ("540001", "online-retail", "17850")
    assert order.ordered_at == datetime(2011, 1, 4, 10, tzinfo=UTC)
    assert [(item.sku, item.quantity) for item in items_of(db, order)] == [("85123a", 6), ("85123A", 2)]


Retail = dict[str, object]

BOOKKEEPING: tuple[tuple[Retail, str], ...] = (
    ({"InvoiceNo": "C540001", "Quantity": -6}, "credit note"),
    ({"InvoiceNo": "c540001", "Quantity": 6}, "credit note"),
    (
        {"InvoiceNo": "A563185", "StockCode": "B", "Description": "Adjust bad debt"},
        "bookkeeping entry, not an invoice",
    ),
    ({"StockCode": "POST"}, "postage or carriage, not goods"),
    ({"StockCode": "DOT"}, "postage or carriage, not goods"),
    ({"StockCode": "C2"}, "postage or carriage, not goods"),
    ({"StockCode": "23444", "Description": "Next Day Carriage"}, "postage or carriage, not goods"),
    ({"StockCode": "AMAZONFEE"}, "fee or commission, not goods"),
    ({"StockCode": "BANK CHARGES"}, "fee or commission, not goods"),
    ({"StockCode": "CRUK"}, "fee or commission, not goods"),
    ({"StockCode": "M"}, "manual line, discount or adjustment, not goods"),
    ({"StockCode": "m"}, "manual line, discount or adjustment, not goods"),
    ({"StockCode": "D"}, "manual line, discount or adjustment, not goods"),
    ({"StockCode": "S"}, "manual line, discount or adjustment, not goods"),
    ({"StockCode": "ADJUST2"}, "manual line, discount or adjustment, not goods"),
    ({"StockCode": "gift_0001_40"}, "gift voucher, not goods"),
    ({"StockCode": "99999", "Description": "Dotcomgiftshop Gift Voucher £40.00"}, "gift voucher, not goods"),
    ({"StockCode": "TEST001"}, "test entry"),
    ({"Quantity": -10, "Description": ""}, "stock correction (quantity below 0)"),
    ({"Quantity": 0}, "no units (quantity 0)"),
)

GOODS: tuple[Retail, ...] = (
    {"StockCode": "DCGS0076"},
    {"StockCode": "DCGSSBOY"},
    {"StockCode": "PADS", "Description": "PADS TO MATCH ALL CUSHIONS"},
    {"StockCode": "SP1002"},
    {"StockCode": "85123A", "Description": ""},
    {"StockCode": "85123A", "CustomerID": ""},
    {"StockCode": "85123A", "UnitPrice": "0.0", "Description": "?"},
    {"StockCode": "", "Description": "LANTERN"},
    {"Description": "POSTAGE STAMP TIN"},
    {"Description": "VINTAGE MANUAL COFFEE GRINDER"},
)


def test_bookkeeping_is_passed_over_and_the_rest_of_the_file_comes_in(importer: Importer) -> None:
    rows = ({"InvoiceNo": f"5400{number}", **row} for number, (row, _) in enumerate(BOOKKEEPING, 10))

    imported = importer.orders(retail(*rows, {"StockCode": "71053"}), "online-retail")

    assert imported.reasons == {number: ("skipped", reason) for number, (_, reason) in enumerate(BOOKKEEPING, 2)}
    assert imported.tally.imported == 1


def test_goods_come_in_whatever_their_code_looks_like(importer: Importer) -> None:
    rows = ({"InvoiceNo": f"5400{number}", **row} for number, row in enumerate(GOODS, 10))

    assert importer.orders(retail(*rows), "online-retail").numbers == (len(GOODS), len(GOODS), 0, 0)


def test_a_postage_line_does_not_keep_its_invoice_from_coming_in(db: Session, importer: Importer, store: Store) -> None:
    lamp = make_product(db, store, sku="85123A")

    imported = importer.orders(retail({}, {"StockCode": "POST", "Quantity": 1}, {"Quantity": 3}), "online-retail")

    items = items_of(db, db.scalars(select(Order)).one())
    assert imported.numbers == (3, 2, 1, 0)
    assert [(item.product_id, item.quantity) for item in items] == [(lamp.id, 6), (lamp.id, 3)]


def test_the_first_of_an_invoices_dates_counts_and_customers_must_agree(db: Session, importer: Importer) -> None:
    imported = importer.orders(
        retail(
            {"InvoiceDate": "1/4/2011 10:00"},
            {"InvoiceDate": "1/4/2011 10:01"},
            {"InvoiceNo": "540002", "InvoiceDate": "1/31/2011 9:00"},
            {"InvoiceNo": "540003"},
            {"InvoiceNo": "540003", "CustomerID": "12345.0"},
        ),
        "online-retail",
    )

    orders = {order.order_number: order for order in db.scalars(select(Order))}
    assert imported.numbers == (5, 3, 0, 2)
    assert orders["540001"].ordered_at == datetime(2011, 1, 4, 10, tzinfo=UTC)
    assert set(orders) == {"540001", "540002"}


def test_the_second_edition_of_the_data_set_has_other_headers(importer: Importer) -> None:
    content = (
        retail({}).replace("InvoiceNo", "Invoice").replace("CustomerID", "Customer ID").replace("UnitPrice", "Price")
    )

    assert importer.orders(content, "online-retail").numbers == (1, 1, 0, 0)


def test_a_quantity_that_means_nothing_rejects_its_invoice(importer: Importer) -> None:
    bad = [{"InvoiceNo": f"54{number}", "Quantity": text} for number, text in enumerate(("6.0", "six", ""))]
    rows = [row for one in bad for row in (one, {**one, "Quantity": 1}, {**one, "StockCode": "POST"})]

    assert importer.orders(retail(*rows), "online-retail").numbers == (9, 0, 0, 9)
