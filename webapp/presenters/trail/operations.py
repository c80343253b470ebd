"""Operations of a trail: what one request did, as a heading and lines, with the numbers before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from webapp.domain.activity import OperationSize
from webapp.domain.events import EventKind
from webapp.domain.trail import Movement, TrailEntry, TrailEvent, TrailItem
from webapp.domain.trail_kinds import EVENTS, FIRST_EFFECT
from webapp.presenters.phrases import words
from webapp.presenters.phrases.days import days_between
from webapp.presenters.phrases.moments import Moment, moment
from webapp.presenters.phrases.reasons import reason_words
from webapp.presenters.phrases.sentences import Sentence
from webapp.presenters.trail.event_sentences import LOOKS, EventLook, say_event
from webapp.presenters.trail.headings import heading
from webapp.presenters.trail.ledger_sentences import Look, look_of, say_movement
from webapp.presenters.trail.words import person, place

_Part = tuple[TrailEvent | None, list[Movement]]


@dataclass(frozen=True, slots=True)
class MovementView:
    """One ledger row: its place, and units on hand and reserved before and after."""

    anchor: str
    kind: str
    place: str
    on_hand: tuple[int, int]
    reserved: tuple[int, int]


@dataclass(frozen=True, slots=True)
class LineView:
    """One sentence of an operation, and its ledger rows."""

    anchor: str
    sentence: Sentence
    icon: str
    tone: str
    reason: str
    movements: tuple[MovementView, ...]
    order_id: int | None = None
    """The order it belongs to, if the query asked for it."""


@dataclass(frozen=True, slots=True)
class OperationView:
    operation_id: str
    who: str
    happened: datetime
    at: Moment
    icon: str
    tone: str
    heading: Sentence
    """One sentence for the whole, if there are several lines; else the first line is the heading."""

    reason: str
    """The reason, if all lines under the heading share it; without a heading the first line says it."""

    lines: tuple[LineView, ...]


def present_operations(
    entries: Sequence[TrailEntry],
    items: Mapping[int, TrailItem],
    now: datetime,
    products: Mapping[int, str] | None = None,
    sizes: Mapping[str, OperationSize] | None = None,
) -> list[OperationView]:
    """Build the operations, in the order of their entries.

    ``products`` are names by ledger row, for rows without an item; ``sizes`` count all lines of operations that were
    read in part.
    """
    operations: dict[str, list[TrailEntry]] = {}
    for entry in entries:
        operations.setdefault(entry.operation_id, []).append(entry)
    return [
        _operation(operation_id, group, items, now, products or {}, (sizes or {}).get(operation_id))
        for operation_id, group in operations.items()
    ]


def movement_views(movements: Iterable[Movement]) -> tuple[MovementView, ...]:
    """Build the rows of numbers before and after."""
    return tuple(
        MovementView(
            anchor=f"movement-{movement.transaction_id}",
            kind=movement.kind.value,
            place=place(movement.warehouse, movement.location),
            on_hand=(movement.quantity_before, movement.quantity_after),
            reserved=(movement.reserved_before, movement.reserved_after),
        )
        for movement in movements
    )


def _operation(
    operation_id: str,
    entries: Sequence[TrailEntry],
    items: Mapping[int, TrailItem],
    now: datetime,
    products: Mapping[int, str],
    size: OperationSize | None,
) -> OperationView:
    parts = _act_first([line for entry in entries for line in _parts_of(entry)])
    reasons = {_reason(event, movements) for event, movements in parts}
    is_shared = len(reasons) == 1
    whole = heading(parts, size)
    lines = tuple(
        _line(
            event,
            movements,
            items,
            products,
            shows_reason=not is_shared or (number == 0 and not whole),
            is_part=bool(whole) or number > 0,
        )
        for number, (event, movements) in enumerate(parts)
    )
    first: TrailEvent | Movement = parts[0][0] or parts[0][1][0]
    return OperationView(
        operation_id=operation_id,
        who=person(first.actor),
        happened=first.at,
        at=_when(first.at, now),
        icon=lines[0].icon,
        tone=lines[0].tone,
        heading=whole,
        reason=reason_words(next(iter(reasons))) if is_shared and whole else "",
        lines=lines,
    )


def _when(at: datetime, now: datetime) -> Moment:
    """Return the time like everywhere else; long ago only the clock, since the heading has the date."""
    when = moment(at, now)
    return replace(when, words=when.clock, clock="") if days_between(at, now) > words.DAYS_IN_WORDS else when


def _act_first(parts: list[_Part]) -> list[_Part]:
    """Sort effects behind the act that caused them, in the order of ``EventSpec.follows``."""
    ranks = [EVENTS[event.kind].follows if event else 0 for event, _ in parts]
    status_is_the_act = min(ranks) >= FIRST_EFFECT
    if status_is_the_act:
        ranks = [0 if rank == EVENTS[EventKind.STATUS_CHANGED].follows else rank for rank in ranks]
    return [line for _, line in sorted(zip(ranks, parts, strict=True), key=lambda ranked: ranked[0])]


def _parts_of(entry: TrailEntry) -> list[_Part]:
    """Give each movement to the first event whose sentence covers it; any other stands alone."""
    parts: list[_Part] = [(event, []) for event in entry.events]
    alone: list[_Part] = []
    for movement in entry.movements:
        covering = (mine for event, mine in parts if event and movement.kind in EVENTS[event.kind].covers)
        mine = next(covering, None)
        if mine is None:
            alone.append((None, [movement]))
        else:
            mine.append(movement)
    return parts + alone


def _reason(event: TrailEvent | None, movements: Sequence[Movement]) -> str:
    return event.reason if event else movements[0].reason


def _line(
    event: TrailEvent | None,
    movements: Sequence[Movement],
    items: Mapping[int, TrailItem],
    products: Mapping[int, str],
    *,
    shows_reason: bool,
    is_part: bool,
) -> LineView:
    soft = ("who",) if is_part else ()
    look: EventLook | Look
    if event:
        anchor, look, order_id = f"event-{event.event_id}", LOOKS[event.kind], event.order_id
        sentence = say_event(event, items.get(event.item_id or 0), movements, soft=soft)
    else:
        alone = movements[0]
        anchor, look, order_id = f"entry-{alone.transaction_id}", look_of(alone), alone.order_id
        what = products.get(alone.transaction_id, "")
        sentence = say_movement(alone, items.get(alone.item_id or 0), what, soft=soft)
    return LineView(
        anchor=anchor,
        sentence=sentence,
        icon=look.icon,
        tone=look.tone,
        reason=reason_words(_reason(event, movements)) if shows_reason else "",
        movements=movement_views(movements),
        order_id=order_id,
    )
