"""Events as sentences: who did what, how many, of which item, at which place. One function per kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from webapp.domain.assignments import Way
from webapp.domain.causes import CAUSES
from webapp.domain.change_words import CHANGES
from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.names import IMPORTER
from webapp.domain.status_words import STATUS_WORDS
from webapp.domain.trail import Movement, TrailEvent, TrailItem
from webapp.domain.upstream import ShopChange
from webapp.domain.wording import Wording, say
from webapp.languages import _, ngettext, translate
from webapp.presenters.phrases import words
from webapp.presenters.phrases.sentences import Part, Sentence, blanks, fill_in, followed_by, listed
from webapp.presenters.trail.words import label_of, person, place

_STATUSES: Final = {status.value: status_words.label for status, status_words in STATUS_WORDS.items()}
_CAUSES: Final = {cause.value: described.words for cause, described in CAUSES.items()}


def say_event(
    event: TrailEvent, item: TrailItem | None, movements: Sequence[Movement], *, soft: Sequence[str] = ()
) -> Sentence:
    """Return an event's sentence, with the places of its ledger rows; the ``soft`` names do not stand out."""
    return LOOKS[event.kind].sentence(_EventFacts(event.actor, event.details, item, movements, soft))


@dataclass(frozen=True, slots=True)
class _EventFacts:
    """What a sentence needs: the actor, the event's numbers, the order's item, the ledger rows."""

    actor: str
    details: dict[str, Any]
    item: TrailItem | None
    movements: Sequence[Movement]
    soft: Sequence[str]

    def say(self, pattern: str, soft: Sequence[str] = (), **more: str) -> Sentence:
        """Fill the pattern with who, what, how many units, and ``more``."""
        values = {
            "who": person(self.actor),
            "what": label_of(self.item),
            "units": words.units(self.quantity),
            **more,
        }
        return fill_in(pattern, (*self.soft, *soft), **values)

    @property
    def quantity(self) -> int:
        """The event's own units."""
        return int(self.details.get("quantity", 0))

    def text(self, name: str) -> str:
        """One of the event's own texts."""
        return str(self.details.get(name) or "")

    @property
    def place(self) -> str:
        """The event's own place."""
        return place(self.text("warehouse"), self.text("location"))

    def places(self, kind: TransactionType) -> str:
        """Return the places of the ledger rows of this kind: A, or with units A (2) and B (3); empty if none."""
        units_by_place: dict[str, int] = {}
        for movement in self.movements:
            if movement.kind is kind:
                name = place(movement.warehouse, movement.location)
                units_by_place[name] = units_by_place.get(name, 0) + abs(
                    movement.quantity_change or movement.reserved_change
                )
        if len(units_by_place) == 1:
            return next(iter(units_by_place))
        return listed([_("%(place)s (%(number)s)", place=name, number=units) for name, units in units_by_place.items()])


ONLY_COUNTED: Final = None
"""Heading of a kind that an operation has once: it only counts the entries."""


@dataclass(frozen=True, slots=True)
class EventLook:
    """A kind's icon, tone and sentence."""

    icon: str
    tone: str
    sentence: Callable[[_EventFacts], Sentence]
    heading: Wording | None
    """The heading of an operation that did it to several items."""


def _imported(event: _EventFacts) -> Sentence:
    lines, skipped = int(event.details.get("rows", 0)), int(event.details.get("skipped_rows", 0))
    source = event.text("source") or _("a file")
    if event.actor == IMPORTER:
        pattern = _("Imported the order with %(lines)s from %(source)s.")
    else:
        pattern = _("%(who)s imported the order with %(lines)s from %(source)s.")
    imported = event.say(pattern, lines=words.lines(lines), source=source)
    if not skipped:
        return imported
    left_out = ngettext("%(num)s row of the file was left out.", "%(num)s rows of the file were left out.", skipped)
    return followed_by(imported, (Part(left_out),))


def _status_changed(event: _EventFacts) -> Sentence:
    before, after = (_status(event.text(key)) for key in ("from", "to"))
    return event.say(_("%(who)s changed the status from %(before)s to %(after)s."), before=before, after=after)


def _status(stored: str) -> str:
    return translate(_STATUSES.get(stored, stored)) or "?"


def _reserved(event: _EventFacts) -> Sentence:
    if places := event.places(TransactionType.RESERVE):
        return event.say(_("%(who)s reserved %(units)s of %(what)s at %(places)s."), places=places)
    return event.say(_("%(who)s reserved %(units)s of %(what)s."))


def _backorder_filled(event: _EventFacts) -> Sentence:
    if places := event.places(TransactionType.RESERVE):
        # The order's number, since another person's act got it the units.
        order = event.movements[0].order_number or ""
        pattern = _("%(who)s made stock available: order %(order)s got %(units)s of %(what)s at %(places)s.")
        return event.say(pattern, order=order, places=places)
    return event.say(_("%(who)s made stock available: %(units)s of %(what)s on backorder now reserved."))


def _released(event: _EventFacts) -> Sentence:
    if places := event.places(TransactionType.RELEASE):
        return event.say(_("%(who)s released %(units)s of %(what)s at %(places)s."), places=places)
    return event.say(_("%(who)s released %(units)s of %(what)s."))


def _shipped(event: _EventFacts) -> Sentence:
    places, which = event.places(TransactionType.FULFILL), _which(event)
    if not places:
        shipped = event.say(_("%(who)s shipped %(units)s of %(what)s."))
    elif which:
        pattern = _("%(who)s shipped %(units)s of %(what)s from %(places)s (%(which)s).")
        shipped = event.say(pattern, ("which",), places=places, which=which)
    else:
        shipped = event.say(_("%(who)s shipped %(units)s of %(what)s from %(places)s."), places=places)
    return followed_by(shipped, (Part(_left(int(event.details.get("remaining_quantity", 0)))),))


def _left(remaining: int) -> str:
    if not remaining:
        return _("None of this item left.")
    return ngettext("%(num)s left to ship.", "%(num)s left to ship.", remaining)


def _which(event: _EventFacts) -> str:
    """Return which of the item's units shipped: the 2nd of 3. Empty if the ledger does not say."""
    numbers = [movement.shipped_after for movement in event.movements if movement.kind is TransactionType.FULFILL]
    last = max((number for number in numbers if number is not None), default=0)
    if not last or event.item is None or event.item.quantity == 1:
        return ""
    first, ordered = last - event.quantity + 1, event.item.quantity
    if first == last:
        return _("unit %(number)s of %(ordered)s", number=last, ordered=ordered)
    return _("units %(first)s to %(last)s of %(ordered)s", first=first, last=last, ordered=ordered)


def _shipment_undone(event: _EventFacts) -> Sentence:
    places, by = event.places(TransactionType.FULFILL), event.text("shipped_by")
    if places and by:
        pattern = _("%(who)s undid shipping %(units)s of %(what)s (shipped by %(by)s); reserved again at %(places)s.")
        return event.say(pattern, by=person(by), places=places)
    if places:
        pattern = _("%(who)s undid shipping %(units)s of %(what)s; reserved again at %(places)s.")
        return event.say(pattern, places=places)
    return event.say(_("%(who)s undid shipping %(units)s of %(what)s; reserved again."))


def _item_cancelled(event: _EventFacts) -> Sentence:
    return event.say(_("%(who)s cancelled %(units)s of %(what)s."))


def _cancelled(event: _EventFacts) -> Sentence:
    cancelled, shipped = (int(event.details.get(name, 0)) for name in ("cancelled_quantity", "shipped_quantity"))
    pattern = ngettext(
        "%(who)s cancelled the order: %(units)s will not ship.",
        "%(who)s cancelled the order: %(units)s will not ship.",
        cancelled,
        **blanks("who", "units"),
    )
    cancelling = event.say(pattern, units=words.units(cancelled))
    if not shipped:
        return cancelling
    stayed = ngettext(
        "%(num)s unit had already shipped and stays shipped.",
        "%(num)s units had already shipped and stay shipped.",
        shipped,
    )
    return followed_by(cancelling, (Part(stayed),))


def _returned(event: _EventFacts) -> Sentence:
    return event.say(_("%(who)s booked %(units)s of %(what)s as returned, to %(where)s."), where=event.place)


def _written_off(event: _EventFacts) -> Sentence:
    return event.say(_("%(who)s wrote off %(units)s of %(what)s that came back."))


def _return_corrected(event: _EventFacts) -> Sentence:
    left, where = int(event.details.get("left_quantity", 0)), event.place if event.text("location") else ""
    if not left:
        if where:
            return event.say(_("%(who)s undid the return of %(units)s of %(what)s to %(where)s."), where=where)
        return event.say(_("%(who)s undid writing off %(units)s of %(what)s."))
    came_back = words.units(left)
    if where:
        pattern = _("%(who)s corrected the return of %(what)s to %(where)s: %(left)s came back, %(units)s did not.")
        return event.say(pattern, where=where, left=came_back)
    pattern = _("%(who)s corrected the write-off of %(what)s: %(left)s came back, %(units)s did not.")
    return event.say(pattern, left=came_back)


def _found_on_shelf(event: _EventFacts) -> Sentence:
    pattern = _("%(who)s found %(units)s of %(what)s at %(where)s that the records did not have.")
    return event.say(pattern, where=event.place)


def _short_picked(event: _EventFacts) -> Sentence:
    elsewhere = int(event.details.get("reserved_elsewhere", 0))
    if not event.quantity:
        pattern = _("%(who)s counted %(what)s at %(where)s: nothing is missing for this order.")
    elif not elsewhere:
        pattern = _("%(who)s reported %(units)s of %(what)s missing at %(where)s.")
    else:
        pattern = ngettext(
            "%(who)s reported %(units)s of %(what)s missing at %(where)s; %(num)s reserved elsewhere instead.",
            "%(who)s reported %(units)s of %(what)s missing at %(where)s; %(num)s reserved elsewhere instead.",
            elsewhere,
            **blanks("who", "units", "what", "where"),
        )
    return event.say(pattern, where=event.place)


def _item_matched(event: _EventFacts) -> Sentence:
    sku = event.text("sku")
    if gtin := event.text("gtin"):
        return event.say(_("%(who)s matched %(what)s (GTIN %(gtin)s) to the product %(sku)s."), gtin=gtin, sku=sku)
    if line_sku := event.text("line_sku"):
        pattern = _("%(who)s matched %(what)s (SKU %(line_sku)s) to the product %(sku)s.")
        return event.say(pattern, line_sku=line_sku, sku=sku)
    if event.text("line_name"):
        return event.say(_("%(who)s matched %(what)s, by its name, to the product %(sku)s."), sku=sku)
    return event.say(_("%(who)s matched this line alone, %(what)s, to the product %(sku)s."), sku=sku)


def _match_undone(event: _EventFacts) -> Sentence:
    sku = event.text("sku")
    if gtin := event.text("gtin"):
        pattern = _("%(who)s undid that GTIN %(gtin)s is the product %(sku)s: %(units)s of %(what)s to match again.")
        return event.say(pattern, gtin=gtin, sku=sku)
    return event.say(_("%(who)s undid that %(what)s is the product %(sku)s: %(units)s to match again."), sku=sku)


def _cause(event: _EventFacts) -> str:
    cause = event.text("cause")
    return translate(_CAUSES.get(cause, cause))


def _stock_skipped(event: _EventFacts) -> Sentence:
    return event.say(_("%(who)s raised a stock exception: %(units)s of %(what)s. %(cause)s."), cause=_cause(event))


def _exception_closed(event: _EventFacts) -> Sentence:
    return event.say(_("%(who)s closed the exception “%(cause)s” of %(what)s."), cause=_cause(event))


def _packing_note_read(event: _EventFacts) -> Sentence:
    return event.say(_("%(who)s read the packing note."))


def _person_erased(event: _EventFacts) -> Sentence:
    return event.say(_("%(who)s erased the customer's name, address, contact and notes."))


def _changed_upstream(event: _EventFacts) -> Sentence:
    changes = listed([translate(CHANGES[ShopChange(change)]) for change in event.details.get("changes", ())])
    return event.say(
        _("The shop changed the order: %(changes)s (%(source)s)."), changes=changes, source=event.text("source")
    )


def _units_added(event: _EventFacts) -> Sentence:
    if event.details.get("parted_from"):
        return event.say(_("A line of its own from now on: %(units)s of %(what)s that had not shipped."))
    if pack_units := event.details.get("pack_units"):
        pattern = _("One that the shop sells is %(pack)s of %(what)s: %(units)s more to ship.")
        return event.say(pattern, pack=words.units(pack_units))
    return event.say(_("The shop added %(units)s of %(what)s."))


def _contradicted(event: _EventFacts) -> Sentence:
    return event.say(_("Nobody undid anything for %(units)s of %(what)s: %(cause)s."), cause=_cause(event))


def _product_changed(event: _EventFacts) -> Sentence:
    pattern = _("%(who)s let %(what)s be %(sku)s instead of %(former)s.")
    return event.say(pattern, sku=event.text("sku"), former=event.text("former_sku"))


def _hold_released(event: _EventFacts) -> Sentence:
    return event.say(_("%(who)s released the order from its hold."))


def _order_assigned(event: _EventFacts) -> Sentence:
    before, after = (listed([person(str(name)) for name in event.details.get(key, ())]) for key in ("before", "after"))
    if not after:
        return event.say(_("%(who)s gave the order back; it was with %(before)s."), before=before)
    if event.text("how") == Way.TAKE_OVER:
        return event.say(_("%(who)s took the order over from %(before)s."), before=before)
    if event.text("how") == Way.JOIN:
        return event.say(_("%(who)s packs the order together with %(before)s."), before=before)
    if not before:
        return event.say(_("%(who)s handed the order over to %(after)s."), after=after)
    return event.say(_("%(who)s handed the order over from %(before)s to %(after)s."), before=before, after=after)


LOOKS: Final[dict[EventKind, EventLook]] = {
    EventKind.IMPORTED: EventLook("download", "neutral", _imported, heading=ONLY_COUNTED),
    EventKind.STATUS_CHANGED: EventLook("arrow-right", "neutral", _status_changed, heading=ONLY_COUNTED),
    EventKind.RESERVED: EventLook(
        "bookmark", "info", _reserved, heading=say("%(who)s reserved %(units)s of %(items)s.")
    ),
    EventKind.RELEASED: EventLook(
        "lock-open", "neutral", _released, heading=say("%(who)s released %(units)s of %(items)s.")
    ),
    EventKind.SHIPPED: EventLook("truck", "success", _shipped, heading=say("%(who)s shipped %(units)s of %(items)s.")),
    EventKind.SHIPMENT_UNDONE: EventLook("undo-2", "warning", _shipment_undone, heading=ONLY_COUNTED),
    EventKind.ITEM_CANCELLED: EventLook(
        "ban", "danger", _item_cancelled, heading=say("%(who)s cancelled %(units)s of %(items)s.")
    ),
    EventKind.CANCELLED: EventLook("ban", "danger", _cancelled, heading=ONLY_COUNTED),
    EventKind.RETURNED: EventLook("package-open", "warning", _returned, heading=ONLY_COUNTED),
    EventKind.WRITTEN_OFF: EventLook("package-open", "warning", _written_off, heading=ONLY_COUNTED),
    EventKind.RETURN_CORRECTED: EventLook(
        "undo-2", "warning", _return_corrected, heading=say("%(who)s corrected returns of %(items)s.")
    ),
    EventKind.FOUND_ON_SHELF: EventLook("wrench", "warning", _found_on_shelf, heading=ONLY_COUNTED),
    EventKind.SHORT_PICKED: EventLook(
        "wrench", "warning", _short_picked, heading=say("%(who)s reported %(units)s of %(items)s missing.")
    ),
    EventKind.BACKORDER_FILLED: EventLook(
        "bookmark",
        "info",
        _backorder_filled,
        heading=say("%(who)s made stock available: %(units)s of %(items)s on backorder now reserved."),
    ),
    EventKind.ITEM_MATCHED: EventLook(
        "link", "info", _item_matched, heading=say("%(who)s matched %(items)s to a product.")
    ),
    EventKind.MATCH_UNDONE: EventLook(
        "undo-2", "warning", _match_undone, heading=say("%(who)s undid what %(items)s were matched to.")
    ),
    EventKind.STOCK_SKIPPED: EventLook(
        "triangle-alert",
        "warning",
        _stock_skipped,
        heading=say("%(who)s raised stock exceptions: %(units)s of %(items)s."),
    ),
    EventKind.EXCEPTION_CLOSED: EventLook(
        "triangle-alert", "warning", _exception_closed, heading=say("%(who)s closed stock exceptions of %(items)s.")
    ),
    EventKind.PERSON_ERASED: EventLook("eye-off", "warning", _person_erased, heading=ONLY_COUNTED),
    EventKind.ORDER_ASSIGNED: EventLook("user", "neutral", _order_assigned, heading=ONLY_COUNTED),
    EventKind.HOLD_RELEASED: EventLook("lock-open", "neutral", _hold_released, heading=ONLY_COUNTED),
    EventKind.PRODUCT_CHANGED: EventLook(
        "link", "info", _product_changed, heading=say("%(who)s changed the product of %(items)s.")
    ),
    EventKind.CHANGED_UPSTREAM: EventLook("store", "warning", _changed_upstream, heading=ONLY_COUNTED),
    EventKind.UNITS_ADDED: EventLook(
        "plus", "info", _units_added, heading=say("The shop added %(units)s of %(items)s.")
    ),
    EventKind.CONTRADICTED: EventLook(
        "triangle-alert", "warning", _contradicted, heading=say("The shop changed %(units)s of %(items)s too late.")
    ),
    EventKind.PACKING_NOTE_READ: EventLook("info", "neutral", _packing_note_read, heading=ONLY_COUNTED),
}
