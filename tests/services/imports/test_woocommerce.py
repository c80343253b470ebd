"""WooCommerce's exports: a row for each item from its plugins, or all products of an order in one cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import channel_of, items_of
from tests.services.imports.importing import Importer, table
from webapp.models import Order, Store
from webapp.services.imports.contradictions import LINE_TWICE
from webapp.services.imports.order_rows import NOT_ALL_UNITS
from webapp.services.imports.preview import Confidence, guess
from webapp.services.imports.reading import Source

ADVANCED = [
    "Order Number",
    "Order Status",
    "Order Date",
    "Customer Note",
    "First Name (Billing)",
    "Last Name (Billing)",
    "Company (Billing)",
    "Address 1&2 (Billing)",
    "City (Billing)",
    "State Code (Billing)",
    "Postcode (Billing)",
    "Country Code (Billing)",
    "Email (Billing)",
    "Phone (Billing)",
    "First Name (Shipping)",
    "Last Name (Shipping)",
    "Address 1&2 (Shipping)",
    "City (Shipping)",
    "State Code (Shipping)",
    "Postcode (Shipping)",
    "Country Code (Shipping)",
    "Payment Method Title",
    "Cart Discount Amount",
    "Order Subtotal Amount",
    "Shipping Method Title",
    "Order Shipping Amount",
    "Order Refund Amount",
    "Order Total Amount",
    "Order Total Tax Amount",
    "SKU",
    "Item #",
    "Item Name",
    "Quantity (- Refund)",
    "Item Cost",
    "Coupon Code",
]
SUITE = [
    "order_id",
    "order_number_formatted",
    "date",
    "status",
    "shipping_total",
    "order_total",
    "order_currency",
    "payment_method",
    "shipping_method",
    "billing_first_name",
    "billing_last_name",
    "billing_email",
    "billing_phone",
    "shipping_first_name",
    "shipping_last_name",
    "shipping_company",
    "shipping_address_1",
    "shipping_address_2",
    "shipping_postcode",
    "shipping_city",
    "shipping_state",
    "shipping_country",
    "customer_note",
    "item_id",
    "item_name",
    "item_sku",
    "item_quantity",
    "item_total",
    "item_refunded_qty",
]
ANALYTICS = [
    "Date",
    "Order #",
    "N. Revenue (formatted)",
    "Status",
    "Customer",
    "Customer type",
    "Product(s)",
    "Items sold",
    "Coupon(s)",
]


def item(**values: object) -> dict[str, object]:
    """A row of "Advanced Order Export" whose order ships to another address than it is billed to."""
    usual = {
        "Order Number": "501",
        "Order Status": "Processing",
        "Order Date": "2026-11-20 09:15",
        "Customer Note": "Ring twice",
        "First Name (Billing)": "Bea",
        "Last Name (Billing)": "Bill",
        "Address 1&2 (Billing)": "Bill street 1",
        "City (Billing)": "Metz",
        "Postcode (Billing)": "57000",
        "Country Code (Billing)": "FR",
        "Email (Billing)": "bea@example.com",
        "Phone (Billing)": "+33 1",
        "First Name (Shipping)": "Sam",
        "Last Name (Shipping)": "Ship",
        "Address 1&2 (Shipping)": "Ship street 2",
        "City (Shipping)": "Trier",
        "State Code (Shipping)": "RP",
        "Postcode (Shipping)": "54290",
        "Country Code (Shipping)": "DE",
        "Shipping Method Title": "DHL",
        "SKU": "A-1",
        "Item #": 1,
        "Item Name": "Mug",
        "Quantity (- Refund)": 2,
    }
    return usual | values


def advanced(*rows: dict[str, object]) -> str:
    return table(ADVANCED, rows)


def only_order(db: Session, store: Store) -> Order:
    return db.scalars(select(Order).where(Order.store_id == store.id)).one()


@pytest.mark.parametrize("header", [ADVANCED, SUITE, ANALYTICS])
def test_each_export_is_known_by_its_headers(tmp_path: Path, header: list[str]) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(",".join(header) + "\n")

    guessed = guess(Source(path))

    assert (guessed.format_name, guessed.confidence) == ("woocommerce", Confidence.CERTAIN)


def test_a_row_for_each_item_becomes_an_order_with_its_parcel_data(
    db: Session, importer: Importer, store: Store
) -> None:
    imported = importer.orders(advanced(item(), item(SKU="B-1", **{"Item #": 2})), "woocommerce")

    order = only_order(db, store)
    assert imported.numbers == (2, 2, 0, 0)
    assert [(one.sku, one.quantity) for one in items_of(db, order)] == [("A-1", 2), ("B-1", 2)]
    assert (order.order_number, channel_of(db, order).code, order.customer_name) == ("501", "woocommerce", "Sam Ship")
    assert (order.ship_to_name, order.ship_to_lines, order.ship_to_city) == ("Sam Ship", "Ship street 2", "Trier")
    assert (order.ship_to_postcode, order.ship_to_region, order.ship_to_country) == ("54290", "RP", "DE")
    assert (order.phone, order.email, order.shipping_method) == ("+33 1", "bea@example.com", "DHL")
    assert order.customer_note == "Ring twice"


def test_an_order_that_ships_to_where_it_is_billed_takes_that_whole_address(
    db: Session, importer: Importer, store: Store
) -> None:
    shipping = {name: "" for name in ADVANCED if name.endswith("(Shipping)")}

    importer.orders(advanced(item(**shipping)), "woocommerce")

    order = only_order(db, store)
    assert (order.ship_to_name, order.ship_to_lines, order.ship_to_region) == ("Bea Bill", "Bill street 1", "")
    assert (order.ship_to_city, order.ship_to_country) == ("Metz", "FR")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("Processing", ""),
        ("In Bearbeitung", ""),
        ("wc-processing", ""),
        ("On hold", ""),
        ("Packed by hand", ""),
        ("Cancelled", "cancelled in the shop"),
        ("Storniert", "cancelled in the shop"),
        ("Remboursée", "refunded or voided in the shop"),
        ("completed", "already fulfilled in the shop"),
        ("Abgeschlossen", "already fulfilled in the shop"),
    ],
)
def test_the_status_says_whether_there_is_something_to_ship(importer: Importer, status: str, reason: str) -> None:
    imported = importer.orders(advanced(item(**{"Order Status": status})), "woocommerce")

    assert imported.reasons == ({2: ("skipped", reason)} if reason else {})


def test_what_was_refunded_is_not_shipped(db: Session, importer: Importer, store: Store) -> None:
    usual = {
        "order_id": "77",
        "order_number_formatted": "W-502",
        "date": "2026-11-20 09:15:00",
        "status": "processing",
        "shipping_first_name": "Sam",
        "shipping_address_1": "Ship street 2",
        "shipping_country": "LU",
        "item_name": "Mug",
        "item_quantity": 3,
    }
    rows = [
        usual | {"item_id": "1", "item_sku": "A-1", "item_refunded_qty": -1},
        usual | {"item_id": "2", "item_sku": "B-1", "item_refunded_qty": 3},
        usual | {"item_id": "3", "item_sku": "C-1"},
    ]

    imported = importer.orders(table(SUITE, rows), "woocommerce")

    order = only_order(db, store)
    assert imported.numbers == (3, 2, 1, 0)
    assert imported.reasons == {3: ("skipped", "refunded in the shop: no units of the line are left")}
    assert order.order_number == "W-502"
    assert [(one.sku, one.quantity) for one in items_of(db, order)] == [("A-1", 2), ("C-1", 3)]


def test_pages_that_overlap_double_no_order(importer: Importer) -> None:
    imported = importer.orders(advanced(item(), item()), "woocommerce")

    assert imported.numbers == (2, 0, 0, 2)
    assert imported.reasons[3] == ("rejected", LINE_TWICE)


def test_the_products_of_one_cell_become_lines(db: Session, importer: Importer, store: Store) -> None:
    rows = [
        {
            "Date": "2026-11-20 09:15:00",
            "Order #": number,
            "Status": "processing",
            "Customer": "Sam Ship",
            "Product(s)": "2× Mug, blue, 1× Bowl",
            "Items sold": sold,
        }
        for number, sold in (("601", 3), ("602", 4))
    ]

    imported = importer.orders(table(ANALYTICS, rows), "woocommerce")
    again = importer.orders(table(ANALYTICS, rows[:1]), "woocommerce")

    order = only_order(db, store)
    assert imported.numbers == (2, 1, 0, 1)
    assert imported.reasons == {3: ("rejected", NOT_ALL_UNITS)}
    assert [(one.product_name, one.quantity) for one in items_of(db, order)] == [("Mug, blue", 2), ("Bowl", 1)]
    assert again.numbers == (1, 0, 1, 0)
