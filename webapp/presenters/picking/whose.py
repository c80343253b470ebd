"""Whose the order is, on its page and on the pick screen, and what the reader may do about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from webapp.domain.assignments import OrderHolder, find_own, mark_of, standing
from webapp.domain.progress import OrderProgress
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.phrases.sentences import listed
from webapp.presenters.phrases.whose import say_since, say_who_packs, say_whose, since_words
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked whose screen shows somebody else's order."""

    title: str
    words: str
    take_over_path: str
    join_path: str
    next_href: str
    mark: str
    key: str
    is_lost: bool
    """The order was theirs until now."""
    stops: bool
    """Nothing can be shipped on this screen before they choose."""


@dataclass(frozen=True, slots=True)
class WhosePanel:
    """Who is packing the order."""

    mark: str
    """Which people the panel names; polls compare it, and forms say who was seen."""
    is_own: bool
    """The reader is among them."""
    is_alone: bool
    """It is the reader's and nobody else's, so a handheld has no need to say it."""
    words: str
    """With whom it is and since when; empty for nobody, or where the question says so."""
    hand_over_href: str
    """Where to give it to somebody else; empty if the reader may not."""
    asks: bool
    """It stands on a pick screen, which shows the question."""
    question: Question | None


def as_reader(viewer: Viewer, order: OrderProgress, now: datetime) -> Viewer:
    """Return the reader of a pick screen, who only looks while the order is somebody else's; managers may act."""
    whose = _whose(order, viewer, now)
    return replace(viewer, looks_only=not viewer.may_manage and _is_others(whose, viewer))


def present_whose(
    order: OrderProgress, viewer: Viewer, links: Links, now: datetime, *, asks: bool, was_own: bool = False
) -> WhosePanel:
    """Build the panel; an order of which nothing is left to ship is nobody's. ``asks`` is for the
    pick screen; ``was_own``: it was the reader's there."""
    whose = _whose(order, viewer, now)
    is_own = find_own(whose, viewer.actor) is not None
    may_hand_over = viewer.picks and order.may_pick and (is_own or (viewer.may_manage and bool(whose)))
    is_taken = was_own and not whose and order.may_pick
    may_ask = asks and (_is_others(whose, viewer) or is_taken)
    question = _question(order, whose, viewer, links, now, was_own=was_own) if may_ask else None
    return WhosePanel(
        mark=mark_of(whose),
        is_own=is_own,
        is_alone=is_own and len(whose) == 1,
        words="" if question else f"{say_whose(whose, viewer.actor)} {say_since(whose, now)}".strip(),
        hand_over_href=links.hand_over(order.id) if may_hand_over else "",
        asks=asks,
        question=question,
    )


def _whose(order: OrderProgress, viewer: Viewer, now: datetime) -> tuple[OrderHolder, ...]:
    return standing(order.assignments, now, viewer.settings.idle_time) if order.may_ship else ()


def _is_others(whose: tuple[OrderHolder, ...], viewer: Viewer) -> bool:
    return viewer.picks and bool(whose) and find_own(whose, viewer.actor) is None


def _question(
    order: OrderProgress,
    whose: tuple[OrderHolder, ...],
    viewer: Viewer,
    links: Links,
    now: datetime,
    *,
    was_own: bool,
) -> Question:
    people = listed([one.person for one in whose])
    return Question(
        title=_title(whose, people, was_own=was_own, now=now),
        words=_words(whose, viewer, was_own=was_own),
        take_over_path=links.take_over(order.id),
        join_path=links.join_order(order.id) if whose else "",
        next_href=links.next_after(order.id),
        mark=mark_of(whose),
        key=str(uuid4()),
        is_lost=was_own,
        stops=not viewer.may_manage,
    )


def _title(whose: tuple[OrderHolder, ...], people: str, *, was_own: bool, now: datetime) -> str:
    if not whose:
        return _("This order is nobody's now")
    since = since_words(whose[0].since, now)
    if was_own:
        return _("This order is with %(people)s now, since %(since)s", people=people, since=since)
    return say_who_packs(whose, now)


def _words(whose: tuple[OrderHolder, ...], viewer: Viewer, *, was_own: bool) -> str:
    if not whose:
        return _("Somebody gave it back, or nothing was done for too long. Quantities on this screen are kept.")
    if was_own:
        return _("Agree who goes on before you put units into a parcel. Quantities on this screen are kept.")
    if viewer.may_manage:
        return _("Agree with them before you ship anything.")
    return _("Until you choose, you only look: nothing can be shipped here.")
