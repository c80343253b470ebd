"""The trail's filter, read from the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from webapp.domain.errors import InvalidInput
from webapp.domain.quantities import parse_id
from webapp.domain.trail import TrailFilter
from webapp.domain.trail_kinds import TrailKind
from webapp.domain.wording import say

OLDEST: Final = "oldest"
_NAMES: Final = ("search", "person", "kind", "item", "operation", "sort")

MAX_SEARCH: Final = 200
"""Characters of a search; the rest is ignored."""


@dataclass(frozen=True, slots=True)
class TrailQuery:
    """The page's filter, sort order and cursor."""

    criteria: TrailFilter
    oldest_first: bool
    cursor: str | None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> TrailQuery:
        """Read the filters, ``sort`` and ``cursor``; a blank parameter counts as left out.

        Raises InvalidInput for an unknown kind.
        """
        values = {name: query.get(name, "").strip() for name in _NAMES}
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
        """Return the query parameters of the filter's first page."""
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
"""Former names of kinds, for old links."""


def read_kind(word: str) -> TrailKind:
    """Return the kind with this name in addresses. Raises InvalidInput."""
    try:
        return TrailKind(_FORMER.get(word, word))
    except ValueError:
        sentence = say("A trail has no entries of the kind “%(kind)s”. Choose one from the list.", kind=word[:40])
        raise InvalidInput(sentence) from None
