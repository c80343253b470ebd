"""Who, where and which line: the words that every entry of a trail shares."""

from __future__ import annotations

from typing import Final

from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.trail import TrailItem
from webapp.domain.wording import Wording, say
from webapp.languages import _, translate

IMPORTER: Final = "import"
"""Who imports where nobody gave a name; what it imported needs no naming of it."""

_PROGRAMS: Final[dict[str, Wording]] = {
    "system": say("System"),
    IMPORTER: say("Import"),
    "command line": say("Command line"),
}


def person(actor: str) -> str:
    """Say who: a person by name, a program as such; without an article, to stand anywhere in a sentence."""
    if actor in _PROGRAMS:
        return translate(_PROGRAMS[actor])
    program = actor.removeprefix("token:")
    return _("Program “%(name)s”", name=program) if program != actor else actor


def place(warehouse: str, location: str) -> str:
    """Say where: the location, behind its warehouse where that is not the main one."""
    return location if warehouse in ("", MAIN_WAREHOUSE) else f"{warehouse} / {location}"


def label_of(item: TrailItem | None) -> str:
    """Say which line of the order: its name, else its SKU, else its number."""
    if item is None:
        return _("an unknown line")
    return item.name or item.sku or _("line %(position)s", position=item.position)
