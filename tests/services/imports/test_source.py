"""Damaged files are refused with a sentence that says what is wrong, and where."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from webapp.domain.errors import DamagedFile
from webapp.domain.wording import Wording
from webapp.services.imports import source
from webapp.services.imports.source import MAX_LINE_BYTES, read_records, recognize

GOOD = b"sku,quantity\nA-1,5\n"


def read(folder: Path, content: bytes, encoding: str = "") -> list[tuple[int, list[str]]]:
    path = folder / "given.csv"
    path.write_bytes(content)
    return list(read_records(path, recognize(path, encoding)))


def zipped(*names: str) -> bytes:
    """Return a zip archive of files with these names."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "sku")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"sku,quantity\n\x81tag\x8are,5\n", r"Line 2 is not UTF-8 \(byte 0x81 at place 1\)"),
        ("sku,quantity\n".encode("utf-16") + b"5", "begins as UTF-16 and does not go on so"),
        ("sku,quantity\nA,1\n".encode("utf-16-le"), "Line 1 holds a NUL byte"),
        (GOOD + b"A-\x002,5\n", "Line 3 holds a NUL byte"),
        (b"PK\x03\x04 and so on", "a spreadsheet or another zip archive"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "The spreadsheet is damaged"),
        (zipped("mimetype", "content.xml"), "The spreadsheet is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", "The spreadsheet is damaged"),
        (zipped("orders_export_1.csv"), "Unpack it and give orders_export_1.csv, which is in it."),
        (zipped("a\nForged\x1b[31m.csv"), r"Unpack it and give a\\nForged\\x1b\[31m\.csv, which is in it"),
        (zipped("photo.jpg"), "a zip archive without a CSV file"),
        (b'sku,quantity\n"A-1,5\nB-1,6\n', "Line 2: a quotation mark is opened and never closed"),
        (b'sku,quantity\n"A-1"x,5\n', "Line 2: text follows a closing quotation mark"),
        (b'sku,quantity\n"' + b"A" * 200_000 + b'",5\n', "Line 2: a field is longer than 131072 characters"),
        (b'sku,quantity\n"A\n' + b'A","\n' * 600_000, "A quotation mark may be missing"),
        (GOOD + b"x" * (MAX_LINE_BYTES + 1), "Line 3 is longer than 1 MiB"),
        (gzip.compress(GOOD * 9000, mtime=0)[:-60], "damaged or was cut short"),
        (gzip.compress(GOOD, mtime=0)[:-4] + b"....", "damaged or was cut short"),
        (b"\x1f\x8bno gzip at all", "damaged or was cut short"),
        (gzip.compress(b"\xff\xfes\0k\0u", mtime=0), "begins as UTF-16 and does not go on so"),
    ],
)
def test_damage_is_named_with_its_line(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(DamagedFile, match=sentence):
        read(tmp_path, content)


def test_a_line_of_100_mb_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(GOOD)
        file.truncate(100 * 1024 * 1024)
    packed = tmp_path / "huge.csv.gz"
    with gzip.open(packed, "wb", compresslevel=1) as file:
        for _ in range(100):
            file.write(b"x" * 1024 * 1024)
    tracemalloc.start()

    for one in (path, packed):
        with pytest.raises(DamagedFile, match="longer than 1 MiB"):
            list(read_records(one))

    assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    tracemalloc.stop()


def test_a_gzip_file_that_unpacks_to_a_flood_is_refused_before_it_does(tmp_path: Path) -> None:
    flood = GOOD + b"A-1,5\n" * 900_000

    with pytest.raises(DamagedFile, match="unpacks to more than 100 times its size"):
        read(tmp_path, gzip.compress(flood, mtime=0))


@pytest.mark.parametrize("rows", [170_000, 10])
def test_a_small_gzip_file_may_be_as_regular_as_it_likes(tmp_path: Path, rows: int) -> None:
    assert len(read(tmp_path, gzip.compress(b"A-1,5\n" * rows, mtime=0))) == rows


LIMITS = [
    ("MAX_BYTES", len(GOOD) + 6, "The file has more than 0 MiB. Check that it is the right file."),
    ("MAX_ROWS", 3, "The file has more than 3 rows."),
    ("MAX_BLANK_LINES", 1, "The file has more than 1 blank lines."),
]


@pytest.mark.parametrize(("name", "most", "sentence"), LIMITS)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_larger_than_any_shops_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    most: int,
    sentence: str,
    pack: Callable[[bytes], bytes],
) -> None:
    within = GOOD + b"\nB,1\n\n"[:5] if name == "MAX_BLANK_LINES" else GOOD + b"BBB,1\n"
    monkeypatch.setattr(source, name, most)

    assert read(tmp_path, pack(within))[0] == (1, ["sku", "quantity"])
    with pytest.raises(DamagedFile, match=sentence):
        read(tmp_path, pack(within + b"\nC,1\n"))


def test_what_is_no_readable_file_is_said_so(tmp_path: Path) -> None:
    for path, sentence in [
        (tmp_path / "absent.csv", r"^There is no file absent\.csv\.$"),
        (tmp_path, f"^{tmp_path.name} is a folder, not a file"),
        (Path("a\0b"), "cannot be opened"),
    ]:
        with pytest.raises(DamagedFile, match=sentence) as refusal:
            list(read_records(path))
        assert isinstance(refusal.value.message, Wording), "to be translated"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-7", "raw_unicode_escape", "rot13", "klingon"])
def test_an_encoding_that_cannot_be_read_by_lines_is_refused(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(DamagedFile, match=encoding):
        read(tmp_path, GOOD, encoding)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_a_mark_and_gzip_make_no_difference(tmp_path: Path, line_end: bytes) -> None:
    plain = b"sku,name\nA-1,Caf\xc3\xa9\n\nB-1,Tea\n".replace(b"\n", line_end)

    for content in (plain, b"\xef\xbb\xbf" + plain, gzip.compress(plain), plain.removesuffix(line_end)):
        assert read(tmp_path, content) == [(1, ["sku", "name"]), (2, ["A-1", "Café"]), (4, ["B-1", "Tea"])]


def test_a_named_encoding_is_used(tmp_path: Path) -> None:
    assert read(tmp_path, "sku,name\nA-1,Café\n".encode("cp1252"), "cp1252")[1] == (2, ["A-1", "Café"])


def test_a_record_over_several_lines_has_the_number_of_its_first(tmp_path: Path) -> None:
    content = b'sku,name\nA-1,"a\nb\r\nc ""d"""\nB-1,x\n'

    assert read(tmp_path, content)[1:] == [(2, ["A-1", 'a\nb\r\nc "d"']), (5, ["B-1", "x"])]
