"""The order of what happened, by the numbers that the database gave the rows. Servers' clocks may differ.

The events of one order, and the ledger rows of one place, are numbered in the order in which they happened, since both
are written under a lock. Times only sort what no number connects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from webapp.domain.trail import Movement, TrailEvent


class Position(NamedTuple):
    """Where an operation stands in an order's history: its first event, its first ledger row (0 without one).

    An operation without an event stands behind the event of the operation whose ledger row came before.
    """

    event: int
    movement: int


def positions(events: Iterable[TrailEvent], movements: Iterable[Movement]) -> dict[str, Position]:
    """Return each operation's position in the history of one order."""
    first_events, first_movements = dict[str, int](), dict[str, int]()
    for event in events:
        first_events[event.operation_id] = min(event.event_id, first_events.get(event.operation_id, event.event_id))
    for move in movements:
        first = first_movements.get(move.operation_id, move.transaction_id)
        first_movements[move.operation_id] = min(move.transaction_id, first)
    places = {
        operation: Position(event, first_movements.get(operation, 0)) for operation, event in first_events.items()
    }
    latest = 0
    for operation, movement in sorted(first_movements.items(), key=lambda pair: pair[1]):
        if operation in places:
            latest = max(latest, places[operation].event)
        else:
            places[operation] = Position(latest, movement)
    return places


def newest_first(times: Mapping[str, datetime], chains: Iterable[Sequence[str]]) -> list[str]:
    """Sort operations by time, newest first, but none behind an operation that it followed.

    Each chain names operations in the order in which they happened.
    """
    moments = {operation: (at, 0) for operation, at in times.items()}
    chains = [list(dict.fromkeys(chain)) for chain in chains]
    for _ in moments:  # Each round carries a moment one chain further.
        before = dict(moments)
        for chain in chains:
            for earlier, later in pairwise(chain):
                if moments[later] <= moments[earlier]:
                    at, steps = moments[earlier]
                    moments[later] = (at, steps + 1)
        if moments == before:
            break
    return sorted(moments, key=lambda operation: (moments[operation], operation), reverse=True)
