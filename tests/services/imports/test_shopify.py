"""Shopify's order export, in which only an order's first row has the order's own fields."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import channel_of, items_of
from tests.services.imports.importing import Importer, table
from webapp.domain.causes import Cause
from webapp.domain.errors import DamagedFile
from webapp.models import Order, OrderSearchWord, StockException, Store
from webapp.services.imports.order_changes import CONTRADICTED

COLUMNS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,"
    "Lineitem fulfillment status,Billing Name,Billing Street,Billing Zip,Shipping Name,Shipping Street,Shipping Zip,"
    "Notes,Note Attributes,Cancelled at,Payment Method,Refunded Amount,Vendor,Id,Tags,Risk Level,Source"
)


def first(name: str, **values: object) -> dict[str, object]:
    """The first row of an order: everything about it, and its first line."""
    order = {
        "Name": name,
        "Email": "anna@example.com",
        "Financial Status": "paid",
        "Fulfillment Status": "unfulfilled",
        "Created at": "2026-01-05 11:13:25 -0500",
        "Billing Name": "Anna Bill",
        "Shipping Name": "Anna Ship",
        "Lineitem fulfillment status": "pending",
        "Lineitem requires shipping": "true",
    }
    return {**order, **line(name, **values)}


def line(name: str, **values: object) -> dict[str, object]:
    """A further row of an order."""
    usual = {
        "Name": name,
        "Email": "anna@example.com",
        "Lineitem quantity": 1,
        "Lineitem sku": "A-1",
        "Lineitem name": "Lamp",
    }
    return {**usual, "Vendor": "Us", **{key.replace("_", " "): value for key, value in values.items()}}


def shopify(*rows: dict[str, object]) -> str:
    return table(COLUMNS.split(","), rows)


def test_rows_become_orders_with_the_first_rows_customer_and_date(
    db: Session, importer: Importer, store: Store
) -> None:
    imported = importer.orders(
        shopify(
            first("#1001", Lineitem_quantity=2),
            line("#1001", Lineitem_sku="B-1"),
            first("#1002", Shipping_Name=""),
            line("", Lineitem_sku="C-1"),
        ),
        "shopify",
    )

    one, two = db.scalars(select(Order).where(Order.store_id == store.id).order_by(Order.id))
    words = db.scalars(select(OrderSearchWord.word).where(OrderSearchWord.order_id == one.id)).all()
    assert imported.numbers == (4, 4, 0, 0)
    assert (one.order_number, channel_of(db, one).code, one.customer_name) == ("#1001", "shopify", "Anna Ship")
    assert one.ordered_at == datetime(2026, 1, 5, 16, 13, 25, tzinfo=UTC)
    assert [(item.sku, item.quantity) for item in items_of(db, one)] == [("A-1", 2), ("B-1", 1)]
    assert (two.order_number, two.customer_name) == ("#1002", "Anna Bill")
    assert [item.sku for item in items_of(db, two)] == ["A-1", "C-1"]
    assert "1001" in words


NOTHING_TO_SHIP: tuple[tuple[dict[str, object], str], ...] = (
    ({"Cancelled_at": "2026-01-06 09:00:00 -0500"}, "cancelled in the shop"),
    ({"Financial_Status": "refunded"}, "refunded or voided in the shop"),
    ({"Financial_Status": "Voided"}, "refunded or voided in the shop"),
    ({"Fulfillment_Status": "fulfilled"}, "already fulfilled in the shop"),
)


def test_an_order_with_nothing_to_ship_is_passed_over_whole(db: Session, importer: Importer) -> None:
    rows = [
        row
        for number, (values, _) in enumerate(NOTHING_TO_SHIP)
        for row in (first(f"#{number}", **values), line(f"#{number}"))
    ]

    imported = importer.orders(shopify(*rows, first("#1002")), "shopify")

    expected = [("skipped", reason) for _, reason in NOTHING_TO_SHIP for _ in range(2)]
    assert imported.reasons == dict(enumerate(expected, 2))
    assert db.scalars(select(Order.order_number)).all() == ["#1002"]


def test_lines_with_nothing_to_ship_are_passed_over(db: Session, importer: Importer) -> None:
    imported = importer.orders(
        shopify(
            first("#1001", Fulfillment_Status="partial", Lineitem_fulfillment_status="fulfilled"),
            line("#1001", Lineitem_requires_shipping="false"),
            line("#1001", Lineitem_sku="B-1", Lineitem_fulfillment_status="pending"),
        ),
        "shopify",
    )

    assert imported.reasons == {2: ("skipped", "already fulfilled in the shop"), 3: ("skipped", "does not ship")}
    assert [item.sku for item in items_of(db, db.scalars(select(Order)).one())] == ["B-1"]


def test_a_line_fulfilled_in_part_is_for_a_person_to_look_at(db: Session, importer: Importer) -> None:
    imported = importer.orders(
        shopify(first("#1001"), line("#1001", Lineitem_fulfillment_status="partial", Lineitem_quantity=3)), "shopify"
    )

    assert imported.numbers == (2, 0, 0, 2)
    assert imported.reasons[3][1].startswith("part of this line was fulfilled in the shop")
    assert not db.scalars(select(Order)).all()


def test_a_later_export_knows_the_orders_whose_lines_the_shop_fulfilled_since(db: Session, importer: Importer) -> None:
    importer.orders(shopify(first("#1001"), line("#1001", Lineitem_sku="B-1")), "shopify")

    again = importer.orders(
        shopify(
            first("#1001", Fulfillment_Status="partial", Lineitem_fulfillment_status="fulfilled"),
            line("#1001", Lineitem_sku="B-1"),
        ),
        "shopify",
    )

    assert again.reasons == {2: ("rejected", CONTRADICTED), 3: ("rejected", CONTRADICTED)}
    exception = db.scalars(select(StockException)).one()
    assert (exception.cause, exception.quantity) == (Cause.FULFILLED_UPSTREAM, 1)


@pytest.mark.parametrize(
    "spelling", [{"Lineitem sku": "Lineitem SKU", "Cancelled at": "Canceled at"}, {"Notes": "Memo"}]
)
def test_other_years_spellings_of_the_columns_are_known(importer: Importer, spelling: dict[str, str]) -> None:
    content = shopify(first("#1001"), first("#1002", Cancelled_at="2026-01-06 09:00:00 -0500"))
    for ours, theirs in spelling.items():
        content = content.replace(ours, theirs, 1)

    assert importer.orders(content, "shopify").numbers == (2, 1, 1, 0)


def test_an_export_without_a_column_that_is_needed_is_refused(importer: Importer) -> None:
    content = shopify(first("#1001")).replace("Created at", "Made at", 1)

    with pytest.raises(DamagedFile, match="not a file in the format shopify: the column Created at is missing"):
        importer.orders(content, "shopify")
