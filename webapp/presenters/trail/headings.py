"""The heading of an operation on several lines: who did what, how many units, of how many items."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.domain.activity import OperationSize
from webapp.domain.events import EventKind
from webapp.domain.trail import Movement, TrailEvent
from webapp.languages import ngettext, translate
from webapp.presenters.phrases import words
from webapp.presenters.phrases.sentences import Sentence, blanks, fill_in
from webapp.presenters.trail.event_sentences import LOOKS
from webapp.presenters.trail.ledger_sentences import heading_of
from webapp.presenters.trail.words import person


def heading(
    parts: Sequence[tuple[TrailEvent | None, Sequence[Movement]]], size: OperationSize | None = None
) -> Sentence:
    """Return one sentence for the whole operation; empty if its first line says everything.

    ``size`` counts all its lines if only some were read.
    """
    first, first_movements = parts[0]
    if first is None:
        alike = [
            movements[0] for event, movements in parts if event is None and movements[0].kind is first_movements[0].kind
        ]
        places, units = len(alike), sum(movement.quantity_change for movement in alike)
        return _of_stock(first_movements[0], *(size.stock if size else (places, units)))
    events = [event for event, _movements in parts if event and event.kind is first.kind]
    lines, units = len(events), sum(int(event.details.get("quantity", 0)) for event in events)
    if size:
        lines, units = size.events[first.kind]
    if lines < 2:
        return ()
    pattern = _pattern(first.kind, lines)
    return fill_in(pattern, who=person(first.actor), units=words.units(units), items=words.items(lines))


def _pattern(kind: EventKind, times: int) -> str:
    if pattern_of_kind := LOOKS[kind].heading:
        return translate(pattern_of_kind)
    return ngettext(
        "%(who)s changed %(items)s: %(num)s entry.",
        "%(who)s changed %(items)s: %(num)s entries.",
        times,
        **blanks("who", "items"),
    )


def _of_stock(movement: Movement, places: int, units: int) -> Sentence:
    """Return the heading of an operation on stock at several places or of several products."""
    if places < 2:
        return ()
    at = ngettext("%(num)s place", "%(num)s places", places)
    return fill_in(heading_of(movement), who=person(movement.actor), units=words.units(abs(units)), places=at)
