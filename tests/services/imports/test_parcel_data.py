"""Parcel data in files of orders: every column that says it, what is told as too long, and what a known order has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories import make_order, make_product
from tests.services.imports.importing import NATIVE, Importer, table
from webapp.domain.parcel_data import FIELDS, MOST_CHARACTERS, ParcelData
from webapp.domain.spreadsheets import harmless
from webapp.models import Order, OrderEvent, Store

PARCEL: dict[str, str] = {
    "ship_to_name": "Zoë Ångström",
    "ship_to_company": "Café Zentral",
    "ship_to_line1": "12, rue de l'Eau",
    "ship_to_line2": "2nd floor",
    "ship_to_line3": "Door code 7",
    "ship_to_postcode": "01234",
    "ship_to_city": "Luxembourg",
    "ship_to_region": "Center",
    "ship_to_country": "LU",
    "phone": "+352 621 000 000",
    "email": "zoe@example.org",
    "language": "lb",
    "shipping_method": "Express",
    "customer_note": "Ring twice.\nThe dog is friendly.",
    "packing_note": "Glass: two layers of paper",
    "gift_text": "Happy birthday, Paul",
}
STORED = ParcelData(
    **{name: text for name, text in PARCEL.items() if not name.startswith("ship_to_line")},
    ship_to_lines="12, rue de l'Eau\n2nd floor\nDoor code 7",
)
SHOPIFY = (
    "Name,Email,Financial Status,Fulfillment Status,Currency,Shipping Method,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing Street,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,"
    "Shipping Country,Shipping Phone,Notes,Note Attributes,Phone,Shipping Province Name"
)


def native(*rows: dict[str, Any]) -> str:
    usual = {"order_number": "1001", "ordered_at": "2026-01-05 10:00", "sku": "A-1", "quantity": 1}
    return table((*NATIVE, *PARCEL), ({**usual, **row} for row in rows))


def shopify(**changes: str) -> str:
    order = {
        "Name": "#1001",
        "Email": "anna@example.org",
        "Financial Status": "paid",
        "Fulfillment Status": "unfulfilled",
        "Shipping Method": "DHL Paket",
        "Created at": "2026-01-05 11:13:25 -0500",
        "Lineitem quantity": "1",
        "Lineitem name": "Lamp",
        "Lineitem sku": "A-1",
        "Billing Name": "Bill Payer",
        "Billing Street": "Elsewhere 1",
        "Shipping Name": "Anna Ship",
        "Shipping Street": "Hauptstr. 5, Hinterhaus",
        "Shipping Address1": "Hauptstr. 5",
        "Shipping Address2": "Hinterhaus",
        "Shipping Company": "Ship & Co",
        "Shipping City": "Trier",
        "Shipping Zip": "'01099",
        "Shipping Province": "RP",
        "Shipping Country": "DE",
        "Shipping Phone": "'+49 651 1",
        "Notes": "Please wrap it",
        "Phone": "+49 170 2",
        "Shipping Province Name": "Rheinland-Pfalz",
    }
    second = {"Name": "#1001", "Email": "anna@example.org", "Lineitem quantity": "2", "Lineitem sku": "B-1"}
    named = {name.replace("_", " "): value for name, value in changes.items()}
    return table(SHOPIFY.split(","), [{**order, **named}, second])


def parcel_data(db: Session, store: Store) -> ParcelData:
    """The parcel data of the store's only order."""
    db.rollback()
    order = db.scalars(select(Order).where(Order.store_id == store.id)).one()
    return ParcelData(**{name: getattr(order, name) for name in FIELDS})


def test_every_column_of_a_native_file_is_stored(db: Session, importer: Importer, store: Store) -> None:
    imported = importer.orders(native(PARCEL, {"sku": "B-1"}))

    assert imported.numbers == (2, 2, 0, 0)
    assert imported.result.unused_columns == ()
    assert parcel_data(db, store) == STORED


def test_every_column_of_shopifys_export_that_says_it_is_stored(db: Session, importer: Importer, store: Store) -> None:
    imported = importer.orders(shopify(Note_Attributes="utm: x\ngift message: Happy birthday\nwith love"), "shopify")

    assert imported.numbers == (2, 2, 0, 0)
    assert imported.result.unused_columns == ("Billing Street",)
    assert parcel_data(db, store) == ParcelData(
        ship_to_name="Anna Ship",
        ship_to_company="Ship & Co",
        ship_to_lines="Hauptstr. 5\nHinterhaus",
        ship_to_postcode="01099",
        ship_to_city="Trier",
        ship_to_region="Rheinland-Pfalz",
        ship_to_country="DE",
        phone="+49 651 1",
        email="anna@example.org",
        shipping_method="DHL Paket",
        customer_note="Please wrap it",
        gift_text="gift message: Happy birthday\nwith love",
    )


def test_what_a_shop_writes_in_other_columns_is_not_the_parcels(db: Session, importer: Importer, store: Store) -> None:
    importer.orders(
        shopify(
            Shipping_Address1="",
            Shipping_Address2="",
            Shipping_Phone="",
            Shipping_Province_Name="",
            Note_Attributes="utm_source: mail\nclid: 12",
        ),
        "shopify",
    )

    stored = parcel_data(db, store)
    assert (stored.ship_to_lines, stored.phone) == ("Hauptstr. 5, Hinterhaus", "+49 170 2")
    assert (stored.ship_to_region, stored.gift_text) == ("RP", "")


def test_an_address_without_a_name_goes_to_the_customer(db: Session, importer: Importer, store: Store) -> None:
    importer.orders(native({"customer_name": "Anna", "ship_to_city": "Trier"}))

    assert parcel_data(db, store) == ParcelData(ship_to_name="Anna", ship_to_city="Trier")


def test_without_an_address_the_customer_is_no_address(db: Session, importer: Importer, store: Store) -> None:
    importer.orders(native({"customer_name": "A" * 200, "phone": "1"}))

    assert parcel_data(db, store) == ParcelData(phone="1")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("lu", "LU"),
        ("UK", "GB"),
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        ("Royaume-Uni", "GB"),
        ("XK", "XK"),
        ("", ""),
    ],
)
def test_a_country_is_a_code_or_a_name(db: Session, importer: Importer, store: Store, written: str, code: str) -> None:
    importer.orders(native({"ship_to_city": "There", "ship_to_country": written}))

    assert parcel_data(db, store).ship_to_country == code


@pytest.mark.parametrize("written", ["ZZ", "EU", "L", "LUX1", "Middle-earth", "٣٣"])
def test_a_country_that_is_none_rejects_its_order(db: Session, importer: Importer, store: Store, written: str) -> None:
    imported = importer.orders(native({"ship_to_country": written}, {"sku": "B-1"}))

    reason = "the country is neither an ISO code of two letters nor a country's name"
    assert imported.reasons[2] == ("rejected", reason)
    assert imported.numbers == (2, 0, 0, 2)


TOLD = {
    "ship_to_name": ("ship-to name", 60, "fit on a label"),
    "ship_to_company": ("ship-to company", 60, "fit on a label"),
    "ship_to_line1": ("first address line", 60, "fit on a label"),
    "ship_to_line2": ("second address line", 60, "fit on a label"),
    "ship_to_line3": ("third address line", 60, "fit on a label"),
    "ship_to_postcode": ("postcode", 16, "fit on a label"),
    "ship_to_city": ("city", 60, "fit on a label"),
    "ship_to_region": ("region", 60, "fit on a label"),
    "phone": ("phone number", 32, "fit on a label"),
    "email": ("e-mail address", 254, "fit on a label"),
    "language": ("language", 35, "fit on a label"),
    "shipping_method": ("shipping method", 100, "fit on a label"),
    "customer_note": ("customer's note", 1000, "are kept"),
    "packing_note": ("packing note", 1000, "are kept"),
    "gift_text": ("gift text", 1000, "are kept"),
}


@pytest.mark.parametrize("column", TOLD)
def test_what_just_fits_comes_in_and_one_character_more_is_told(
    db: Session, importer: Importer, store: Store, column: str
) -> None:
    field, most, where = TOLD[column]
    words = [
        importer.orders(native({"order_number": number, column: "ß" * length}, {"order_number": number, "sku": "B-1"}))
        for number, length in (("fits", most), ("over", most + 1), ("far", 3000))
    ]

    assert [imported.numbers for imported in words] == [(2, 2, 0, 0), (2, 0, 0, 2), (2, 0, 0, 2)]
    for imported, length in zip(words[1:], (most + 1, 3000), strict=True):
        reason = f"the {field} has {length} characters, and at most {most} {where}"
        assert imported.reasons == {
            2: ("rejected", reason),
            3: ("rejected", "another row of this order was rejected"),
        }


def test_every_field_with_a_limit_is_told() -> None:
    lines = {f"ship_to_line{number}" for number in (1, 2, 3)}

    assert {*TOLD} == {*MOST_CHARACTERS} - {"ship_to_lines"} | lines


def test_a_customer_whose_name_fits_no_label_is_told_with_an_address(importer: Importer) -> None:
    imported = importer.orders(native({"customer_name": "c" * 61, "ship_to_city": "Trier"}))

    reason = "the ship-to name has 61 characters, and at most 60 fit on a label"
    assert imported.reasons[2] == ("rejected", reason)


def test_rows_of_an_order_that_name_two_addresses_are_rejected(importer: Importer) -> None:
    imported = importer.orders(native({"ship_to_city": "Trier"}, {"ship_to_city": "Metz"}))

    assert imported.reasons[3] == ("rejected", "the city differs from that of the order's first row")


def test_line_breaks_and_marks_that_nobody_sees_leave_one_line(db: Session, importer: Importer, store: Store) -> None:
    importer.orders(
        native(
            {
                "ship_to_name": "Anna\r\n  Ship",
                "phone": "\u202a+49 170\u202c\x07",
                "customer_note": "One\r\n\r\n two  \n",
                "ship_to_line2": "Only this",
            }
        )
    )

    stored = parcel_data(db, store)
    assert (stored.ship_to_name, stored.phone) == ("Anna Ship", "+49 170")
    assert (stored.customer_note, stored.ship_to_lines) == ("One\n\ntwo", "Only this")


FORMULAS = {name: f"={name}" for name in PARCEL if name != "ship_to_country"} | {
    "ship_to_postcode": "=1",
    "phone": "+352 1",
    "gift_text": "@you",
}


def test_texts_that_a_spreadsheet_would_run_come_back_as_they_were(
    db: Session, importer: Importer, store: Store
) -> None:
    importer.orders(native({name: harmless(text) for name, text in FORMULAS.items()}))

    stored = parcel_data(db, store)
    assert {name: getattr(stored, name) for name in FORMULAS if "line" not in name} == {
        name: text for name, text in FORMULAS.items() if "line" not in name
    }


def test_the_report_of_a_rejected_order_runs_in_no_spreadsheet(importer: Importer) -> None:
    imported = importer.orders(native({"ship_to_country": "=" + "x" * 60}))

    assert imported.report[0]["value"].startswith("'=xxx")


class TestAKnownOrder:
    """An order whose number the store has already."""

    def test_the_same_again_is_skipped(self, importer: Importer) -> None:
        importer.orders(native(PARCEL))

        assert importer.orders(native(PARCEL)).reasons[2] == ("skipped", "already imported")

    @pytest.mark.parametrize("column", [*PARCEL, "customer_name"])
    def test_another_person_address_or_note_is_followed(
        self, db: Session, importer: Importer, store: Store, column: str
    ) -> None:
        importer.orders(native(PARCEL))

        again = importer.orders(native({**PARCEL, column: "FR"}))

        assert again.reasons[2][1].startswith("changed in the shop: ")
        assert again.result.changed_orders == 1
        db.rollback()
        order = db.scalars(select(Order)).one()
        assert parcel_data(db, store) != STORED or order.customer_name == "FR"

    def test_one_from_before_the_parcel_data_gets_them(self, db: Session, importer: Importer, store: Store) -> None:
        ordered_at = datetime(2026, 1, 5, 10, tzinfo=UTC)
        lamp = make_product(db, store, sku="A-1")
        make_order(db, store, [(lamp, 1)], order_number="1001", channel="", ordered_at=ordered_at)

        importer.orders(native(PARCEL))
        db.rollback()

        assert parcel_data(db, store) == STORED

    def test_its_history_says_nothing_about_the_person(self, db: Session, importer: Importer, store: Store) -> None:
        one = importer.orders(native({**PARCEL, "customer_name": "Anna"}))
        event = db.scalars(select(OrderEvent).where(OrderEvent.store_id == store.id)).one()
        content = event.details["content"]
        db.execute(update(Order).values(order_number="earlier", external_id="earlier"))
        db.commit()

        importer.orders(native({"customer_name": "Somebody else"}))

        contents = db.scalars(select(OrderEvent.details["content"].as_string()).order_by(OrderEvent.id)).all()
        assert one.numbers == (1, 1, 0, 0)
        assert contents == [content, content]
