"""Joins the scripts of a drawer into one module: no build step, one request per drawer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

SHARED: Final = "bind.js"
"""Joined before every drawer: it binds scripts to their elements."""
_COMMENT_LINE: Final = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)


def drawers(folder: Path) -> list[str]:
    """Return the names of the drawers below ``folder``."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def script_files(folder: Path, drawer: str) -> list[Path]:
    """Return the scripts of a drawer in the order in which they run."""
    return sorted((folder / drawer).glob("*.js"))


def join_scripts(folder: Path, drawer: str) -> str:
    """Return a drawer's scripts as one module. Each stands in a block, so that names stay apart."""
    blocks = (f"{{\n// {file.stem}\n{_code(file)}}}\n" for file in script_files(folder, drawer))
    return _code(folder / SHARED) + "".join(blocks)


def _code(file: Path) -> str:
    """Return a script without its comment lines."""
    return _COMMENT_LINE.sub("", file.read_text())
