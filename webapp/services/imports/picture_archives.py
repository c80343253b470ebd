"""Unpacks a ZIP of pictures that somebody uploaded, with no trust in its names and sizes."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final

from webapp.domain.control_characters import drop_controls
from webapp.domain.errors import DamagedFile
from webapp.domain.pictures import MAX_SENT_BYTES
from webapp.domain.wording import say
from webapp.services.imports.reading import Progress
from webapp.services.imports.zip_archives import open_zip
from webapp.services.picture_service import LeftOutFile

MAX_FILES: Final = 5000
MAX_UNPACKED: Final = 512 * 1024 * 1024
"""Bytes of all files together."""

_LONGEST_NAME: Final = 200
_BOUNDED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Ways of packing that ``zipfile`` unpacks no further than it is asked to."""

_OWN_FILES: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
"""What systems put into archives by themselves."""


def unpack_pictures(archive: Path, folder: Path, progress: Progress) -> list[LeftOutFile]:
    """Unpack the archive's files into the folder, each under its last name alone; return those that could not be.

    Of each file only as much is unpacked as a picture may have, and one byte, so that it is refused as too large.
    Raises DamagedFile if it is no archive, or holds too much.
    """
    left_out: list[LeftOutFile] = []
    try:
        with open_zip(archive) as opened:
            files = [one for one in opened.infolist() if not one.is_dir() and not _is_of_a_system(one.filename)]
            if len(files) > MAX_FILES:
                raise DamagedFile(say("The archive has more than %(most)s files. Divide it.", most=f"{MAX_FILES:,}"))
            size = 0
            for done, one in enumerate(files, start=1):
                reason, unpacked = _unpack(opened, one, folder)
                size += unpacked
                if size > MAX_UNPACKED:
                    raise DamagedFile(
                        say("The archive unpacks to more than %(most)s MiB. Divide it.", most=MAX_UNPACKED // 1024**2)
                    )
                if reason:
                    left_out.append(LeftOutFile(drop_controls(one.filename)[-_LONGEST_NAME:], reason))
                progress("files unpacked", done, len(files))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise DamagedFile(say("The archive cannot be opened. Make it again, as a ZIP.")) from error
    if not files:
        raise DamagedFile(say("The archive is empty."))
    return left_out


def _unpack(archive: zipfile.ZipFile, file: zipfile.ZipInfo, folder: Path) -> tuple[str, int]:
    """Unpack one file; return why not, if so, and its bytes."""
    name = file.filename.replace("\\", "/").rpartition("/")[2]
    target = folder / name
    if not name or name in (".", "..") or len(name.encode()) > _LONGEST_NAME or "\0" in name:
        return say("its name cannot be used"), 0
    if target.exists():
        return say("another file of the archive has this name"), 0
    if file.compress_type not in _BOUNDED:
        return say("it cannot be unpacked: make the archive again, as a ZIP of the usual kind"), 0
    try:
        with archive.open(file) as packed:
            content = packed.read(MAX_SENT_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError):
        return say("it cannot be unpacked: it is damaged, or has a password"), 0
    target.write_bytes(content)
    return "", len(content)


def _is_of_a_system(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(("._", ".DS_Store", *_OWN_FILES[1:]))


def pack_pictures(files: Iterable[tuple[str, bytes]], archive: IO[bytes]) -> None:
    """Put pictures that were sent one by one into an archive, in which they wait together."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as opened:
        for name, content in files:
            opened.writestr(name, content)
