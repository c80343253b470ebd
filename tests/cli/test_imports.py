"""The import commands report what was imported, what was not and why, and end with 1 if nothing could be."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.factories import channel_of
from tests.services.imports.importing import native, retail, stock
from webapp.models import Channel, Inventory, Order, OrderEvent, Store
from webapp.services.imports import report
from webapp.services.imports.quantity_cells import NOT_WHOLE


@pytest.fixture
def run(app: Flask, store: Store, tmp_path: Path) -> Run:
    return Run(app, tmp_path)


class Run:
    """Runs an import command on a file made for it."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app = app
        self.folder = folder
        app.config["REPORT_FOLDER"] = str(folder / "reports")

    def orders(self, content: str | bytes, *options: str, format_name: str = "native") -> Result:
        return self._import("orders", content, "--format", format_name, *options)

    def stock(self, content: str | bytes, *options: str) -> Result:
        return self._import("stock", content, *options)

    def __call__(self, *arguments: str) -> Result:
        return self.app.test_cli_runner().invoke(args=arguments)

    def _import(self, kind: str, content: str | bytes, *options: str) -> Result:
        path = self.folder / f"{kind}.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self("import", kind, str(path), "--store", "MAIN", *options)


def reported(result: Result) -> list[list[str]]:
    """Rows of the report file that the command named."""
    match = re.search(r"^Report: (.+)$", result.stdout, re.MULTILINE)
    assert match, result.output
    with Path(match[1]).open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_orders_come_in_with_an_account_of_every_row(run: Run, db: Session) -> None:
    result = run.orders(native({}, {"order_number": "2", "quantity": "6.0"}, {"order_number": "2"}))

    assert result.exit_code == 0, result.output
    assert "Rows: read 3 = imported 1 + skipped 0 + rejected 2" in result.stdout
    assert f"{NOT_WHOLE} (rows 3 [6.0])" in result.stdout
    assert "Orders: 1 new, 0 changed, 0 unchanged, 1 rejected" in result.stdout
    assert "1 lines match no product of the store and wait to be matched." in result.stdout
    assert reported(result)[1:] == [
        ["3", "2", "rejected", NOT_WHOLE, "6.0"],
        ["4", "2", "rejected", "another row of this order was rejected", ""],
    ]
    assert db.scalars(select(OrderEvent.actor)).all() == ["import"]


def test_a_store_can_have_its_orders_started_as_they_come_in(run: Run, db: Session) -> None:
    assert run("stores", "set", "MAIN", "start_imported_orders", "yes").exit_code == 0
    run.stock(stock({"quantity": 2}))

    result = run.orders(native({"quantity": 3}, {"order_number": "2"}))

    assert "Started: 2 orders, 2 units reserved, 2 wait for stock or a match." in result.stdout
    assert set(db.scalars(select(Order.status))) == {"processing"}


def test_a_second_import_says_that_nothing_changed(run: Run) -> None:
    content = retail({}, {"InvoiceNo": "C1", "Quantity": -1})
    run.orders(content, format_name="online-retail")

    again = run.orders(gzip.compress(content.encode()), format_name="online-retail")

    assert again.exit_code == 0
    assert "Rows: read 2 = imported 0 + skipped 2 + rejected 0" in again.stdout
    assert "Nothing changed: every order of the file was already imported." in again.stdout
    assert [line[3] for line in reported(again)[1:]] == ["credit note", "already imported"]


def test_stock_comes_in_once_unless_it_is_another_delivery(run: Run, db: Session) -> None:
    first, again, other = run.stock(stock({})), run.stock(stock({})), run.stock(stock({}), "--reference", "D-2")

    assert "Stock: 5 units added, 1 new products" in first.stdout
    assert "Nothing changed: this stock was already imported" in again.stdout
    assert "Stock: 5 units added, 0 new products" in other.stdout
    assert db.scalars(select(Inventory.quantity)).all() == [10]


def test_who_imports_can_be_named(run: Run, db: Session) -> None:
    run.orders(native({}), "--actor", "max")

    assert db.scalars(select(OrderEvent.actor)).all() == ["max"]


@pytest.mark.parametrize("actor", ["otto", "maxx", "MAX", "token:erp", "m" * 70])
def test_nobody_imports_in_a_name_that_is_not_of_the_store(run: Run, db: Session, actor: str) -> None:
    for result in (run.orders(native({}), "--actor", actor), run.stock(stock({}), "--actor", actor)):
        assert result.exit_code == 1
        assert f"Nobody in store MAIN is called “{actor[:64]}”." in result.stderr

    assert db.scalars(select(Order)).all() == []
    assert db.scalars(select(Inventory)).all() == []


@pytest.mark.parametrize(("actor", "shown"), [("system", "system"), (" ", "import"), ("command line", "command line")])
def test_a_program_imports_in_a_name_of_its_own(run: Run, db: Session, actor: str, shown: str) -> None:
    run.orders(native({}), "--actor", actor)

    assert db.scalars(select(OrderEvent.actor)).all() == [shown]


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (b"", (), "The file is empty."),
        (b"PK\x03\x04....", (), "spreadsheet"),
        (native({"customer_name": "Zoë"}).encode("mac_roman"), (), "Line 2 is not UTF-8"),
        (native({}).encode(), ("--encoding", "klingon"), "There is no encoding called klingon."),
        (retail({}).encode(), (), "try --format online-retail"),
    ],
)
def test_a_damaged_file_ends_with_a_sentence_and_changes_nothing(
    run: Run, db: Session, content: bytes, options: tuple[str, ...], sentence: str
) -> None:
    result = run.orders(content, *options)

    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "Nothing was imported." in result.stderr
    assert not db.scalars(select(Order)).all()
    assert not list((run.folder / "reports").iterdir())


def test_the_headers_say_the_format(run: Run, db: Session, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(retail({}))
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")

    result, refused = (run("import", "orders", str(one), "--store", "MAIN") for one in (path, other))

    assert (result.exit_code, refused.exit_code) == (0, 1)
    assert "The headers are those of the format online-retail." in result.stdout
    assert "The headers are not those of a known format." in refused.stderr
    assert db.scalars(select(Channel.code)).all() == ["online-retail"]


def test_a_file_of_ones_own_shape_is_mapped_once_and_then_imported(run: Run, db: Session, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("Bestellung;Datum;Artikel;Anz\n77;20.11.2026;Teller;2\n")
    options = "--store", "MAIN", "--name", "Our eBay", "--column", "quantity=Anz", "--constant", "channel=ebay"

    saved = run("import", "mapping", str(path), *options)
    result = run("import", "orders", str(path), "--store", "MAIN", "--mapping", "Our eBay")
    unknown = run("import", "orders", str(path), "--store", "MAIN", "--mapping", "Other")

    assert (saved.exit_code, result.exit_code, unknown.exit_code) == (0, 0, 1), saved.output
    assert "  quantity: Anz\n" in saved.stdout
    assert "  channel: always ebay\n" in saved.stdout
    assert "order number 77, order date 20.11.2026, product name Teller, quantity 2" in saved.stdout
    assert [(order.order_number, channel_of(db, order).code) for order in db.scalars(select(Order))] == [("77", "ebay")]
    assert "Mappings: Our eBay." in unknown.stderr


def test_a_guess_at_the_encoding_is_said(run: Run) -> None:
    assert "was read as Windows-1252" in run.orders(native({"customer_name": "Zoë"}).encode("cp1252")).stdout
    assert "Windows-1252" not in run.orders(native({"customer_name": "Zoë"})).stdout


def test_tabs_separate_columns_when_somebody_says_so(run: Run) -> None:
    assert run.orders(native({}).replace(",", "\t"), "--delimiter", "tab").exit_code == 0


def test_another_encoding_is_read_when_it_is_named(run: Run, db: Session) -> None:
    run.orders(native({"customer_name": "Zoë"}).encode("cp1252"), "--encoding", "cp1252")

    assert db.scalars(select(Order.customer_name)).all() == ["Zoë"]


def test_what_cannot_begin_says_why(run: Run) -> None:
    unknown = run("import", "stock", "x.csv", "--store", "NOWHERE")
    absent = run("import", "stock", str(run.folder / "absent.csv"), "--store", "MAIN")
    (run.folder / "taken").touch()
    run.app.config["REPORT_FOLDER"] = str(run.folder / "taken")
    unreported = run.stock(stock({}))

    assert "There is no store with the code “NOWHERE”. Stores: MAIN, OTHER." in unknown.stderr
    assert "There is no file" in absent.stderr
    assert "The report cannot be written, so nothing was imported" in unreported.stderr
    assert {unknown.exit_code, absent.exit_code, unreported.exit_code} == {1}


def test_a_database_that_fails_ends_with_a_sentence_and_the_next_import_goes_on(run: Run, db: Session) -> None:
    db.execute(text("CREATE TRIGGER full BEFORE INSERT ON orders BEGIN SELECT RAISE(ABORT, 'disk full'); END"))
    db.commit()
    failed = run.orders(native({}))
    db.execute(text("DROP TRIGGER full"))
    db.commit()

    result = run.orders(native({}))

    assert failed.exit_code == 1
    assert "disk full" in failed.stderr
    assert "Give the same file again to go on" in failed.stderr
    assert "imported 1" in result.stdout


def test_a_report_that_is_full_counts_the_other_rows(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MAX_SIZE", 400)

    result = run.orders(native(*({"order_number": number, "quantity": "x"} for number in range(30))))

    rows = reported(result)
    assert "Rows: read 30 = imported 0 + skipped 0 + rejected 30" in result.stdout
    assert 3 < len(rows) < 15
    missing = 30 - (len(rows) - 2)
    assert rows[-1] == ["", "", "", f"{missing} more rows are counted and not listed", ""]
    assert f"{missing} more are counted above." in result.stdout


def test_a_file_that_unpacks_to_a_flood_changes_nothing(run: Run, db: Session) -> None:
    result = run.stock(gzip.compress(stock({}).encode() + b"\n" * 2_000_000))

    assert result.exit_code == 1
    assert "more than 100,000 blank lines" in result.stderr
    assert "Nothing was imported." in result.stderr
    assert db.scalars(select(Inventory)).all() == []


def test_what_a_file_holds_cannot_pass_for_a_line_of_the_command(run: Run) -> None:
    forged = "a\nOrders: 9 new"
    head, row = native({"quantity": f"x\n{forged}"}).split("\r\n" if "\r\n" in native() else "\n", 1)
    more = "".join(f",column {n}" for n in range(5000))

    orders = run.orders(f'{head},"{forged}"{more}\n{row.rstrip()}{"," * 5001}\n')
    stock = run.stock(f'sku,"{forged}"\nA,1\n')

    for result in (orders, stock):
        assert not [line for line in result.output.splitlines() if line.startswith("Orders: 9 new")], result.output
    assert r"Columns not used: a\nOrders: 9 new, column 0, column 1" in orders.output
    assert ", column 8 and 4991 others" in orders.output
