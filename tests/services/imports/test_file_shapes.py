"""Files are read as spreadsheet programs save them: any usual delimiter and encoding, cells and columns left out."""

from __future__ import annotations

import codecs
import tracemalloc
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.imports.importing import CASES, NATIVE, Importer, native, stock
from webapp.domain.errors import DamagedFile
from webapp.models import Inventory, Order, Store
from webapp.services.imports.file_shape import Shape
from webapp.services.imports.source import read_records, recognize

SHAPES = CASES / "13-shapes"
HEADER = ",".join(NATIVE)
ROW = "1001,2026-11-20,Jo,shop,,A-1,,Mug,1"

OUTCOMES = {
    "semicolon": (1, 1, 0, 0),
    "tab": (1, 1, 0, 0),
    "sep-line": (1, 1, 0, 0),
    "utf16": (1, 1, 0, 0),
    "latin1": (1, 1, 0, 0),
    "bom-crlf": (1, 1, 0, 0),
    "few-columns": (1, 1, 0, 0),
    "extra-empty-columns": (1, 1, 0, 0),
    "newline-in-cell": (1, 1, 0, 0),
    "trailing-commas-lost": (2, 1, 0, 1),
    "header-again": (3, 2, 1, 0),
    "totals-row": (2, 1, 0, 1),
}
"""Rows read, imported, skipped and rejected."""


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_order_file_of_any_usual_shape_is_read(importer: Importer, name: str) -> None:
    assert importer.orders(SHAPES / f"{name}.csv").numbers == OUTCOMES[name]


def test_a_mark_of_inches_that_spoils_a_quoted_cell_refuses_the_file(importer: Importer) -> None:
    with pytest.raises(DamagedFile, match="Line 3: text follows a closing quotation mark"):
        importer.orders(SHAPES / "inch-mark.csv")


@pytest.mark.parametrize(("name", "rows"), [("few-columns-stock", 1), ("trailing-commas-lost-stock", 2)])
def test_a_stock_file_may_lack_what_may_be_blank(importer: Importer, db: Session, name: str, rows: int) -> None:
    imported = importer.stock(SHAPES / f"{name}.csv")

    assert imported.numbers == (rows, rows, 0, 0)
    assert set(db.scalars(select(Inventory.warehouse).where(Inventory.store_id == importer.store_id))) == {"main"}


def test_the_name_of_a_western_file_keeps_its_accents(importer: Importer, db: Session, store: Store) -> None:
    importer.orders(SHAPES / "latin1.csv")

    assert db.scalars(select(Order.customer_name).where(Order.store_id == store.id)).all() == ["Müller"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("first", ["", "sep={}\n", '"sep={}"\r\n'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiter_and_encoding_are_recognised_together(
    tmp_path: Path, delimiter: str, first: str, encoding: str
) -> None:
    rows = [["sku", "name", "quantity"], ["A-1", "Café, noir; à 1,50 €", "5"], ["B-1", "Zoë|x", "1"], ["C-1", "L’œuf"]]
    rows = [[cell.replace(delimiter, "/") for cell in row] for row in rows]
    path = tmp_path / "given.csv"
    path.write_bytes((first.format(delimiter) + "\n".join(map(delimiter.join, rows))).encode(encoding))

    assert [record for _, record in read_records(path)] == rows
    assert recognize(path).is_guess == (encoding == "cp1252")


def test_utf16_may_have_either_order_of_bytes(tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes(codecs.BOM_UTF16_BE + "sku,name\nA-1,Zoë\n".encode("utf-16-be"))

    assert list(read_records(path)) == [(1, ["sku", "name"]), (2, ["A-1", "Zoë"])]


@pytest.mark.parametrize(
    ("name", "encoding"), [("Müller", "cp850"), ("Café", "mac_roman"), ("Ульянов", "cp1251"), ("Świątek", "cp1250")]
)
def test_a_file_in_another_encoding_is_not_taken_for_a_western_one(
    importer: Importer, name: str, encoding: str
) -> None:
    with pytest.raises(DamagedFile, match=r"Line 2 is not UTF-8 .* name its encoding"):
        importer.orders(f"{HEADER}\n1001,2026-11-20,{name},shop,,A-1,,Mug,1\n".encode(encoding))


def test_what_somebody_says_of_a_file_counts_more_than_how_it_looks(tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes(b"a,b;c\n1,2;3\n")

    assert recognize(path, "cp850", ";") == Shape("cp850", ";")
    with pytest.raises(DamagedFile, match="delimiter is one of"):
        recognize(path, delimiter="x")


@pytest.mark.parametrize("column", ["customer_name", "channel", "ship_by", "gtin", "product_name"])
def test_a_column_that_may_be_blank_may_be_missing(importer: Importer, column: str) -> None:
    rest = [name for name in NATIVE if name != column]

    row = dict(zip(NATIVE, ROW.split(","), strict=True))
    content = ",".join(rest) + "\n" + ",".join(row[name] for name in rest)

    assert importer.orders(content).numbers == (1, 1, 0, 0)


@pytest.mark.parametrize("column", ["order_number", "ordered_at", "quantity"])
def test_a_column_that_every_row_needs_must_be_there(importer: Importer, column: str) -> None:
    with pytest.raises(DamagedFile, match=f"the column {column} is missing"):
        importer.orders(",".join(name for name in NATIVE if name != column) + "\n1,2\n")


def test_something_must_name_the_products(importer: Importer) -> None:
    with pytest.raises(DamagedFile, match="the column sku is missing"):
        importer.orders("order_number,ordered_at,quantity\n1001,2026-11-20,1\n")


def test_cells_behind_the_header_may_be_blank_and_nothing_else(importer: Importer) -> None:
    assert importer.orders(f"{HEADER}\n{ROW},,,\n").numbers == (1, 1, 0, 0)
    with pytest.raises(DamagedFile, match="Line 2 has 12 fields"):
        importer.orders(f"{HEADER}\n{ROW},,,x\n")


def test_a_stock_file_with_its_header_twice_adds_its_rows_once(importer: Importer) -> None:
    content = stock({"sku": "A-1"}) + stock({"sku": "B-1"}) + ",,,,,\n"

    imported = importer.stock(content)

    assert imported.numbers == (4, 2, 2, 0)
    assert imported.reasons == {3: ("skipped", "the header once more"), 5: ("skipped", "empty row")}


def test_memory_does_not_grow_with_a_utf16_file(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes((native({}) + f"{ROW}\n" * 60_000).encode("utf-16"))
    tracemalloc.start()

    rows = sum(1 for _ in read_records(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert rows == 60_002
    assert peak < 6 * 1024 * 1024
