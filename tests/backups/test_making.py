"""A backup: beside people who ship, one at a time, checked, recorded, and deleted when it is old."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Engine, func, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from tests.backups.conftest import PICTURE
from tests.helpers.warehouse import Warehouse
from webapp.backups import archive, checking, making, postgresql_database
from webapp.backups.checking import check_archive
from webapp.backups.errors import AlreadyMaking
from webapp.backups.installation import Installation, connecting
from webapp.backups.making import make_backup
from webapp.backups.records import archive_of, is_making, list_backups
from webapp.backups.restoring import restore_backup
from webapp.domain.backups import Backup, BackupState, last_usable
from webapp.domain.clock import time_is, utc_now
from webapp.domain.errors import Busy
from webapp.models import Inventory, InventoryTransaction, Order

pytestmark = pytest.mark.both_engines

BackUp = Callable[..., Backup]


def hidden(folder: Path) -> list[str]:
    """Return what a backup should have deleted."""
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_backup_is_checked_listed_and_readable_by_its_owner_only(back_up: BackUp, folder: Path) -> None:
    backup = back_up()

    assert (backup.state, backup.orders, backup.detail) == (BackupState.SOUND, 2, "")
    assert backup.bytes == archive_of(folder, backup).stat().st_size > 0
    assert list_backups(folder) == [backup]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}
    assert hidden(folder) == []


@pytest.mark.durable
def test_a_copy_that_is_made_while_people_ship_is_one_moment(
    shop: Warehouse, engine: Engine, installation: Installation, folder: Path, empty: Installation
) -> None:
    lamp = shop.product("Lamp", B1=5000)
    order = shop.processing((lamp, 4000))
    begun, stop = threading.Event(), threading.Event()
    shipped: list[int] = []

    def ship() -> None:
        with Session(engine, expire_on_commit=False) as session:
            clerk = Warehouse(session, shop.store)
            while not stop.is_set():
                with suppress(Busy):  # On a slow machine one may wait for the other too long.
                    clerk.ship(order, 1)
                    shipped.append(1)
                    begun.set()

    clerks = [threading.Thread(target=ship) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    begun.wait(30)
    acknowledged = len(shipped)
    backup = make_backup(installation, folder)
    stop.set()
    for clerk in clerks:
        clerk.join(30)

    assert (backup.state, backup.detail) == (BackupState.SOUND, "")
    restore_backup(archive_of(folder, backup), empty, frozenset(installation.revision().split()))
    with connecting(empty.url) as restored, restored.connect() as connection:
        fulfilled = connection.scalar(
            select(func.count()).where(
                InventoryTransaction.product_id == lamp.id, InventoryTransaction.quantity_change < 0
            )
        )
    assert acknowledged <= (fulfilled or 0) <= len(shipped)
    assert len(shipped) > acknowledged


@pytest.mark.engines("sqlite")
def test_only_one_is_made_at_a_time(back_up: BackUp, folder: Path) -> None:
    refused: list[int] = []

    def second(number: int, _of: int) -> None:
        assert is_making(folder)
        assert [one.state for one in list_backups(folder)] == [BackupState.MAKING]
        with pytest.raises(AlreadyMaking):
            back_up()
        refused.append(number)

    first = back_up(on_check=second)

    assert refused
    assert first.state is BackupState.SOUND
    assert not is_making(folder)
    assert list_backups(folder) == [first]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("module", "step"), [(making, "write_archive"), (making, "check_archive")])
def test_a_full_disk_is_recorded_and_leaves_nothing_behind(
    back_up: BackUp, folder: Path, monkeypatch: pytest.MonkeyPatch, module: object, step: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(module, step, full)
        with pytest.raises(OSError, match="No space left"):
            back_up()

    [tried] = list_backups(folder)
    assert (tried.state, tried.detail) == (BackupState.FAILED, "[Errno 28] No space left on device")
    assert not archive_of(folder, tried).exists()
    assert hidden(folder) == []
    assert back_up().state is BackupState.SOUND


@pytest.mark.engines("sqlite")
def test_one_that_was_killed_counts_as_interrupted_and_the_next_tidies_up(back_up: BackUp, folder: Path) -> None:
    record = json.loads((folder / f"{back_up().name}.json").read_text())
    killed = "packbench-20990101T000000Z"
    (folder / f"{killed}.json").write_text(
        json.dumps({**record, "state": "making", "began_at": "2099-01-01T00:00:00Z"})
    )
    (folder / ".working-abc").mkdir()
    (folder / ".working-abc" / "copy").write_text("half a database")
    (folder / f".{killed}.tar.gz.arriving").write_text("half an archive")

    assert (list_backups(folder)[0].state, list_backups(folder)[0].detail) == (
        BackupState.FAILED,
        "it was interrupted",
    )
    back_up()

    assert hidden(folder) == []


def test_a_backup_of_wrong_stock_is_not_called_sound(back_up: BackUp, db: Session) -> None:
    db.execute(update(Inventory).values(quantity=Inventory.quantity + 1))
    db.commit()

    backup = back_up()

    assert backup.state is BackupState.BROKEN
    assert backup.detail.startswith("stock verify: ")


def test_what_is_kept_of_a_wrong_row_is_its_rule_since_every_stores_administrator_reads_it(
    back_up: BackUp, db: Session, shop: Warehouse, installation: Installation, folder: Path
) -> None:
    order = shop.processing((shop.product(A1=9), 1), order_number="SECRET-77", customer_name="Xaveria")
    db.execute(update(Order).where(Order.id == order.id).values(status="refunded"))
    db.commit()

    backup = back_up()

    assert backup.state is BackupState.BROKEN
    assert not any(text in backup.detail for text in ("SECRET-77", "Xaveria", shop.store.code))
    finding = check_archive(archive_of(folder, backup), installation, installation.revision())
    assert (finding.detail, str(order.id) in finding.row) == (backup.detail, True)


def test_a_picture_that_a_product_names_and_the_disk_lacks_is_reported(
    back_up: BackUp, installation: Installation, shop: Warehouse
) -> None:
    shutil.rmtree(installation.pictures)

    backup = back_up()

    assert backup.state is BackupState.BROKEN
    assert backup.detail == "a picture that a product names is missing"


@pytest.mark.engines("sqlite")
def test_old_ones_are_deleted_but_never_the_last_that_can_be_used(
    back_up: BackUp, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "check_archive", lambda *_: checking.Finding(BackupState.SOUND))
    now = utc_now()
    made: list[Backup] = []
    for days in (4, 3, 2):
        with time_is(now - timedelta(days=days)):
            made.append(back_up())
    with monkeypatch.context() as broken:
        broken.setattr(making, "check_archive", lambda *_: checking.Finding(BackupState.BROKEN, "wrong"))
        with time_is(now - timedelta(days=1)):
            wrong = back_up(keep=1)

    assert list_backups(folder) == [wrong, made[2]]
    newest = back_up(keep=2)
    assert list_backups(folder) == [newest, wrong, made[2]]
    assert last_usable([wrong, made[2]]) == made[2]
    assert {path.name.partition(".")[0] for path in folder.iterdir()} == {
        "lock",
        newest.name,
        wrong.name,
        made[2].name,
    }


@pytest.mark.engines("sqlite")
def test_two_of_one_second_have_different_names(back_up: BackUp, folder: Path) -> None:
    with time_is(utc_now()):
        names = {back_up().name, back_up().name}

    assert len(names) == 2
    assert {one.name for one in list_backups(folder)} == names


@pytest.mark.engines("sqlite")
def test_one_whose_file_is_gone_is_no_backup(back_up: BackUp, folder: Path) -> None:
    archive_of(folder, back_up()).unlink()

    [gone] = list_backups(folder)

    assert (gone.state, gone.detail) == (BackupState.FAILED, "its file is gone")
    assert last_usable([gone]) is None


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("text", ["", "{}", "[]", '{"state": "odd"}'])
def test_a_record_that_cannot_be_read_is_passed_over(back_up: BackUp, folder: Path, text: str) -> None:
    backup = back_up()
    (folder / "packbench-20990101T000000Z.json").write_text(text)

    assert list_backups(folder) == [backup]


@pytest.mark.engines("postgresql")
class TestPostgresql:
    def test_a_role_that_may_not_create_databases_leaves_it_unchecked(
        self, installation: Installation, folder: Path
    ) -> None:
        owner = make_url(installation.url)
        role = owner.set(username="packbench_no_databases")
        with psycopg.connect(postgresql_database._conninfo(owner), autocommit=True) as connection:
            connection.execute("DROP ROLE IF EXISTS packbench_no_databases")
            connection.execute("CREATE ROLE packbench_no_databases LOGIN")
        unchecked = Installation(installation.url, installation.pictures, role.render_as_string(hide_password=False))

        backup = make_backup(unchecked, folder)

        assert backup.state is BackupState.UNCHECKED
        assert "permission denied to create database" in backup.detail
        assert last_usable(list_backups(folder)) == backup

    def test_a_server_that_stops_during_the_check_leaves_it_unchecked(
        self, back_up: BackUp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def cut(connection: Connection, *_: object) -> None:
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

        monkeypatch.setattr(checking, "_first_violation", cut)

        backup = back_up()

        assert backup.state is BackupState.UNCHECKED
        assert "the database for checks did not serve" in backup.detail

    def test_without_its_programs_the_failure_names_what_to_install(
        self, back_up: BackUp, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgresql_database, "_DEBIAN", tmp_path)
        monkeypatch.setenv("PATH", str(tmp_path))

        backup = back_up()

        assert (backup.state, backup.bytes) == (BackupState.FAILED, 0)
        assert "postgresql-client" in backup.detail
        assert list_backups(folder) == [backup]

    def test_no_database_for_checks_stays(self, back_up: BackUp, installation: Installation) -> None:
        back_up()

        with psycopg.connect(postgresql_database._conninfo(make_url(installation.url))) as connection:
            left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'packbench_check_%'")
            assert left.fetchall() == []


@pytest.mark.engines("sqlite")
def test_the_archive_holds_only_stored_pictures(
    back_up: BackUp, installation: Installation, shop: Warehouse, folder: Path
) -> None:
    (installation.pictures / str(shop.store.id) / ".half").write_text("arriving")
    (installation.pictures / "notes.txt").write_text("mine")

    backup = back_up()

    with archive.reading(archive_of(folder, backup)) as (_manifest, members):
        names = [name for name, _content in members]
    assert names == ["database", f"pictures/{shop.store.id}/{PICTURE}"]
