"""The order list's filters, read from the address, and the form that saves them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from wtforms import HiddenField, StringField

from webapp.domain.listed_orders import EVERY_STATUS, OPEN_ONLY
from webapp.domain.statuses import OrderStatus
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm, SeenField
from webapp.forms.text_fields import one_line

MAX_SEARCH: Final = 100
"""Characters; order numbers, names and barcodes are shorter."""

_YES: Final = ("1", "true", "yes", "on")


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """All state of the list. The address holds it, so that it can be saved, shared and returned to."""

    search: str = ""
    status: OrderStatus | None = None
    every_status: bool = False
    open_only: bool = False
    late: bool = False
    mine: bool = False
    held: bool = False
    """Only orders on hold, which no other list of open orders has."""
    cursor: str | None = None
    error: str = ""
    """What is wrong with the query, in words."""

    @property
    def is_queue(self) -> bool:
        """Return whether nothing is filtered: the list is the pick queue."""
        return not (self.search or self.status or self.every_status or self.late or self.mine or self.held)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> OrderFilters:
        """Read the parameters ``search``, ``status`` (a status, "all" or "open"), ``late``, ``mine``, ``held`` and
        ``cursor``."""
        status, error = None, ""
        word = query.get("status", "").strip()
        if word and word not in (EVERY_STATUS, OPEN_ONLY):
            try:
                status = OrderStatus(word)
            except ValueError:
                error = say("There is no status “%(word)s”. This is what is to ship next.", word=word[:40])
        return cls(
            search=clean_search(query.get("search", "")),
            status=status,
            every_status=word == EVERY_STATUS,
            open_only=word == OPEN_ONLY,
            late=query.get("late", "").lower() in _YES,
            mine=query.get("mine", "").lower() in _YES,
            held=query.get("held", "").lower() in _YES,
            cursor=query.get("cursor") or None,
            error=error,
        )

    @classmethod
    def from_text(cls, query: str) -> OrderFilters:
        """Read a query string that ``as_text`` wrote; an invalid one filters nothing."""
        try:
            return cls.from_query(dict(parse_qsl(query, max_num_fields=20)))
        except ValueError:
            return cls()

    def as_query(self) -> dict[str, str]:
        """Return the query parameters of the filter's first page."""
        every, only_open = (
            (EVERY_STATUS if self.every_status else ""),
            (OPEN_ONLY if self.open_only and not self.is_queue else ""),
        )
        values = {
            "search": self.search,
            "status": every or only_open or (self.status or ""),
            "late": "1" if self.late else "",
            "mine": "1" if self.mine else "",
            "held": "1" if self.held else "",
        }
        return {name: str(value) for name, value in values.items() if value}

    def as_text(self) -> str:
        """Return the filters as a query string."""
        return urlencode(self.as_query())


class StartOrdersForm(ActionForm):
    """Start all orders that the person saw counted."""

    newest = SeenField(needed=True)
    """The newest of them."""


class SaveFilterForm(ActionForm):
    """The current filter, and the name to save it under."""

    name = StringField(say("Name"), filters=[one_line])
    query = HiddenField()

    def fingerprint_parts(self) -> tuple[object, ...]:
        return self.name.data or "", self.query.data or ""


def clean_search(text: str) -> str:
    """Remove control characters (the database refuses NUL), and cut the text to ``MAX_SEARCH``."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())[:MAX_SEARCH]
