"""The sentence and look of a ledger row that no event covers. One entry per type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from webapp.domain.ledger import TransactionType
from webapp.domain.names import IMPORTER
from webapp.domain.trail import Movement, TrailItem
from webapp.domain.wording import Wording, say
from webapp.languages import _, translate
from webapp.presenters.phrases import words
from webapp.presenters.phrases.sentences import Sentence, fill_in
from webapp.presenters.trail.words import label_of, person, place


@dataclass(frozen=True, slots=True)
class Look:
    """A row's icon, tone and sentence."""

    icon: str
    tone: str
    sentence: Wording


_CHANGED: Final = say("%(who)s changed stock by %(units)s at %(places)s.")
_UNDONE: Final = Look("wrench", "warning", say("%(who)s undid a change of %(units)s at %(where)s."))


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementLook:
    """How a type of movement looks, and what it says."""

    done: Look
    undone: Look = _UNDONE
    """For a row that reverses one of this type."""

    less: Wording | None = None
    """The sentence for units that went away, if it differs."""

    of_nobody: Wording | None = None
    """The sentence without a person's name, if there may be none."""

    heading: Wording = _CHANGED
    """The heading of an operation that moved units at several places."""

    heading_of_nobody: Wording | None = None


LOOKS: Final[dict[TransactionType, MovementLook]] = {
    TransactionType.RESERVE: MovementLook(
        done=Look("bookmark", "info", say("%(who)s reserved %(units)s at %(where)s.")),
    ),
    TransactionType.RELEASE: MovementLook(
        done=Look("lock-open", "neutral", say("%(who)s released %(units)s at %(where)s.")),
    ),
    TransactionType.FULFILL: MovementLook(
        done=Look("truck", "success", say("%(who)s shipped %(units)s from %(where)s.")),
        undone=Look("undo-2", "warning", say("%(who)s undid shipping %(units)s; they are at %(where)s again.")),
    ),
    TransactionType.ADJUST: MovementLook(
        done=Look("wrench", "warning", say("%(who)s added %(units)s at %(where)s.")),
        less=say("%(who)s removed %(units)s from %(where)s."),
    ),
    TransactionType.SET: MovementLook(
        done=Look("wrench", "warning", say("%(who)s counted %(units)s at %(where)s.")),
    ),
    TransactionType.IMPORT: MovementLook(
        done=Look("wrench", "warning", say("%(who)s imported %(units)s to %(where)s.")),
        of_nobody=say("Imported %(units)s to %(where)s."),
        heading=say("%(who)s imported %(units)s to %(places)s."),
        heading_of_nobody=say("Imported %(units)s to %(places)s."),
    ),
    TransactionType.RETURN: MovementLook(
        done=Look("package-open", "warning", say("%(who)s booked %(units)s as returned to %(where)s.")),
    ),
}


def look_of(movement: Movement) -> Look:
    """Return how a row looks."""
    look = LOOKS[movement.kind]
    return look.undone if movement.is_reversal else look.done


def say_movement(movement: Movement, item: TrailItem | None, what: str = "", *, soft: Sequence[str] = ()) -> Sentence:
    """Return who moved how many units where, of the order's ``item`` or the product ``what``, if given.

    The ``soft`` names do not stand out.
    """
    what = what or (label_of(item) if item else "")
    units: str | Sentence = words.units(_units_of(movement))
    if what:
        units = fill_in(_("%(units)s of %(what)s"), soft, units=units, what=what)
    return fill_in(
        translate(_sentence_of(movement)),
        soft,
        who=person(movement.actor),
        units=units,
        where=place(movement.warehouse, movement.location),
    )


def heading_of(movement: Movement) -> str:
    """Return the heading of an operation at several places; ``who``, ``units`` and ``places`` stay blanks."""
    look = LOOKS[movement.kind]
    without_name = look.heading_of_nobody if movement.actor == IMPORTER else None
    return translate(without_name or look.heading)


def _units_of(movement: Movement) -> int:
    is_count = movement.kind is TransactionType.SET and not movement.is_reversal
    return movement.quantity_after if is_count else abs(movement.quantity_change or movement.reserved_change)


def _sentence_of(movement: Movement) -> Wording:
    look = LOOKS[movement.kind]
    if movement.is_reversal:
        return look.undone.sentence
    if look.less and movement.quantity_change <= 0:
        return look.less
    if look.of_nobody and movement.actor == IMPORTER:
        return look.of_nobody
    return look.done.sentence
