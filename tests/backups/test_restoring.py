"""Restoring: into an empty place only, all of it or nothing, and never from a damaged file."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import MetaData, select

from tests.backups.conftest import DRAWING, PICTURE
from tests.helpers.warehouse import Warehouse
from webapp.backups import restoring
from webapp.backups.archive import extract
from webapp.backups.checking import check_archive
from webapp.backups.errors import NoBackup, NotPossible
from webapp.backups.installation import Installation, connecting
from webapp.backups.records import archive_of
from webapp.backups.restoring import restore_backup
from webapp.domain.backups import Backup, BackupState

pytestmark = pytest.mark.both_engines


@pytest.fixture
def archive(back_up: Callable[..., Backup], folder: Path) -> Path:
    """A sound backup's file."""
    return archive_of(folder, back_up())


@pytest.fixture
def revisions(installation: Installation) -> frozenset[str]:
    return frozenset(installation.revision().split())


def rows_of_all_tables(installation: Installation) -> dict[str, list[str]]:
    """Return every row of every table."""
    with connecting(installation.url) as engine, engine.connect() as connection:
        tables = MetaData()
        tables.reflect(engine)
        return {name: sorted(map(repr, connection.execute(select(table)))) for name, table in tables.tables.items()}


def packed(archive: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Return a copy of the archive with changed members."""
    members: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            members[member.name] = content.read()
    change(members)
    changed = tmp_path / "changed.tar.gz"
    with tarfile.open(changed, "w:gz") as tar:
        for name, member_content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(member_content)
            tar.addfile(info, io.BytesIO(member_content))
    return changed


def test_every_row_and_picture_is_there_again(
    archive: Path, installation: Installation, empty: Installation, revisions: frozenset[str], shop: Warehouse
) -> None:
    restore_backup(archive, empty, revisions)

    assert rows_of_all_tables(empty) == rows_of_all_tables(installation)
    assert (empty.pictures / str(shop.store.id) / PICTURE).read_bytes() == DRAWING


def test_a_database_with_tables_is_never_overwritten(
    archive: Path, installation: Installation, empty: Installation, revisions: frozenset[str], shop: Warehouse
) -> None:
    restore_backup(archive, empty, revisions)
    before = rows_of_all_tables(installation)
    shop.processing((shop.product(A1=1), 1))

    for occupied in (installation, empty):
        with pytest.raises(NotPossible, match="The database has tables"):
            restore_backup(archive, occupied, revisions)

    assert rows_of_all_tables(empty) == before


def test_an_interrupted_restore_leaves_the_database_empty_and_goes_on(
    archive: Path,
    installation: Installation,
    empty: Installation,
    revisions: frozenset[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def extract_and_die(*places: Path) -> None:
        extract(*places)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(restoring, "extract", extract_and_die)
        with pytest.raises(KeyboardInterrupt):
            restore_backup(archive, empty, revisions)
    assert not empty.has_tables()
    assert [path.name for path in empty.pictures.parent.iterdir()] == ["pictures"]

    restore_backup(archive, empty, revisions)

    assert rows_of_all_tables(empty) == rows_of_all_tables(installation)


def cut(archive: Path) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[: len(content) // 2])


def no_archive(archive: Path) -> None:
    archive.write_bytes(b"PK\x03\x04 not ours")


def empty_file(archive: Path) -> None:
    archive.write_bytes(b"")


def empty_gzip(archive: Path) -> None:
    archive.write_bytes(gzip.compress(b""))


def flipped(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[-6] ^= 0xFF  # In the checksum at the end.
    archive.write_bytes(content)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("damage", [cut, no_archive, empty_file, empty_gzip, flipped])
def test_a_damaged_file_is_refused_in_words(
    archive: Path,
    installation: Installation,
    empty: Installation,
    revisions: frozenset[str],
    damage: Callable[[Path], None],
) -> None:
    damage(archive)

    with pytest.raises(NoBackup, match=r"(damaged|no manifest)"):
        restore_backup(archive, empty, revisions)

    assert not empty.has_tables()
    assert check_archive(archive, installation, installation.revision()).state is BackupState.BROKEN


def without_database(members: dict[str, bytes]) -> None:
    del members["database"]


def with_half_a_database(members: dict[str, bytes]) -> None:
    members["database"] = members["database"][: len(members["database"]) // 2]


def with_another_picture(members: dict[str, bytes]) -> None:
    name = next(name for name in members if name.startswith("pictures/"))
    members[name] = DRAWING + b"<!-- changed -->"


def with_a_way_out(members: dict[str, bytes]) -> None:
    members["../outside"] = b"x"


def with_a_foreign_manifest(members: dict[str, bytes]) -> None:
    members["manifest.json"] = b"[]"


def of_a_newer_format(members: dict[str, bytes]) -> None:
    members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), "format": 2}).encode()


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (without_database, "it holds no database"),
        (with_another_picture, "is damaged"),
        (with_a_way_out, "belongs to no backup"),
        (with_a_foreign_manifest, "its manifest cannot be read"),
        (of_a_newer_format, "a newer version of Packbench made it"),
    ],
)
def test_an_archive_with_wrong_content_is_refused_in_words(
    archive: Path,
    tmp_path: Path,
    installation: Installation,
    empty: Installation,
    revisions: frozenset[str],
    change: Callable[[dict[str, bytes]], None],
    sentence: str,
) -> None:
    changed = packed(archive, tmp_path, change)

    with pytest.raises(NoBackup, match=sentence):
        restore_backup(changed, empty, revisions)

    assert not empty.has_tables()
    assert not (tmp_path / "outside").exists()
    assert check_archive(changed, installation, installation.revision()).state is BackupState.BROKEN


def test_half_a_copy_of_the_database_is_refused_and_leaves_nothing(
    archive: Path, tmp_path: Path, empty: Installation, revisions: frozenset[str]
) -> None:
    changed = packed(archive, tmp_path, with_half_a_database)

    with pytest.raises(NoBackup, match="copy"):
        restore_backup(changed, empty, revisions)

    assert not empty.has_tables()


@pytest.mark.engines("sqlite")
def test_one_of_a_newer_program_or_of_another_engine_is_refused_in_words(
    archive: Path, tmp_path: Path, empty: Installation, revisions: frozenset[str]
) -> None:
    def of_another_engine(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), "engine": "other"}).encode()

    with pytest.raises(NotPossible, match="newer version of Packbench"):
        restore_backup(archive, empty, frozenset({"0001"}))
    with pytest.raises(NotPossible, match="It was made on other"):
        restore_backup(packed(archive, tmp_path, of_another_engine), empty, revisions)

    assert not empty.has_tables()
