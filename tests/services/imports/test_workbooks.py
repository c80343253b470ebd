"""XLSX and ODS files are read like CSV, each cell by its type; a workbook that is a bomb hurts nobody."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import items_of
from tests.services.imports.importing import Importer
from webapp.domain.errors import DamagedFile
from webapp.models import Inventory, Order, Store
from webapp.services.imports import workbooks
from webapp.services.imports.source import read_records

HEADER = ("order_number", "ordered_at", "ship_by", "sku", "gtin", "product_name", "quantity")
ODS_CELL = '<table:table-cell office:value-type="{kind}" {value}><text:p>{text}</text:p></table:table-cell>'
ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
    '<office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet>'
    "</office:body></office:document-content>"
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)


def xlsx(path: Path, *sheets: Sequence[Sequence[Any]]) -> Path:
    """Write a workbook; each sheet is its rows of texts, numbers and dates."""
    with xlsxwriter.Workbook(str(path)) as workbook:
        day, moment = (workbook.add_format({"num_format": form}) for form in ("dd.mm.yyyy", "dd.mm.yyyy hh:mm"))
        for rows in sheets:
            sheet = workbook.add_worksheet()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(row, column, cell, moment)
                    elif isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, day)
                    else:
                        sheet.write(row, column, cell)
    return path


def ods(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """Write an OpenDocument sheet of texts and numbers."""

    def cell(value: Any) -> str:
        if isinstance(value, int):
            return ODS_CELL.format(kind="float", value=f'office:value="{value}"', text=value)
        if isinstance(value, date):
            return ODS_CELL.format(kind="date", value=f'office:date-value="{value.isoformat()}"', text=value)
        return ODS_CELL.format(kind="string", value="", text=value)

    text = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS.format(rows=text))
    return path


@pytest.mark.parametrize("write", [xlsx, ods])
def test_a_sheet_of_orders_comes_in_by_the_types_of_its_cells(
    importer: Importer, db: Session, store: Store, tmp_path: Path, write: Any
) -> None:
    row = (1001, date(2026, 11, 20), date(2026, 11, 30), 10, 4006380013117, "Bowl", 2)

    imported = importer.orders(write(tmp_path / "orders.csv", [HEADER, row]))

    [order] = db.scalars(select(Order).where(Order.store_id == store.id))
    assert imported.numbers == (1, 1, 0, 0)
    assert (order.order_number, order.ordered_at.isoformat()) == ("1001", "2026-11-20T00:00:00+00:00")
    assert order.ship_by.isoformat() == "2026-11-30T23:59:59+00:00"
    assert [(item.sku, item.gtin, item.quantity) for item in items_of(db, order)] == [("10", "4006380013117", 2)]


def test_a_sheet_of_stock_comes_in(importer: Importer, db: Session, tmp_path: Path) -> None:
    rows = [("sku", "location", "quantity"), ("A-1", "A-01", 5), (), ("B-1", "A-02", 2.5)]

    imported = importer.stock(xlsx(tmp_path / "stock.xlsx", rows))

    assert imported.numbers == (2, 1, 0, 1)
    assert imported.reasons[4][0] == "rejected"
    assert db.scalars(select(Inventory.quantity).where(Inventory.store_id == importer.store_id)).all() == [5]


def test_the_first_sheet_with_rows_counts_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    seen = datetime(2026, 11, 20, 10, 5)  # noqa: DTZ001  Cells have no zone.
    path = xlsx(tmp_path / "a.xlsx", [], [(), ("sku", "seen"), ("A-1", seen), ("x", True)], [("other",)])

    assert list(read_records(path)) == [(2, ["sku", "seen"]), (3, ["A-1", "2026-11-20 10:05:00"]), (4, ["x", "true"])]


def test_a_sheet_that_claims_every_cell_there_is_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.xlsx"
    with xlsxwriter.Workbook(str(whole)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write("A1", "sku")
        sheet.write(1_048_575, 16_383, "x")

    assert whole.stat().st_size < 8000
    with pytest.raises(DamagedFile, match="damaged, or too large"):
        list(read_records(whole))


@pytest.mark.parametrize(("name", "most"), [("MAX_UNPACKED", 100), ("MAX_PARTS", 2)])
def test_a_workbook_that_unpacks_to_a_flood_is_refused_before_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(workbooks, name, most)

    with pytest.raises(DamagedFile, match="too large"):
        list(read_records(xlsx(tmp_path / "a.xlsx", [("sku",)])))


@pytest.mark.parametrize("cut", [0.5, 0.95])
def test_a_workbook_that_was_cut_short_is_refused(tmp_path: Path, cut: float) -> None:
    path = xlsx(tmp_path / "a.xlsx", [("sku",)])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * cut)])

    with pytest.raises(DamagedFile):
        list(read_records(path))


def test_a_workbook_with_a_nul_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match=r"Row 2 .* NUL"):
        list(read_records(xlsx(tmp_path / "a.xlsx", [("sku",), ("A\0B",)])))


def test_a_part_of_a_workbook_that_is_no_xml_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("content.xml", "<not><closed>")
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    path = tmp_path / "a.ods"
    path.write_bytes(content.getvalue())

    with pytest.raises(DamagedFile):
        list(read_records(path))
