"""Folders for half-done work, beside what it becomes: copies hold everything, so they stay on that disk."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_PREFIX: Final = ".working-"


@contextmanager
def working_folder(parent: Path) -> Iterator[Path]:
    """Make a folder that only its owner can read, and delete it afterwards."""
    with tempfile.TemporaryDirectory(dir=parent, prefix=_PREFIX) as name:
        yield Path(name)


def remove_left_overs(parent: Path) -> None:
    """Delete what a killed process left behind. Call it while nobody works there."""
    for path in parent.glob(f"{_PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in parent.glob(".packbench-*.arriving"):
        path.unlink(missing_ok=True)
