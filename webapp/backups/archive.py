"""The file of a backup: a tar with a manifest, the copy of the database, and the pictures."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from webapp.backups.errors import NoBackup
from webapp.backups.private_files import new_private_file, replacing
from webapp.domain.pictures import KEPT_NAME, MAX_PICTURE_BYTES, NoPicture, kept_name
from webapp.services.picture_service import write_picture

_MANIFEST: Final = "manifest.json"
_DATABASE: Final = "database"
_PICTURE: Final = re.compile(rf"pictures/([1-9][0-9]{{0,18}})/({KEPT_NAME.pattern})", re.ASCII)
_FORMAT: Final = 1
_MOST_MANIFEST_BYTES: Final = 100_000
_MANY_BYTES: Final = 1024 * 1024
_LEVEL: Final = 1
"""Of compression: the shop ships meanwhile, and higher levels take three times as long for a tenth less."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself: when it was made (ISO 8601, UTC), of which engine, at which revision."""

    made_at: str
    engine: str
    revision: str


def write_archive(file: Path, manifest: Manifest, database: Path, pictures: Path) -> None:
    """Write an archive, readable only by its owner, and wait until the disk has it. Raises OSError.

    The file appears under its name when it is complete.
    """
    with replacing(file) as raw, tarfile.open(fileobj=raw, mode="w:gz", compresslevel=_LEVEL) as tar:
        text = json.dumps({"format": _FORMAT, **asdict(manifest)}).encode()
        member = tarfile.TarInfo(_MANIFEST)
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
        tar.add(database, _DATABASE, recursive=False)
        for picture in sorted(pictures.glob("*/*")):
            name = f"pictures/{picture.parent.name}/{picture.name}"
            if _PICTURE.fullmatch(name) and picture.is_file():
                tar.add(picture, name, recursive=False)


@contextmanager
def reading(file: Path) -> Iterator[tuple[Manifest, Iterator[tuple[str, IO[bytes]]]]]:
    """Open an archive: its manifest, then (name, content) of each other member in turn. Raises NoBackup.

    Reads from front to back, and never writes where a member's name says.
    """
    try:
        with gzip.open(file) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            first = tar.next()
            if first is None or first.name != _MANIFEST or not first.isfile() or first.size > _MOST_MANIFEST_BYTES:
                raise NoBackup("it has no manifest")
            content = tar.extractfile(first)
            yield _manifest(content.read() if content else b""), _members(tar, packed)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise NoBackup(f"the file is damaged or no archive: {error}") from error


def extract(file: Path, database: Path, pictures: Path) -> Manifest:
    """Write an archive's database copy and pictures to disk; return its manifest. Raises NoBackup, OSError.

    A picture whose content does not belong to its name is refused. One that is there already stays.
    """
    has_database = False
    with reading(file) as (manifest, members):
        for name, content in members:
            if name == _DATABASE:
                with new_private_file(database) as target:
                    shutil.copyfileobj(content, target)
                has_database = True
            elif picture := _PICTURE.fullmatch(name):
                _put_picture(pictures / picture[1], picture[2], content.read(MAX_PICTURE_BYTES + 1))
            else:
                raise NoBackup(f"it holds “{name[:100]}”, which belongs to no backup")
    if not has_database:
        raise NoBackup("it holds no database")
    return manifest


def _put_picture(folder: Path, name: str, content: bytes) -> None:
    try:
        genuine = kept_name(name, content) == name
    except NoPicture:
        genuine = False
    if not genuine:
        raise NoBackup(f"the picture {name} is damaged")
    write_picture(folder / name, content)


def _members(tar: tarfile.TarFile, packed: gzip.GzipFile) -> Iterator[tuple[str, IO[bytes]]]:
    while (member := tar.next()) is not None:
        content = tar.extractfile(member) if member.isreg() else None
        if content is None:
            raise NoBackup(f"it holds “{member.name[:100]}”, which is no file")
        yield member.name, content
    while packed.read(_MANY_BYTES):  # To the end, where the checksum of everything stands.
        pass


def _manifest(text: bytes) -> Manifest:
    try:
        values = json.loads(text)
        if values["format"] != _FORMAT:
            raise NoBackup("a newer version of Packbench made it")
        return Manifest(str(values["made_at"]), str(values["engine"]), str(values["revision"]))
    except (ValueError, KeyError, TypeError) as error:
        raise NoBackup("its manifest cannot be read") from error
