"""Exports: the whole list with its filters, harmless in a spreadsheet, and unharmed on its way back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_store
from tests.helpers.cast import Part
from tests.helpers.tablet import Tablet
from tests.services.imports.importing import Importer, native, stock
from webapp.domain.spreadsheets import as_meant, harmless
from webapp.models import Inventory, Order, OrderItem, Product, Store
from webapp.models.base import table_of
from webapp.models.channel import channel_code
from webapp.web import exports, list_files, sheets

NASTY = ["=1+1", "+352 1", "-5 % mug", "@home", "'=1", "''-x", "'s Gravenhage", "＝x", 'plain, "quoted"']

ORDERS = [
    {
        "order_number": f"N-{place}",
        "sku": f"A-{place}",
        "customer_name": text,
        "product_name": text,
        "quantity": place + 1,
        "ship_by": "2026-03-29 02:30+00:00",
    }
    for place, text in enumerate(NASTY)
]


def rows(tablet: Tablet, path: str) -> list[dict[str, str]]:
    """The rows of an exported file, as its cells are."""
    response = tablet.client.get(path, buffered=True)
    assert response.status_code == 200, response.text
    assert response.headers["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def importer(db: Session, store: Store, tmp_path: Path) -> Importer:
    return Importer(db, store, tmp_path)


@pytest.mark.parametrize("text", [*NASTY, "", "'", "a=b", "\tx"])
def test_what_is_made_harmless_can_be_read_as_it_was_meant(text: str) -> None:
    cell = harmless(text)

    assert as_meant(cell) == text
    assert not cell.startswith(("=", "+", "-", "@"))


def contents(db: Session, store: Store) -> list[tuple[object, ...]]:
    lines = (
        select(
            Order.order_number,
            channel_code(table_of(Order)),
            Order.customer_name,
            Order.ordered_at,
            Order.ship_by,
            OrderItem.sku,
            OrderItem.product_name,
            OrderItem.quantity,
        )
        .join(OrderItem, (OrderItem.store_id == Order.store_id) & (OrderItem.order_id == Order.id))
        .where(Order.store_id == store.id)
    )
    return sorted(map(tuple, db.execute(lines)), key=str)


@pytest.mark.both_engines
def test_orders_come_back_unharmed_in_another_store(
    db: Session, store: Store, importer: Importer, manager: Tablet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_AT_ONCE", 2)
    monkeypatch.setattr(list_files, "_IN_MEMORY", 500)
    store.time_zone = "America/New_York"
    db.commit()
    importer.orders(native(*ORDERS))
    other = make_store(db, code="OTHER-TOWN")
    db.commit()

    exported = manager.client.get("/exports/orders.csv?status=all", buffered=True).data
    imported = Importer(db, other, tmp_path).orders(exported)

    assert imported.numbers == (len(NASTY), len(NASTY), 0, 0)
    assert contents(db, other) == contents(db, store)
    assert contents(db, store)[0][2] in NASTY
    assert "2026-01-05 05:00:00-05:00" in exported.decode()
    again = importer.orders(exported)
    assert again.result.new_orders == 0


@pytest.mark.both_engines
def test_stock_comes_back_unharmed_in_another_store(
    db: Session, store: Store, importer: Importer, manager: Tablet, tmp_path: Path
) -> None:
    importer.stock(
        stock(*({"sku": f"-S{at}", "product_name": text, "location": "+1"} for at, text in enumerate(NASTY)))
    )
    other = make_store(db, code="OTHER-TOWN")
    db.commit()

    exported = manager.client.get("/exports/stock.csv", buffered=True).data
    imported = Importer(db, other, tmp_path).stock(exported)

    assert imported.numbers == (len(NASTY), len(NASTY), 0, 0)
    kept = (
        sorted(
            map(
                tuple,
                db.execute(
                    select(Product.sku, Product.name, Inventory.location, Inventory.quantity)
                    .join(Inventory, (Inventory.store_id == Product.store_id) & (Inventory.product_id == Product.id))
                    .where(Product.store_id == one.id)
                ),
            )
        )
        for one in (store, other)
    )
    assert next(kept) == next(kept)


def test_an_export_has_the_filters_of_its_list(importer: Importer, manager: Tablet) -> None:
    importer.orders(native({"order_number": "1"}, {"order_number": "2"}))
    importer.stock(stock({"sku": "MUG"}, {"sku": "CUP"}))

    assert [row["order_number"] for row in rows(manager, "/exports/orders.csv?search=2")] == ["2"]
    assert [row["order_number"] for row in rows(manager, "/exports/orders.csv?status=shipped")] == []
    assert [row["sku"] for row in rows(manager, "/exports/stock.csv?search=mu")] == ["MUG"]


def test_who_may_export_is_offered_it_and_nobody_else_gets_it(
    tablet_of: Callable[[Part], Tablet], importer: Importer
) -> None:
    importer.starts_orders = True
    importer.orders(native({"sku": "WHO-KNOWS"}))
    importer.stock(stock({}))

    for part, may in (("manager", True), ("supervisor", True), ("admin", True), ("packer", False)):
        tablet = tablet_of(part)
        for name in ("orders", "stock", "exceptions"):
            page = tablet.get(f"/{name}" + ("?status=all" if name == "orders" else "")).response.text
            for ending in ("csv", "xlsx"):
                assert (f"/exports/{name}.{ending}" in page) is may
                answer = tablet.client.get(f"/exports/{name}.{ending}", buffered=True)
                assert answer.status_code == (200 if may else 403)
    assert rows(tablet_of("outsider"), "/exports/orders.csv?status=all") == []


@pytest.mark.parametrize("is_long", [False, True])
def test_a_workbook_has_the_texts_of_the_csv_and_comes_back(
    db: Session,
    store: Store,
    importer: Importer,
    manager: Tablet,
    tmp_path: Path,
    *,
    is_long: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if is_long:
        monkeypatch.setattr(list_files, "_IN_MEMORY", 500)
    importer.orders(native(*({**one, "gtin": "012345678905"} for one in ORDERS)))
    other = make_store(db, code="OTHER-TOWN")
    db.commit()

    table = rows(manager, "/exports/orders.csv?status=all")
    book = tmp_path / "orders.xlsx"
    book.write_bytes(manager.client.get("/exports/orders.xlsx?status=all", buffered=True).data)
    header, *cells = CalamineWorkbook.from_path(book).get_sheet_by_index(0).to_python()

    sheet = [dict(zip(header, row, strict=True)) for row in cells]
    assert [[as_meant(str(one)) for one in row.values()] for row in table] == [
        [as_meant(str(int(one) if isinstance(one, float) else one)) for one in row.values()] for row in sheet
    ]
    assert {row["gtin"] for row in sheet} == {"012345678905"}
    assert not {"'+352 1", "'=1+1"} & {row["customer_name"] for row in sheet}
    assert Importer(db, other, tmp_path).orders(book).numbers == (len(NASTY), len(NASTY), 0, 0)
    assert contents(db, other) == contents(db, store)
    assert importer.orders(book).result.known_orders == len(NASTY)


def test_a_list_that_no_sheet_can_hold_is_refused(
    importer: Importer, manager: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "_ROWS_OF_A_SHEET", 2)
    importer.orders(native({"order_number": "1"}, {"order_number": "2"}))

    refused = manager.client.get("/exports/orders.xlsx?status=all")

    assert refused.status_code == 422
    assert "as CSV" in refused.text


def test_exceptions_are_exported_by_their_cause(importer: Importer, manager: Tablet) -> None:
    importer.starts_orders = True
    importer.stock(stock({"sku": "MUG", "quantity": 1}))
    importer.orders(native({"order_number": "1", "sku": "MUG", "quantity": 3}, {"order_number": "2", "sku": "WHO"}))

    every = rows(manager, "/exports/exceptions.csv")

    assert sorted((row["cause"], row["order_number"], row["units"]) for row in every) == [
        ("insufficient_inventory", "1", "2"),
        ("placeholder_product", "2", "1"),
    ]
    assert [row["order_number"] for row in rows(manager, "/exports/exceptions.csv?cause=placeholder_product")] == ["2"]
