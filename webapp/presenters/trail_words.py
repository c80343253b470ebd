"""Who, where and which line: the words that every entry of a trail shares."""

from __future__ import annotations

from webapp.domain.trail import TrailItem
from webapp.languages import _


def person(actor: str) -> str:
    """Say who: a person by name, a program as such."""
    if actor == "system":
        return _("The system")
    program = actor.removeprefix("token:")
    return _("The program “%(name)s”", name=program) if program != actor else actor


def place(warehouse: str, location: str) -> str:
    """Say where: warehouse, then location."""
    return f"{warehouse} / {location}"


def label_of(item: TrailItem | None) -> str:
    """Say which line of the order: its name, else its SKU, else its number."""
    if item is None:
        return _("an unknown line")
    return item.name or item.sku or _("line %(position)s", position=item.position)
