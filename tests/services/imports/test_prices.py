"""Unit prices and currencies: kept exactly, followed like any other change, and whole again after an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import items_of
from tests.helpers.warehouse import Warehouse
from tests.services.imports.importing import NATIVE, Importer, table
from tests.services.imports.test_mappings import EBAY, drafts
from webapp.domain.events import EventKind
from webapp.domain.upstream import ShopChange
from webapp.models import Order, OrderEvent, Store
from webapp.services import erasure_service
from webapp.services.engine.shop_news import newest_changes
from webapp.services.imports.column_mappings import FileKind, guess_mapping
from webapp.services.imports.columns import Field
from webapp.services.imports.price_cells import TWO_CURRENCIES, TWO_PRICES

COLUMNS = (*NATIVE, "unit_price", "currency", "cancelled_at")
HEAD = {"order_number": "1001", "ordered_at": "2026-01-05 10:00", "quantity": 2, "sku": "LAMP", "currency": "EUR"}


def prices_of(db: Session) -> tuple[str, list[Decimal | None]]:
    db.rollback()
    order = db.scalars(select(Order).execution_options(populate_existing=True)).one()
    return order.currency, [item.unit_price for item in items_of(db, order)]


def rows(*lines: Mapping[str, object]) -> str:
    return table(COLUMNS, ({**HEAD, **line} for line in lines))


@pytest.mark.both_engines
def test_prices_are_kept_to_the_last_digit(importer: Importer, db: Session) -> None:
    lines = [{"unit_price": text} for text in ("1.234,50", "12,9", "0.1", "8.264463", "", "999999999999.99")]

    importer.orders(rows(*lines))

    kept = [Decimal(text) for text in ("1234.50", "12.9", "0.1", "8.264463")]
    assert prices_of(db) == ("EUR", [*kept, None, Decimal("999999999999.99")])


def test_a_doubtful_price_rejects_its_order_in_words(importer: Importer, db: Session) -> None:
    imported = importer.orders(rows({"unit_price": "1.234"}, {"sku": "CUP", "unit_price": "5"}))

    assert imported.reasons[2] == ("rejected", TWO_PRICES)
    assert imported.report[0]["value"] == "1.234"
    assert db.scalars(select(Order)).all() == []


def test_two_currencies_in_one_order_are_refused(importer: Importer, db: Session) -> None:
    imported = importer.orders(rows({"unit_price": "CHF 5"}))

    assert imported.reasons == {2: ("rejected", TWO_CURRENCIES)}


def test_shopify_writes_a_point_before_the_fraction(importer: Importer, db: Session) -> None:
    header = ("Name", "Created at", "Currency", "Lineitem name", "Lineitem sku", "Lineitem quantity", "Lineitem price")
    head = {"Name": "#7", "Created at": "2026-01-05 10:00:00 +0100", "Currency": "KWD"}
    line = {"Lineitem name": "Lamp", "Lineitem sku": "LAMP", "Lineitem quantity": 1, "Lineitem price": "12.500"}

    importer.orders(table(header, [{**head, **line}, {**line, "Name": "#7", "Lineitem price": "3.25"}]), "shopify")

    assert prices_of(db) == ("KWD", [Decimal("12.5"), Decimal("3.25")])


def test_woocommerce_says_item_cost_and_order_currency(importer: Importer, db: Session) -> None:
    header = ("Order Number", "Order Status", "Order Date", "Order Currency", "Billing First Name", "SKU")
    row = {
        "Order Number": "7",
        "Order Status": "Processing",
        "Order Date": "2026-01-05 10:00",
        "Order Currency": "EUR",
        "Billing First Name": "Zoë",
        "SKU": "LAMP",
        "Quantity": 1,
        "Item Cost": "10.74",
    }

    importer.orders(table((*header, "Quantity", "Item Cost"), [row]), "woocommerce")

    assert prices_of(db) == ("EUR", [Decimal("10.74")])


def test_a_mapping_reads_prices_by_its_decimal_sign(tmp_path: Path) -> None:
    content = "Bestellung;Datum;Vorname;Nachname;Titel;Stück;Preis\n77;03/04/2026;Zoë;Weber;Teller;2,00;€ 1,125\n"
    mapping = replace(EBAY, columns={**EBAY.columns, Field.UNIT_PRICE: ("Preis",)})

    (draft,) = drafts(tmp_path, mapping, content.encode("cp1252"))

    assert (draft.currency, draft.lines[0].unit_price) == ("EUR", Decimal("1.125"))


def test_headers_say_which_column_is_the_price() -> None:
    guessed = guess_mapping(("Bestellnummer", "Einzelpreis", "Währung", "Menge"), FileKind.ORDERS)

    assert guessed.columns[Field.UNIT_PRICE] == ("Einzelpreis",)
    assert guessed.columns[Field.CURRENCY] == ("Währung",)


@pytest.mark.both_engines
def test_a_changed_price_is_followed_once_and_a_blank_says_nothing(importer: Importer, db: Session) -> None:
    importer.orders(rows({"unit_price": "5"}, {"sku": "CUP", "unit_price": "3"}))

    changed = importer.orders(rows({"unit_price": "4.50"}, {"sku": "CUP", "unit_price": "3,00"}))
    again = importer.orders(rows({"unit_price": "4.50"}, {"sku": "CUP", "unit_price": "3.0"}))
    blank = importer.orders(rows({}, {"sku": "CUP", "currency": ""}))

    assert changed.reasons == {2: ("imported", "changed in the shop: a price")}
    assert [one.result.changed_orders for one in (changed, again, blank)] == [1, 0, 0]
    assert prices_of(db) == ("EUR", [Decimal("4.5"), Decimal(3)])
    kinds = db.scalars(select(OrderEvent.details).where(OrderEvent.kind == EventKind.CHANGED_UPSTREAM))
    assert [details["changes"] for details in kinds] == [["prices"]]


def test_only_what_matters_at_the_bench_holds_up_a_ship(importer: Importer, db: Session, store: Store) -> None:
    importer.orders(rows({"unit_price": "5"}))
    importer.orders(rows({"unit_price": "5", "quantity": 3}))
    importer.orders(rows({"unit_price": "6", "quantity": 3}))
    db.rollback()
    order = db.scalars(select(Order).execution_options(populate_existing=True)).one()

    assert order.upstream_changes == 1
    assert newest_changes(db, store.id, order.id, 1) == [ShopChange.MORE]


def test_a_currency_that_a_later_file_says_is_taken(importer: Importer, db: Session) -> None:
    importer.orders(rows({"unit_price": "5", "currency": ""}))

    changed = importer.orders(rows({"unit_price": "5"}))

    assert changed.result.changed_orders == 1
    assert prices_of(db) == ("EUR", [Decimal(5)])


def test_two_lines_of_one_product_keep_their_own_prices(importer: Importer, db: Session) -> None:
    importer.orders(rows({"unit_price": "5"}, {"unit_price": "0"}))

    turned = importer.orders(rows({"unit_price": "0"}, {"unit_price": "5"}))

    assert turned.result.changed_orders == 0
    assert prices_of(db) == ("EUR", [Decimal(5), Decimal(0)])


def test_joined_lines_of_two_prices_keep_what_they_had(importer: Importer, db: Session) -> None:
    importer.orders(rows({"quantity": 5, "unit_price": "5"}))

    importer.orders(rows({"quantity": 3, "unit_price": "5"}, {"quantity": 2, "unit_price": "4"}))

    assert prices_of(db) == ("EUR", [Decimal(5)])


def test_a_new_line_comes_with_its_price(importer: Importer, db: Session) -> None:
    importer.orders(rows({"unit_price": "5"}))

    importer.orders(rows({"unit_price": "5"}, {"sku": "CUP", "unit_price": "1,20"}))

    assert prices_of(db) == ("EUR", [Decimal(5), Decimal("1.2")])


def test_a_cancelled_order_is_followed_whatever_its_prices_read(importer: Importer, db: Session) -> None:
    importer.orders(rows({"unit_price": "5"}))

    changed = importer.orders(rows({"unit_price": "1.234", "cancelled_at": "2026-01-06", "currency": "Euro"}))

    assert changed.result.changed_orders == 1
    assert db.scalars(select(Order.status)).one() == "cancelled"
    assert prices_of(db) == ("EUR", [Decimal(5)])


@pytest.mark.both_engines
def test_an_erasure_keeps_prices(importer: Importer, db: Session, store: Store) -> None:
    importer.orders(rows({"unit_price": "5", "customer_name": "Ada"}))
    warehouse = Warehouse(db, store)
    warehouse.cancel(db.scalars(select(Order)).one())

    warehouse.do(erasure_service.erase_person, order_id=db.scalars(select(Order.id)).one())

    assert prices_of(db) == ("EUR", [Decimal(5)])
    assert db.scalars(select(Order.customer_name)).one() == ""
