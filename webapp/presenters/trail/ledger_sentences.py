"""What a row of the stock ledger says where no event tells about it."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.domain.ledger import TransactionType
from webapp.domain.trail import Movement, TrailItem
from webapp.languages import _
from webapp.presenters.phrases import words
from webapp.presenters.phrases.sentences import Sentence, fill_in
from webapp.presenters.trail.words import IMPORTER, label_of, person, place


def say_movement(movement: Movement, item: TrailItem | None, what: str = "", *, soft: Sequence[str] = ()) -> Sentence:
    """Return who moved how many units where; of the order's ``item`` or the product ``what``, where one is named.

    ``soft`` names do not stand out.
    """
    what = what or (label_of(item) if item else "")
    units = (
        movement.quantity_after if _is_count(movement) else abs(movement.quantity_change or movement.reserved_change)
    )
    return fill_in(
        _pattern_with_what(movement) if what else _pattern(movement),
        soft,
        who=person(movement.actor),
        units=words.units(units),
        where=place(movement.warehouse, movement.location),
        what=what,
    )


def _is_count(movement: Movement) -> bool:
    return movement.kind is TransactionType.SET and not movement.is_reversal


def _pattern(movement: Movement) -> str:
    if movement.is_reversal:
        if movement.kind is TransactionType.FULFILL:
            return _("%(who)s took back %(units)s to %(where)s.")
        return _("%(who)s took back a change of %(units)s at %(where)s.")
    match movement.kind:
        case TransactionType.RESERVE:
            return _("%(who)s reserved %(units)s at %(where)s.")
        case TransactionType.RELEASE:
            return _("%(who)s released %(units)s at %(where)s.")
        case TransactionType.FULFILL:
            return _("%(who)s shipped %(units)s from %(where)s.")
        case TransactionType.ADJUST if movement.quantity_change > 0:
            return _("%(who)s added %(units)s at %(where)s.")
        case TransactionType.ADJUST:
            return _("%(who)s took %(units)s off %(where)s.")
        case TransactionType.SET:
            return _("%(who)s counted %(units)s at %(where)s.")
        case TransactionType.IMPORT if movement.actor == IMPORTER:
            return _("Imported %(units)s to %(where)s.")
        case TransactionType.IMPORT:
            return _("%(who)s imported %(units)s to %(where)s.")
        case TransactionType.RETURN:
            return _("%(who)s booked %(units)s as returned to %(where)s.")


def _pattern_with_what(movement: Movement) -> str:
    if movement.is_reversal:
        if movement.kind is TransactionType.FULFILL:
            return _("%(who)s took back %(units)s of %(what)s to %(where)s.")
        return _("%(who)s took back a change of %(units)s of %(what)s at %(where)s.")
    match movement.kind:
        case TransactionType.RESERVE:
            return _("%(who)s reserved %(units)s of %(what)s at %(where)s.")
        case TransactionType.RELEASE:
            return _("%(who)s released %(units)s of %(what)s at %(where)s.")
        case TransactionType.FULFILL:
            return _("%(who)s shipped %(units)s of %(what)s from %(where)s.")
        case TransactionType.ADJUST if movement.quantity_change > 0:
            return _("%(who)s added %(units)s of %(what)s at %(where)s.")
        case TransactionType.ADJUST:
            return _("%(who)s took %(units)s of %(what)s off %(where)s.")
        case TransactionType.SET:
            return _("%(who)s counted %(units)s of %(what)s at %(where)s.")
        case TransactionType.IMPORT if movement.actor == IMPORTER:
            return _("Imported %(units)s of %(what)s to %(where)s.")
        case TransactionType.IMPORT:
            return _("%(who)s imported %(units)s of %(what)s to %(where)s.")
        case TransactionType.RETURN:
            return _("%(who)s booked %(units)s of %(what)s as returned to %(where)s.")
