"""A manager sends a file, sees what it would change, imports it, and reads what became of it."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from tests.database.migrating import rows_of, tables_of
from tests.helpers.cast import Part
from tests.helpers.markup import parse
from tests.helpers.photographs import photograph
from tests.helpers.pictures import JPEG, PNG
from tests.helpers.warehouse import Warehouse
from tests.services.imports.importing import native, stock
from tests.web.imports.conftest import Desk
from webapp.domain.import_jobs import FILE_KEPT, JobState
from webapp.domain.uploads import UPLOAD_MARK
from webapp.models import ImportJobRow, Inventory, Order, Product
from webapp.services.imports.job_files import JobFiles

NOT_OURS = {"api_tokens", "sessions", "import_jobs", "idempotency_keys"}
"""Rows of those who ask, and of the import itself."""


def orders(*numbers: int, sku: str = "A-1") -> str:
    return native(*({"order_number": f"N-{number}", "sku": sku} for number in numbers))


def archive(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name.replace("__", "."), content)
    return packed.getvalue()


def count(db: Session, model: type[Order | ImportJobRow | Product]) -> int:
    db.rollback()
    return db.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.both_engines
def test_a_file_of_orders_is_checked_at_once_and_imported_at_a_press(
    desk: Desk, db: Session, engine: Engine, warehouse: Warehouse
) -> None:
    before = rows_of(engine, tables_of(engine) - NOT_OURS)
    file = native({"order_number": "1"}, {"order_number": "2", "quantity": "6.0"}, {"order_number": "3", "sku": "B"})

    address = desk.sent("Monday.csv", file)

    assert rows_of(engine, tables_of(engine) - NOT_OURS) == before
    expected = desk.words(address)
    assert "Ready to import" in expected
    assert "2 new orders" in expected
    assert "1 refused order" in expected
    assert "1 refused orders" not in expected
    assert "3 rows read: 2 taken, 0 left out, 1 refused" in expected
    assert "6.0" in expected

    finished = desk.press(address, "run")

    assert "The import is finished" in finished
    assert expected.partition("2 new orders")[2].partition("Import now")[0] in finished
    assert set(db.scalars(select(Order.order_number))) == {"1", "3"}
    assert "Monday.csv" in parse(desk.tablet.get("/imports").response.text).words


def test_the_first_rows_are_shown_as_they_will_be_read(desk: Desk) -> None:
    page = desk.tablet.get(desk.sent("o.csv", native({"order_number": "N-7", "product_name": " Lantern "})))

    table = page.root.one("table", css="imports__table")
    assert [cell.words for cell in table.all("th")] == ["Row", "Order", "Ordered", "SKU", "Product", "Units", "2"]
    assert [cell.words for cell in table.all("td")] == ["N-7", "2026-01-05 10:00", "A-1", "Lantern", "1"]


def test_the_report_lists_every_row_that_was_left_out(desk: Desk) -> None:
    address = desk.sent("o.csv", native({"quantity": "none"}))
    desk.tablet.get(address)

    report = desk.tablet.client.get(f"{address}/report.csv", buffered=True)

    assert report.status_code == 200
    assert "attachment" in report.headers["Content-Disposition"]
    assert "rejected" in report.text


def test_the_same_orders_again_would_change_nothing_and_no_button_imports_them(desk: Desk, db: Session) -> None:
    desk.press(desk.sent("o.csv", orders(1, 2)), "run")

    words = desk.words(desk.sent("copy.csv", orders(1, 2)))

    assert "There is nothing to import" in words
    assert "Import now" not in words
    assert count(db, Order) == 2


@pytest.mark.both_engines
def test_a_delivery_that_was_had_before_is_asked_about(desk: Desk, db: Session, warehouse: Warehouse) -> None:
    delivery = stock({"sku": "A-1", "quantity": 5})
    desk.press(desk.sent("Monday.csv", delivery), "run")

    address = desk.sent("Tuesday.csv", delivery)
    assert "These rows were imported before" in desk.words(address)
    assert "Import now" not in desk.words(address)

    assert "5 units added" in desk.press(address, "reading", format="stock", reference="Delivery 17")
    assert "The import is finished" in desk.press(address, "run")
    assert db.scalar(select(Inventory.quantity)) == 10


def test_columns_that_nobody_knows_are_asked_about(desk: Desk) -> None:
    address = desk.sent("strange.csv", "a,b\r\n1,2\r\n").removesuffix("/columns")
    assert "What does this file hold?" in desk.words(address)
    assert desk.started == []

    words = desk.press(address, "reading", format="native")

    assert "The file cannot be imported as it is" in words
    assert "order_number" in words


@pytest.mark.parametrize("format_name", ["", "letters", "../../etc"])
def test_an_unknown_format_is_refused(desk: Desk, format_name: str) -> None:
    address = desk.sent("strange.csv", "a,b\r\n1,2\r\n").removesuffix("/columns")

    assert "What does this file hold?" in desk.press(address, "reading", format=format_name)


def test_gzip_is_read_and_a_file_that_unpacks_to_a_flood_is_refused(desk: Desk, db: Session) -> None:
    assert "1 new order" in desk.words(desk.sent("o.csv.gz", gzip.compress(orders(1).encode())))

    flood = gzip.compress(b"sku,gtin,product_name,warehouse,location,quantity\r\n" + b"A,,,,B,1\r\n" * 900_000)
    words = desk.words(desk.sent("flood.csv.gz", flood))

    assert "The file cannot be imported as it is" in words
    assert "unpacks to more than 100 times its size" in words
    assert count(db, Product) == 0


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "Choose a file first."),
        ([("orders.csv", b"")], "The file “orders.csv” is empty."),
        ([("orders.csv", b"\x00\x01\x02\n")], "NUL"),
        ([("orders.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 20)], "not"),
        ([("a.csv", b"a,b\n"), ("b.csv", b"a,b\n")], "Send one file at a time."),
        ([("letters.zip", archive(readme__txt=b"hello"))], "zip archive"),
        ([("MUG.png", PNG), ("a.csv", b"a,b\n")], "Send one file at a time."),
    ],
)
def test_what_cannot_be_imported_is_refused_in_words_and_leaves_nothing(
    desk: Desk, db: Session, folders: Path, files: list[tuple[str, bytes]], words: str
) -> None:
    answer = desk.send(*files)

    assert answer.status == 422
    assert words in answer.words
    assert count(db, ImportJobRow) == 0
    assert [one for one in (folders / "IMPORT_FOLDER").rglob("*") if one.is_file()] == []


@pytest.mark.parametrize("name", ["../../../../etc/passwd.csv", "..\\..\\evil.csv", "/abs/o.csv"])
def test_a_path_in_a_file_name_leads_nowhere(desk: Desk, folders: Path, name: str) -> None:
    address = desk.sent(name, orders(1))

    kept = [one.name for one in (folders / "IMPORT_FOLDER").rglob("*") if one.is_file()]
    assert [one.partition("-")[0] for one in sorted(kept)] == ["1", "1", "1.starting", "1.work", "turn"]
    assert "/" not in desk.tablet.get(address).root.one("h1").words
    assert {one.stat().st_mode & 0o077 for one in (folders / "IMPORT_FOLDER").rglob("*")} == {0}


def test_a_request_that_is_too_large_is_refused_before_it_is_read(
    desk: Desk, db: Session, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(app.view_functions["imports.create"]), UPLOAD_MARK, 20_000)
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)

    refused, fits = desk.send(("large.csv", b"x" * 30_000)), desk.send(("fits.csv", orders(*range(300))))

    assert refused.status == 413
    assert "The file is larger than 0 MB" in refused.words
    assert fits.status == 303
    assert "300 new orders" in desk.words(fits.location)


def test_only_managers_send_files_and_nobody_else_is_read(desk_of: Callable[[Part], Desk], db: Session) -> None:
    for part in ("packer", "supervisor", "admin"):
        assert desk_of(part).send(("o.csv", orders(1))).status == 403
    assert count(db, ImportJobRow) == 0


def test_an_import_of_another_store_is_not_there(desk_of: Callable[[Part], Desk], db: Session) -> None:
    manager, outsider = desk_of("manager"), desk_of("outsider")
    address = manager.sent("o.csv", orders(1))
    report = db.scalar(select(ImportJobRow.report))

    for path in ("", "/panel", "/report.csv"):
        assert outsider.tablet.get(f"{address}{path}").status == 404
    for action in ("run", "check", "stop", "reading"):
        assert outsider.tablet.post(f"{address}/{action}", {"format": "stock"}).status == 404
    assert "o.csv" not in outsider.tablet.get("/imports").words
    assert report
    assert count(db, Order) == 0


def test_a_form_that_is_sent_twice_makes_one_import(desk: Desk, db: Session) -> None:
    first = desk.send(("o.csv", orders(1)), idempotency_key="k-1")
    again = desk.send(("o.csv", orders(1)), idempotency_key="k-1")
    other = desk.send(("o.csv", orders(2)), idempotency_key="k-1")

    assert again.location == first.location
    assert other.status == 422
    assert count(db, ImportJobRow) == 1


def test_the_same_file_sent_and_imported_twice_has_one_effect(desk: Desk, db: Session) -> None:
    first, second = desk.sent("s.csv", stock({})), desk.sent("s.csv", stock({}))

    desk.press(first, "run")
    desk.press(second, "run")

    assert db.scalar(select(Inventory.quantity)) == 5


def test_a_file_of_before_the_database_was_restored_is_not_taken_for_that_of_a_job(
    desk: Desk, db: Session, folders: Path
) -> None:
    desk.sent("o.csv", orders(1))
    db.execute(update(ImportJobRow).values(file_hash="f" * 64))
    db.commit()

    assert "The file is no longer kept" in desk.press("/imports/1", "run")
    assert count(db, Order) == 0


def test_a_file_that_is_no_longer_kept_is_not_read_another_way(desk: Desk, db: Session, folders: Path) -> None:
    delivery = stock({"sku": "A-1", "quantity": 5})
    desk.press(desk.sent("Monday.csv", delivery), "run")
    address = desk.sent("Tuesday.csv", delivery)
    shutil.rmtree(folders / "IMPORT_FOLDER")
    assert "another delivery" not in desk.words(address)

    words = desk.press(address, "reading", format="stock", reference="Delivery 17")

    assert "The file is no longer kept" in words
    db.rollback()
    assert db.scalars(select(ImportJobRow.state)).all() == [JobState.FINISHED, JobState.CHECKED]


def test_an_old_file_is_deleted_with_its_locks_and_no_lock_before_its_file(tmp_path: Path) -> None:
    files, old = JobFiles(tmp_path, 1), time.time() - FILE_KEPT.total_seconds() - 60
    files.work_lock(1).parent.mkdir()
    for path in (files.path_of(1, "a" * 64), files.path_of(2, "b" * 64), files.work_lock(1), files.work_lock(2)):
        path.touch()
        os.utime(path, (old, old))
    os.utime(files.path_of(2, "b" * 64))

    files.remove_old()

    assert {path.name for path in (tmp_path / "1").iterdir()} == {"2-" + "b" * 16, "2.work"}


def test_import_now_pressed_twice_runs_once(desk: Desk, db: Session, folders: Path) -> None:
    address = desk.sent("o.csv", orders(1))
    desk.press(address, "run")
    started = len(desk.started)

    desk.press(address, "run")

    assert len(desk.started) == started
    assert count(db, Order) == 1


def test_pictures_come_alone_together_or_in_an_archive(desk: Desk, db: Session) -> None:
    desk.press(desk.sent("s.csv", stock({"sku": "MUG"}, {"sku": "CUP"}, {"sku": "PAN"})), "run")

    together = desk.send(("MUG.png", PNG), ("../cup.jpg", JPEG), ("no-such.png", PNG))
    assert "2 new pictures" in desk.words(together.location)
    assert "no product has the SKU no-such" in desk.words(together.location)
    assert db.scalars(select(Product.picture).where(Product.picture.is_not(None))).all() == []
    desk.press(together.location, "run")
    zipped = desk.sent("all.zip", archive(PAN__jpg=photograph(640, 480), MUG__png=PNG))
    desk.press(zipped, "run")

    db.rollback()
    pictured = db.scalars(select(Product.sku).where(Product.picture.is_not(None))).all()
    assert sorted(pictured) == ["CUP", "MUG", "PAN"]
    assert "1 unchanged picture" in desk.words(zipped)
    assert (db.scalar(select(Product.picture).where(Product.sku == "PAN")) or "").endswith(".webp")


@pytest.mark.parametrize("name", ["orders", "stock"])
def test_a_template_is_recognised_when_it_comes_back(desk: Desk, name: str) -> None:
    template = desk.tablet.client.get(f"/imports/templates/{name}.csv")
    assert template.status_code == 200

    row = {"orders": "1,2026-01-05,Ann,,,A-1,,,2" + "," * 16, "stock": "A-1,,Mug,,A-01,4"}[name]
    assert "Ready to import" in desk.words(desk.sent("filled.csv", template.text + row + "\r\n"))
    assert desk.tablet.get("/imports/templates/passwords.csv").status == 404


def test_a_missing_column_is_named_in_the_readers_language(desk: Desk) -> None:
    address = desk.sent("s.csv", "Name,Email,Lineitem quantity,Lineitem name\n#1,a@example.org,1,Mug\n")
    address = address.removesuffix("/columns")
    desk.press(address, "reading", format="shopify")
    desk.tablet.post("/language", {"language": "de"}, htmx=False)

    words = desk.words(address)

    assert "Das ist keine Datei im Format shopify: Die Spalte Created at fehlt." in words
    assert "Die Kopfzeile lautet: Name, Email" in words
