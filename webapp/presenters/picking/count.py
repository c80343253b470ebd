"""What people have picked of an item, in words: 3 of 12."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.domain.progress import ItemProgress
from webapp.languages import _, ngettext, number


@dataclass(frozen=True, slots=True)
class Count:
    """What the viewer has picked of an item, and colleagues; units."""

    picked: int
    """By the viewer; 0 before the first unit."""
    most: int
    """What colleagues have not picked of what is left."""
    words: str
    """“3 of 12”, or that some must go back; empty before the first."""
    others: str
    """“piet has picked 2”; empty if nobody else has."""

    @property
    def is_begun(self) -> bool:
        """Return whether some of it is picked, but not all, so that counting goes on before it ships."""
        return 0 < self.picked < self.most


def present_count(item: ItemProgress, viewer: str) -> Count:
    """Return what has been picked of the item, as the viewer sees it."""
    own = item.picks.get(viewer, 0)
    others = {person: units for person, units in item.picks.items() if person != viewer and units}
    most = max(item.remaining - sum(others.values()), 0)
    return Count(own, most, say_count(own, most) if own else "", _say_others(others))


def say_count(units: int, most: int) -> str:
    """Return “3 of 12”, with what must go back if it is more than is left to pick."""
    counted = _("%(done)s of %(all)s", done=number(units), all=number(most))
    if units <= most:
        return counted
    back = ngettext("put %(num)s back", "put %(num)s back", units - most)
    return f"{counted}: {back}"


def _say_others(others: Mapping[str, int]) -> str:
    named = (
        ngettext("%(person)s has picked %(num)s", "%(person)s has picked %(num)s", units, person=person)
        for person, units in sorted(others.items())
    )
    return " · ".join(named)
