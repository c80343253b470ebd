"""What the list of orders can be asked for, read from the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from webapp.domain.statuses import OrderStatus

ALL: Final = "all"
MAX_SEARCH: Final = 100
"""Characters; an order number, a name or a barcode is shorter."""

_YES: Final = ("1", "true", "yes", "on")


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """All state of the list: the address holds it, so that it can be kept, shared and gone back to."""

    search: str = ""
    status: OrderStatus | None = None
    every_status: bool = False
    late: bool = False
    mine: bool = False
    cursor: str | None = None
    error: str = ""
    """What could not be understood, in words."""

    @property
    def is_queue(self) -> bool:
        """Nothing was asked for: show what is to ship next."""
        return not (self.search or self.status or self.every_status or self.late or self.mine)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> OrderFilters:
        """Read the parameters ``search``, ``status`` (a status, or "all"), ``late``, ``mine`` and ``cursor``."""
        status, error = None, ""
        word = query.get("status", "").strip()
        if word and word != ALL:
            try:
                status = OrderStatus(word)
            except ValueError:
                error = f"There is no status “{word[:40]}”. This is what is to ship next."
        return cls(
            search=clean_search(query.get("search", "")),
            status=status,
            every_status=word == ALL,
            late=query.get("late", "").lower() in _YES,
            mine=query.get("mine", "").lower() in _YES,
            cursor=query.get("cursor") or None,
            error=error,
        )

    def as_query(self) -> dict[str, str]:
        """Return the parameters of the same list's first page."""
        given = {
            "search": self.search,
            "status": ALL if self.every_status else (self.status or ""),
            "late": "1" if self.late else "",
            "mine": "1" if self.mine else "",
        }
        return {name: str(value) for name, value in given.items() if value}


def clean_search(text: str) -> str:
    """Drop what no keyboard types (a NUL would not even pass the database) and what is too long to be meant."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())[:MAX_SEARCH]
