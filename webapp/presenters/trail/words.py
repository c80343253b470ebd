"""Words that all entries of a trail share: person, place, line."""

from __future__ import annotations

from typing import Final

from webapp.domain.names import CONSOLE, IMPORTER, SYSTEM
from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.trail import TrailItem
from webapp.domain.wording import Wording, say
from webapp.languages import _, translate

_PROGRAMS: Final[dict[str, Wording]] = {
    SYSTEM: say("System"),
    IMPORTER: say("Import"),
    CONSOLE: say("Command line"),
}


def person(actor: str) -> str:
    """Return a person's name, or a program's with a note that it is one; it fits anywhere in a sentence."""
    if actor in _PROGRAMS:
        return translate(_PROGRAMS[actor])
    program = actor.removeprefix("token:")
    return _("Program “%(name)s”", name=program) if program != actor else actor


def place(warehouse: str, location: str) -> str:
    """Return the location, after its warehouse unless that is the main one."""
    return location if warehouse in ("", MAIN_WAREHOUSE) else f"{warehouse} / {location}"


def label_of(item: TrailItem | None) -> str:
    """Return the item's name, else its SKU, else its position."""
    if item is None:
        return _("an unknown line")
    return item.name or item.sku or _("line %(position)s", position=item.position)
