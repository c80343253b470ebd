"""The project's own files, for the tests of the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from webapp.config import ROOT

_OURS = ("webapp", "templates", "static", "migrations", "tests", "bench", "docs", ".ci")


def files(*folders: str, suffix: str = "") -> list[Path]:
    """Return our files in these folders (by default all folders and the root), sorted by name."""
    places = [ROOT / name for name in folders or _OURS]
    paths = [path for place in places for path in place.rglob(f"*{suffix}")]
    if not folders:
        paths += (path for path in ROOT.glob(f"*{suffix}") if path.name != ".git")  # In a worktree .git is a file.
    return sorted(path for path in paths if path.is_file() and not {"__pycache__", "vendor"} & {*path.parts})


def name_of(path: Path) -> str:
    """Return the path from the project's root, for messages."""
    return str(path.relative_to(ROOT))


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the parsed Python file."""
    return ast.parse(path.read_text(), filename=str(path))


def imports_of(path: Path) -> Iterator[str]:
    """Yield the full name of each module that a Python file imports, anywhere in the file."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and _is_package(node.module or ""):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def _is_package(module: str) -> bool:
    return module.startswith("webapp") and (ROOT / module.replace(".", "/")).is_dir()
