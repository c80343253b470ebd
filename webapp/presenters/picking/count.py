"""What people have picked of an item, in words: 3 of 12."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.domain.progress import ItemProgress
from webapp.languages import _, ngettext, number
from webapp.presenters.phrases import words
from webapp.presenters.viewer import Viewer


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
    start: int
    """What the number field shows before the first: what is reserved, or 0 if the store counts what a scan can find."""

    @property
    def least(self) -> int:
        """Return the least that the field steps down to."""
        return min(self.start, 1)

    @property
    def shown(self) -> int:
        """Return what the number field shows."""
        return self.picked or self.start

    @property
    def goes_on(self) -> bool:
        """Return whether more is to be counted before it ships."""
        return self.picked < self.most if self.picked else self.start == 0


def present_count(item: ItemProgress, viewer: Viewer) -> Count:
    """Return what has been picked of the item, as the viewer sees it."""
    own = item.picks.get(viewer.actor, 0)
    others = {person: units for person, units in item.picks.items() if person != viewer.actor and units}
    most = max(item.remaining - sum(others.values()), 0)
    start = 0 if viewer.settings.count_from_zero and item.scanned_codes else item.reserved
    return Count(own, most, say_count(own, most) if own else "", _say_others(others), start)


def picks_shipped_words(units: int, items: int) -> str:
    """Return what a person shipped of what they had picked."""
    return _("%(units)s of %(items)s shipped.", units=words.units(units), items=words.items(items))


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
