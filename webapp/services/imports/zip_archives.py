"""Looks into a zip archive without unpacking it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO


def names_in_zip(file: Path | IO[bytes]) -> list[str]:
    """Return the names in a zip archive; none for any other file, or one that cannot be read."""
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return []
