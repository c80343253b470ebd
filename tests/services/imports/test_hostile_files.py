"""Files that were made to fill memory, disk or time, and files that are something else: a clear sentence for each."""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path

import pytest

from tests.helpers.pictures import PNG
from tests.services.imports.test_workbooks import MANIFEST, ODS, ods
from webapp.domain.errors import DamagedFile
from webapp.domain.wording import Wording
from webapp.services.imports import workbooks, zip_archives
from webapp.services.imports.job_files import JobFiles
from webapp.services.imports.picture_archives import unpack_pictures
from webapp.services.imports.recognition import recognise
from webapp.services.imports.source import read_records

REPEATED = (
    '<table:table-row table:number-rows-repeated="{rows}"><table:table-cell office:value-type="string" '
    'table:number-columns-repeated="{columns}"><text:p>x</text:p></table:table-cell></table:table-row>'
)
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(4096, b"\0")


def archive(path: Path, *names: str, packing: int = zipfile.ZIP_DEFLATED, content: bytes = b"") -> Path:
    with zipfile.ZipFile(path, "w", packing) as packed:
        for name in names:
            packed.writestr(name, content)
    return path


def quiet(*_: object) -> None:
    """Show no progress."""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a" * 3_000_000, "longer than 1 MiB"),
        (b"order_number,sku\0,quantity\n", "NUL byte"),
        (b"<!DOCTYPE html><table><tr><td>Order</td></tr></table>", "web page"),
        (b"\xef\xbb\xbf\r\n <html xmlns:x='urn:schemas-microsoft-com:office:excel'>", "web page"),
        (b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?>", "web page"),
        (b"%PDF-1.7\n\x00\xff", "PDF"),
        (ENCRYPTED, "protected by a password"),
        (b"PK\x03\x04 and nothing more", "another zip archive"),
    ],
)
def test_what_is_no_list_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "orders.xlsx"
    path.write_bytes(content)

    with pytest.raises(DamagedFile, match=words):
        recognise(path)


@pytest.mark.parametrize(
    ("rows", "columns", "words"),
    [(1, 10**9, "1,000 columns"), (1_048_576, 16_384, "damaged"), (10**12, 1, "1,000,000")],
)
def test_cells_that_a_sheet_repeats_without_end_are_refused(
    tmp_path: Path, rows: int, columns: int, words: str
) -> None:
    path = ods(tmp_path / "a.ods", [])
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", MANIFEST)
        packed.writestr("content.xml", ODS.format(rows=REPEATED.format(rows=rows, columns=columns)))

    with pytest.raises(DamagedFile, match=words):
        list(read_records(path))


def test_an_archive_that_lists_too_many_files_is_not_even_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path / "a.zip", *(f"{number}.png" for number in range(50)))
    assert len(zip_archives.names_in_zip(path)) == 50
    monkeypatch.setattr(zip_archives, "MOST_LIST_BYTES", 1000)

    with pytest.raises(DamagedFile, match="zip archive"):
        recognise(path)
    with pytest.raises(DamagedFile, match="cannot be opened"):
        unpack_pictures(path, tmp_path, quiet)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_pictures_packed_so_that_they_unpack_without_limit_are_left_out(tmp_path: Path, packing: int) -> None:
    path = archive(tmp_path / "a.zip", "a.png", packing=packing, content=PNG)

    (left_out,) = unpack_pictures(path, tmp_path, quiet)

    assert "as a ZIP of the usual kind" in left_out.reason
    assert not (tmp_path / "a.png").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_why_a_picture_stays_packed_can_be_translated(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "b.png", "b.png", "..", content=PNG)

    left_out = unpack_pictures(path, tmp_path, quiet)

    assert [one.reason for one in left_out] == ["another file of the archive has this name", "its name cannot be used"]
    assert all(isinstance(one.reason, Wording) for one in left_out)


def test_names_of_an_archive_lead_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    folder.mkdir()
    names = ("../../evil.png", "/evil-too.png", "C:\\evil-3.png", "..", "x/../..", "a" * 300 + ".png")

    unpack_pictures(archive(tmp_path / "a.zip", *names, content=PNG), folder, quiet)

    assert {path.name for path in folder.iterdir()} == {"evil.png", "evil-too.png", "evil-3.png"}
    assert {path.name for path in tmp_path.iterdir()} == {"a.zip", "unpacked"}


def test_a_spreadsheet_waits_for_its_place_and_gives_up_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ods(tmp_path / "a.ods", [("sku",), *[("CUP",)] * 200])  # More than is read ahead to find the titles.
    monkeypatch.setattr(workbooks, "_READERS", threading.Semaphore(1))
    monkeypatch.setattr(workbooks, "_SECONDS_TO_WAIT", 0)
    records = read_records(path)
    next(records)

    with pytest.raises(DamagedFile, match="other spreadsheets"):
        list(read_records(path))
    del records

    assert next(read_records(path)) == (1, ["sku"])


def test_what_a_killed_import_unpacked_is_deleted_by_the_next(tmp_path: Path) -> None:
    files = JobFiles(tmp_path, 1)
    killed = files.scratch()
    folder = killed.__enter__()
    (folder / "unpacked").mkdir()

    with files.scratch() as again:
        assert list(again.iterdir()) == []

    assert not folder.exists()
