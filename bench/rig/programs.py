"""The measured program: this tree, or another commit in its own folder and environment."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".venv" / "beside"
"""Other commits are kept here; removing ``.venv`` removes them too."""


@dataclass(frozen=True)
class Program:
    """A source tree, and a Python with its packages."""

    name: str
    root: Path
    python: str


THIS = Program("today", ROOT, sys.executable)


def commit(revision: str) -> Program:
    """Return the program at a commit, with the packages of that commit's lock file."""
    commit = _git("rev-parse", "--verify", f"{revision}^{{commit}}").decode().strip()
    folder = KEPT / commit
    if not folder.exists():
        _write_out(commit, folder)
    subprocess.run(["make", "--silent", "setup"], cwd=folder, check=True)
    return Program(commit[:7], folder, str(folder / ".venv" / "bin" / "python"))


def _write_out(revision: str, folder: Path) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT) as halfway:
        with tarfile.open(fileobj=BytesIO(_git("archive", revision))) as files:
            files.extractall(Path(halfway) / "tree", filter="data")
        (Path(halfway) / "tree").rename(folder)


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
