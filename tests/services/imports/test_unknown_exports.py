"""Exports of shops that no format knows: their columns are guessed, and an import by the guess reads them as meant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from webapp.services.imports.column_mappings import FileKind
from webapp.services.imports.drafts import DraftOrder
from webapp.services.imports.order_drafts import draft_order
from webapp.services.imports.order_format import OrderFormat
from webapp.services.imports.preview import guess
from webapp.services.imports.reading import Source, spool_orders
from webapp.services.imports.report import LeftOutRow
from webapp.services.imports.spool import Spool

EXPORTS = Path(__file__).parents[2] / "data" / "exports"
MUG, BOWL, TOWEL = "4006381333917", "4006381333924", "4006381333931"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
THAT_DAY = datetime(2026, 11, 24, tzinfo=UTC)


def orders_of(path: Path) -> tuple[list[DraftOrder], list[LeftOutRow]]:
    """Read the file as an import by the guess does."""
    source = Source(path)
    guessed = guess(source, place="Stockroom")
    table = guessed.table
    assert (guessed.kind, guessed.missing) == (FileKind.ORDERS, ())
    assert isinstance(table, OrderFormat)
    orders: list[DraftOrder] = []
    others: list[LeftOutRow] = []
    with Spool(table.columns) as spool:
        dates, _ = spool_orders(source, table, UTC, spool, lambda what, done, of: None)
        for group in spool.groups():
            draft = draft_order(group, table, dates)
            if isinstance(draft, DraftOrder) and draft.lines:
                orders.append(draft)
                others += draft.passed_over
            else:
                others += draft.passed_over if isinstance(draft, DraftOrder) else draft
    return orders, others


def lines_of(order: DraftOrder) -> list[tuple[str, int]]:
    return [(line.sku or line.gtin or line.product_name, line.quantity) for line in order.lines]


def test_etsys_order_items_are_read_without_those_that_shipped() -> None:
    orders, others = orders_of(EXPORTS / "etsy-order-items.csv")

    assert [(one.number, lines_of(one)) for one in orders] == [
        ("3310021477", [("MUG-BLUE", 2), ("TOWEL-LINEN", 1)]),
        ("3310022310", [("BOWL-OAK", 1)]),
    ]
    assert orders[0].ordered_at == THAT_DAY
    data = orders[0].parcel_data
    assert (data.ship_to_name, data.ship_to_lines, data.ship_to_postcode, data.ship_to_country) == (
        "Ann Whitaker",
        "12 Harbour Lane",
        "PO1 2AB",
        "GB",
    )
    assert [(one.row, one.reason) for one in others] == [(4, "already fulfilled in the shop")]


def test_amazons_report_is_read_from_tabs_and_windows_letters() -> None:
    orders, others = orders_of(EXPORTS / "amazon-unshipped.txt")

    assert not others
    assert [(one.number, one.customer_name, [line.quantity for line in one.lines]) for one in orders] == [
        ("304-1122334-5566778", "Jörg Bäcker", [1, 2]),
        ("304-9988776-1122334", "Lena Hofer", [1]),
    ]
    assert orders[0].ship_by == datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC)
    assert orders[0].parcel_data.ship_to_lines == "Am Markt 3\nHinterhaus"


def test_ebays_report_is_read_between_its_blank_lines_heads_and_notes() -> None:
    orders, others = orders_of(EXPORTS / "ebay-orders.csv")

    assert [(one.number, lines_of(one)) for one in orders] == [
        ("12-13570-24680", [("MUG-BLUE", 2), ("TOWEL-LINEN", 1)]),
        ("08-13571-11223", [("BOWL-OAK", 1)]),
    ]
    assert (orders[0].ordered_at, orders[0].parcel_data.ship_to_city) == (THAT_DAY, "Leeds")
    assert {one.outcome.value for one in others} == {"skipped"}


def test_a_german_list_of_orders_is_read_with_its_commas() -> None:
    orders, others = orders_of(EXPORTS / "auftraege.csv")

    assert not others
    assert [(one.number, lines_of(one)) for one in orders] == [
        ("B-20417", [("MUG-BLUE", 2), ("TOWEL-LINEN", 1)]),
        ("B-20418", [("BOWL-OAK", 1)]),
    ]
    assert [line.gtin for line in orders[0].lines] == [MUG, TOWEL]
    data = orders[0].parcel_data
    assert (orders[0].customer_name, data.ship_to_lines, data.ship_to_country) == (
        "Zoë Krüger",
        "Gartenstraße 9",
        "DE",
    )


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("Versendet", "already fulfilled in the shop"),
        ("Nov-24-26", "already fulfilled in the shop"),
        ("24. November 2026", "already fulfilled in the shop"),
        ("Storniert", "cancelled in the shop"),
        ("Remboursé", "refunded or voided in the shop"),
        ("Stage 2", ""),
        ("In Bearbeitung", ""),
    ],
)
def test_a_status_says_what_stays_in_the_shop(tmp_path: Path, status: str, reason: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"Order,Date,SKU,Qty,Status\n1,2026-11-24,MUG,2,{status}\n", encoding="utf-8")

    orders, others = orders_of(path)

    assert [one.reason for one in others] == ([reason] if reason else [])
    assert len(orders) == (not reason)


def test_an_order_that_is_not_paid_comes_in_on_hold(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Bestellung;Datum;Artikel;Menge;Zahlungsstatus\n1;24.11.2026;Becher;2;offen\n", encoding="utf-8")

    [order], _ = orders_of(path)

    assert order.state.on_hold == "not paid in the shop yet"


ORDERS: Mapping[str, tuple[str, dict[str, str]]] = {
    "squarespace": (
        ",",
        {
            "Order ID": "00042",
            "Email": "ann@post.example",
            "Financial Status": "PAID",
            "Paid at": "2026-11-24 12:00:00 +0000",
            "Fulfillment Status": "PENDING",
            "Fulfilled at": "",
            "Subtotal": "38.00",
            "Shipping Method": "Standard",
            "Created at": "2026-11-24 12:00:00 +0000",
            "Lineitem quantity": "2",
            "Lineitem name": "Mug",
            "Lineitem sku": "MUG",
            "Lineitem requires shipping": "true",
            "Billing Name": "Ann",
            "Shipping Name": "Ann",
            "Shipping Address1": "1 Quay",
            "Shipping City": "Leeds",
            "Shipping Zip": "LS1",
            "Shipping Country": "GB",
        },
    ),
    "wix": (
        ",",
        {
            "Order number": "10042",
            "Date created": "Nov 24, 2026",
            "Time": "12:00 PM",
            "Total order quantity": "2",
            "Contact email": "ann@post.example",
            "Note from customer": "",
            "Item": "Mug",
            "Variant": "Blue",
            "SKU": "MUG",
            "Qty": "2",
            "Quantity refunded": "0",
            "Price": "19.00",
            "Delivery method": "Standard",
            "Recipient name": "Ann",
            "Recipient phone": "0113 555",
            "Recipient company name": "",
            "Delivery country": "United Kingdom",
            "Delivery state": "",
            "Delivery city": "Leeds",
            "Delivery address": "1 Quay",
            "Delivery zip/postal code": "LS1",
            "Billing name": "Ann",
            "Payment status": "Paid",
            "Fulfillment status": "Unfulfilled",
        },
    ),
    "magento": (
        ",",
        {
            "Order #": "000000042",
            "Purchase Date": "Nov 24, 2026, 12:00:00 PM",
            "Bill-to Name": "Ann",
            "Ship-to Name": "Ann",
            "Status": "processing",
            "SKU": "MUG",
            "Product Name": "Mug",
            "Qty Ordered": "2.0000",
        },
    ),
    "bigcommerce": (
        ",",
        {
            "Order ID": "142",
            "Customer Name": "Ann",
            "Customer Email": "ann@post.example",
            "Customer Phone": "",
            "Order Date": "24/11/2026",
            "Order Time": "12:00:00",
            "Order Status": "Awaiting Fulfillment",
            "Ship Method": "Standard",
            "Product Name": "Mug",
            "Product Qty": "2",
            "Product SKU": "MUG",
            "Product Weight": "0.4",
        },
    ),
    "shopware": (
        ";",
        {
            "orderId": "57",
            "number": "20042",
            "customerId": "3",
            "status": "0",
            "orderTime": "2026-11-24 12:00:00",
            "articleNumber": "MUG",
            "articleName": "Mug",
            "quantity": "2",
            "price": "19",
        },
    ),
    "ecwid": (
        ",",
        {
            "order_number": "142",
            "email": "ann@post.example",
            "date": "2026-11-24 12:00:00 +0000",
            "payment_status": "PAID",
            "fulfillment_status": "AWAITING_PROCESSING",
            "sku": "MUG",
            "name": "Mug",
            "quantity": "2",
            "shipping_method": "Standard",
            "shipping_person": "Ann",
            "shipping_street": "1 Quay",
            "shipping_city": "Leeds",
            "shipping_zip": "LS1",
            "shipping_country": "United Kingdom",
        },
    ),
    "prestashop": (
        ";",
        {
            "Référence": "XKBKNABJK",
            "Client": "A. Martin",
            "Date": "24/11/2026 12:00:00",
            "État de la commande": "Paiement accepté",
            "Référence produit": "MUG",
            "Produit": "Tasse bleue",
            "Quantité": "2",
            "Adresse de livraison": "1 quai du Port",
            "Code postal": "57000",
            "Ville": "Metz",
            "Pays": "France",
        },
    ),
    "billbee": (
        ";",
        {
            "Bestellnr.": "B-42",
            "Bestelldatum": "24.11.2026 12:00:00",
            "Status": "Bezahlt",
            "Kunde": "Ann",
            "Artikelnummer": "MUG",
            "Artikeltext": "Becher",
            "Anzahl": "2",
            "Liefername": "Ann",
            "Lieferstraße": "Kai 1",
            "Liefer-PLZ": "54290",
            "Lieferort": "Trier",
            "Lieferland": "Deutschland",
        },
    ),
}


@pytest.mark.parametrize("shop", ORDERS)
def test_one_order_of_a_shop_is_two_mugs(tmp_path: Path, shop: str) -> None:
    delimiter, row = ORDERS[shop]
    quoted = [f'"{text}"' for text in row.values()]
    path = tmp_path / "export.csv"
    path.write_text(f"{delimiter.join(row)}\n{delimiter.join(quoted)}\n", encoding="utf-8")

    [order], others = orders_of(path)

    assert not others
    assert lines_of(order) == [("MUG", 2)]
    assert order.ordered_at == NOON
    assert order.number.strip("0").endswith(("42", "XKBKNABJK", "57"))
    assert order.parcel_data.ship_to_city in ("Leeds", "Metz", "Trier", "")


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet("November")
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    book.close()
    return path


def test_a_workbook_may_have_a_headline_and_a_sum(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "orders.xlsx",
        [
            ["Orders in November"],
            [],
            ["Order no.", "Date", "Customer", "Item", "EAN", "Qty", "Street", "Zip", "City"],
            ["A-1", THAT_DAY.replace(tzinfo=None), "Ann", "Mug", 4006381333917, 2, "1 Quay", "LS1", "Leeds"],
            ["Sum", "", "", "", "", 2],
        ],
    )

    [order], others = orders_of(path)

    assert (order.number, order.ordered_at, lines_of(order)) == ("A-1", THAT_DAY, [(MUG, 2)])
    assert [(one.row, one.outcome.value) for one in others] == [(5, "skipped")]
