"""What the style guide shows of the component files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_LEADING_COMMENT = re.compile(r"\A\{#(.*?)#\}", re.DOTALL)


@dataclass(frozen=True)
class ComponentSheet:
    """A component file: its ``name``, its ``title`` in words, how to use it, and the template that draws it."""

    name: str
    title: str
    usage: str
    example: str
    source: str
    """How the example is written: what to copy. Blank where there is none."""


def component_sheets(templates: Path) -> list[ComponentSheet]:
    """Return a sheet for each file in components/, by name; files that begin with an underscore serve the others."""
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
    """Return the names of the icons that there are, by name."""
    return sorted(file.stem for file in (templates / "components/icons").glob("*.svg"))


def _read(file: Path) -> str:
    return file.read_text().strip() if file.is_file() else ""


def _usage(source: str) -> str:
    """Return the comment at the top of the file, without its common indent."""
    comment = _LEADING_COMMENT.match(source)
    if comment is None:
        return ""
    first, *rest = comment[1].strip().splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return "\n".join([first, *(line[indent:] for line in rest)])
