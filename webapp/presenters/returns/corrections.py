"""Returns that were booked, each with the form that corrects it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from webapp.domain.returns import BookedReturn
from webapp.languages import _, ngettext
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.phrases.moments import moment
from webapp.presenters.phrases.reasons import reason_words
from webapp.presenters.phrases.sentences import Sentence, fill_in
from webapp.presenters.pieces import Notice
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.trail.words import person, place


@dataclass(frozen=True, slots=True)
class BookedReturnRow:
    """One return: who booked what, and how many units really came back."""

    id: int
    sentence: Sentence
    reason: str
    action: str
    key: str
    booked: int
    most: int
    quantity: str
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class CorrectionRefusal:
    """Why a correction was refused, and of which return."""

    event_id: int
    refusal: Refusal


def present_booked(
    order_id: int,
    booked: Iterable[BookedReturn],
    links: Links,
    now: datetime,
    refused: CorrectionRefusal | None,
) -> tuple[BookedReturnRow, ...]:
    """Build the rows, newest first; a return that was corrected to nothing is left out."""
    return tuple(
        _row(order_id, one, links, now, refused.refusal if refused and refused.event_id == one.event_id else NO_REFUSAL)
        for one in reversed(list(booked))
        if one.quantity
    )


def corrected_words(result: Mapping[str, int]) -> Notice:
    """Return the notice that fewer units came back than were booked."""
    return Notice(
        ngettext(
            "The return is corrected: %(num)s unit did not come back.",
            "The return is corrected: %(num)s units did not come back.",
            result["quantity"],
        )
    )


def _row(order_id: int, booked: BookedReturn, links: Links, now: datetime, refusal: Refusal) -> BookedReturnRow:
    values: dict[str, str] = {"who": person(booked.actor), "units": words.units(booked.quantity)}
    if booked.location:
        pattern = _("%(who)s booked %(units)s as returned to %(where)s, %(when)s.")
        values["where"] = place(booked.warehouse, booked.location)
    else:
        pattern = _("%(who)s wrote off %(units)s that came back, %(when)s.")
    return BookedReturnRow(
        id=booked.event_id,
        sentence=fill_in(pattern, ("who",), when=moment(booked.at, now), **values),
        reason=reason_words(booked.reason),
        action=links.correct_return(order_id, booked.event_id),
        key=str(uuid4()),
        booked=booked.quantity,
        most=booked.quantity - 1,
        quantity=refusal.values.get("quantity", str(booked.quantity - 1)),
        error=refusal.errors.get("quantity", ""),
        message=refusal.message,
    )
