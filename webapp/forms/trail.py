"""Which part of an order's trail is wanted, read from the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from webapp.domain.errors import InvalidInput
from webapp.domain.quantities import parse_id
from webapp.domain.reasons import is_storable
from webapp.domain.trail import TrailFilter
from webapp.domain.trail_kinds import TrailKind
from webapp.domain.wording import say

OLDEST: Final = "oldest"
_NAMES: Final = ("search", "person", "kind", "item", "operation", "sort")

MAX_SEARCH: Final = 200
"""Characters of a search that are read."""


@dataclass(frozen=True, slots=True)
class TrailQuery:
    """All state of the page: what is wanted, in which order, and where the page before ended."""

    criteria: TrailFilter
    oldest_first: bool
    cursor: str | None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> TrailQuery:
        """Read what is wanted, ``sort`` and ``cursor``; a blank parameter is the same as one left out.

        Raises InvalidInput for a kind that there is not, and for text that cannot be stored, so cannot be found.
        """
        values = {name: query.get(name, "").strip() for name in _NAMES}
        if not all(map(is_storable, values.values())):
            raise InvalidInput(say("The address contains characters that are not text. Choose from the page instead."))
        return cls(
            criteria=TrailFilter(
                person=values["person"] or None,
                kind=read_kind(values["kind"]) if values["kind"] else None,
                item_id=(parse_id(values["item"]) or 0) if values["item"] else None,
                operation_id=values["operation"] or None,
                search=values["search"][:MAX_SEARCH],
            ),
            oldest_first=values["sort"] == OLDEST,
            cursor=query.get("cursor") or None,
        )

    def as_query(self) -> dict[str, str]:
        """Return the parameters of the same part's first page."""
        values = {
            "search": self.criteria.search,
            "person": self.criteria.person or "",
            "kind": self.criteria.kind or "",
            "item": self.criteria.item_id or "",
            "operation": self.criteria.operation_id or "",
            "sort": OLDEST if self.oldest_first else "",
        }
        return {name: str(value) for name, value in values.items() if value}


_FORMER: Final = {"taken_back": "undone"}
"""Kinds that links made before may still ask for, by their names of then."""


def read_kind(word: str) -> TrailKind:
    """Return a kind by its name in addresses. Raises InvalidInput."""
    try:
        return TrailKind(_FORMER.get(word, word))
    except ValueError:
        sentence = say("A trail has no entries of the kind “%(kind)s”. Choose one from the list.", kind=word[:40])
        raise InvalidInput(sentence) from None
