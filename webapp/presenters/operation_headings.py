"""One sentence for a request that did the same to several lines: who, how many units, of how many items."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.trail import Movement, TrailEvent
from webapp.languages import _, ngettext
from webapp.presenters import words
from webapp.presenters.sentences import Sentence, blanks, fill_in
from webapp.presenters.trail_words import person


def heading(told: Sequence[tuple[TrailEvent | None, Sequence[Movement]]]) -> Sentence:
    """Say the deed of an operation as a whole; empty where its first line says all of it."""
    first, moved = told[0]
    if first is None:
        return _of_stock(
            [movements[0] for event, movements in told if event is None and movements[0].kind is moved[0].kind]
        )
    alike = [event for event, _ in told if event and event.kind is first.kind]
    if len(alike) < 2:
        return ()
    units = sum(int(event.details.get("quantity", 0)) for event in alike)
    items = len({event.item_id for event in alike})
    pattern = _pattern(first.kind, len(alike))
    return fill_in(pattern, who=person(first.actor), units=words.units(units), items=words.items(items))


def _pattern(kind: EventKind, times: int) -> str:
    match kind:
        case EventKind.SHIPPED:
            return _("%(who)s shipped %(units)s of %(items)s.")
        case EventKind.RESERVED:
            return _("%(who)s reserved %(units)s of %(items)s.")
        case EventKind.RELEASED:
            return _("%(who)s released %(units)s of %(items)s.")
        case EventKind.ITEM_CANCELLED:
            return _("%(who)s cancelled %(units)s of %(items)s.")
        case EventKind.BACKORDER_FILLED:
            return _("%(who)s made stock available: %(units)s of %(items)s, missing until then, reserved.")
        case EventKind.ITEM_MATCHED:
            return _("%(who)s matched %(items)s to a product.")
        case EventKind.STOCK_SKIPPED:
            return _("%(who)s met stock exceptions: %(units)s of %(items)s.")
        case EventKind.EXCEPTION_CLOSED:
            return _("%(who)s closed stock exceptions of %(items)s.")
    return ngettext(
        "%(who)s changed %(items)s: %(num)s entry.",
        "%(who)s changed %(items)s: %(num)s entries.",
        times,
        **blanks("who", "items"),
    )


def _of_stock(moved: Sequence[Movement]) -> Sentence:
    """Say what a request did to stock as a whole, where it touched several places or products."""
    if len(moved) < 2:
        return ()
    units = sum(abs(movement.quantity_change) for movement in moved)
    if moved[0].kind is TransactionType.IMPORT:
        pattern = _("%(who)s imported %(units)s to %(places)s.")
    else:
        pattern = _("%(who)s changed stock by %(units)s at %(places)s.")
    places = ngettext("%(num)s place", "%(num)s places", len(moved))
    return fill_in(pattern, who=person(moved[0].actor), units=words.units(units), places=places)
