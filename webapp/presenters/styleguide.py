"""The style guide: what it shows of each component file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_LEADING_COMMENT = re.compile(r"\A\{#(.*?)#\}", re.DOTALL)


@dataclass(frozen=True)
class ComponentSheet:
    """A component file: ``name``, ``title`` in words, how to use it, and the template of its example."""

    name: str
    title: str
    usage: str
    example: str
    source: str
    """The example's source, to copy; blank without one."""


def component_sheets(templates: Path) -> list[ComponentSheet]:
    """Return a sheet for each file in components/, by name; files that begin with an underscore are parts of others."""
    files = sorted((templates / "components").glob("[!_]*.html"))
    return [
        ComponentSheet(
            name=file.stem,
            title=file.stem.replace("_", " ").capitalize(),
            usage=_usage(file.read_text()),
            example=(example := f"pages/styleguide/examples/{file.stem}.html"),
            source=_read(templates / example),
        )
        for file in files
    ]


def icon_names(templates: Path) -> list[str]:
    """Return the names of all icons, sorted."""
    return sorted(file.stem for file in (templates / "components/icons").glob("*.svg"))


def _read(file: Path) -> str:
    return file.read_text().strip() if file.is_file() else ""


def _usage(source: str) -> str:
    """Return the comment at the top of the file, without its indentation."""
    comment = _LEADING_COMMENT.match(source)
    if comment is None:
        return ""
    first, *rest = comment[1].strip().splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return "\n".join([first, *(line[indent:] for line in rest)])
