"""What happened, as sentences: who, what, how many, of what, from where. One function for each kind of entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any, Final

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.skips import SKIP_WORDS
from webapp.domain.trail import Movement, TrailEvent, TrailItem
from webapp.presenters import words


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; strong where the eye should land: names, numbers, places."""

    text: str
    is_strong: bool = False

    @property
    def stays_whole(self) -> bool:
        """Short enough to stand on one line: a place, a number, a person."""
        return len(self.text) <= 24


Sentence = tuple[Part, ...]


def plain(sentence: Sentence) -> str:
    """Return a sentence as text."""
    return "".join(part.text for part in sentence)


def person(actor: str) -> str:
    """Say who: a person by name, a program as such."""
    if actor == "system":
        return "The system"
    program = actor.removeprefix("token:")
    return f"The program “{program}”" if program != actor else actor


def place(warehouse: str, location: str) -> str:
    """Say where: warehouse, then location."""
    return f"{warehouse} / {location}"


def say_event(event: TrailEvent, item: TrailItem | None, movements: Sequence[Movement]) -> Sentence:
    """Return what an event says, with the places of the ledger rows that belong to it."""
    return _SAYINGS[event.kind](_Telling(event.actor, event.details, item, movements))


def say_movement(movement: Movement, item: TrailItem | None) -> Sentence:
    """Return what a ledger row says that no event tells about."""
    telling = _Telling(movement.actor, {}, item, (movement,))
    units = words.units(abs(movement.quantity_change or movement.reserved_change))
    where = place(movement.warehouse, movement.location)
    pattern = _BACK[movement.kind] if movement.is_reversal else _ALONE[movement.kind]
    if movement.kind is TransactionType.ADJUST:
        pattern = "{who} added {units} at {where}" if movement.quantity_change > 0 else "{who} took {units} off {where}"
    if movement.kind is TransactionType.SET:
        units = words.units(movement.quantity_after)
    return telling.say(pattern + (", of {what}" if item else ""), units=units, where=where)


_ALONE: Final = {
    TransactionType.RESERVE: "{who} reserved {units} at {where}",
    TransactionType.RELEASE: "{who} released {units} at {where}",
    TransactionType.FULFILL: "{who} shipped {units} from {where}",
    TransactionType.ADJUST: "{who} changed stock by {units} at {where}",
    TransactionType.SET: "{who} counted {units} at {where}",
    TransactionType.IMPORT: "{who} imported {units} to {where}",
    TransactionType.RETURN: "{who} booked {units} as returned to {where}",
}
_BACK: Final = {
    **dict.fromkeys(TransactionType, "{who} took back a change of {units} at {where}"),
    TransactionType.FULFILL: "{who} took back {units} to {where}",
}


@dataclass(frozen=True, slots=True)
class _Telling:
    """What a sentence is about: who acted, the event's numbers, the line of the order, the ledger rows."""

    actor: str
    details: dict[str, Any]
    item: TrailItem | None
    movements: Sequence[Movement]

    def say(self, pattern: str, **more: str) -> Sentence:
        """Fill ``{names}`` in; what is filled in is strong."""
        known = {"who": person(self.actor), "what": self.item.label if self.item else "an unknown line", **more}
        parts = []
        for text, name, _, _ in Formatter().parse(pattern):
            if text:
                parts.append(Part(text))
            if name:
                parts.append(Part(known[name], is_strong=True))
        return tuple(parts)

    @property
    def units(self) -> str:
        """The event's own quantity."""
        return words.units(int(self.details.get("quantity", 0)))

    def where(self, preposition: str, *kinds: TransactionType) -> tuple[str, dict[str, str]]:
        """Return a pattern that names the places of the movements of these kinds, and what it is filled with."""
        moved: dict[str, int] = {}
        for movement in self.movements:
            if movement.kind in kinds:
                name = place(movement.warehouse, movement.location)
                moved[name] = moved.get(name, 0) + abs(movement.quantity_change or movement.reserved_change)
        if not moved:
            return "", {}
        if len(moved) == 1:
            return f" {preposition} {{place0}}", {"place0": next(iter(moved))}
        names = [f"{{place{number}}} ({units})" for number, units in enumerate(moved.values())]
        listed = f"{', '.join(names[:-1])} and {names[-1]}"
        return f" {preposition} {listed}", {f"place{number}": name for number, name in enumerate(moved)}


def _imported(told: _Telling) -> Sentence:
    lines = words.count(int(told.details.get("rows", 0)), "line")
    source = str(told.details.get("source", "")) or "a file"
    skipped = int(told.details.get("skipped_rows", 0))
    left_out = f"; {words.count(skipped, 'row')} of the file left out" if skipped else ""
    return told.say("{who} imported the order with {lines} from {source}" + left_out + ".", lines=lines, source=source)


def _status_changed(told: _Telling) -> Sentence:
    before, after = (str(told.details.get(key, "?")).replace("_", " ") for key in ("from", "to"))
    return told.say("{who} brought the order from {before} to {after}.", before=before, after=after)


def _reserved(told: _Telling) -> Sentence:
    where, places = told.where("at", TransactionType.RESERVE)
    return told.say("{who} reserved {units} of {what}" + where + ".", units=told.units, **places)


def _backorder_filled(told: _Telling) -> Sentence:
    where, places = told.where("at", TransactionType.RESERVE)
    pattern = "{who} made stock available: {units} of {what}, missing until then, reserved" + where + "."
    return told.say(pattern, units=told.units, **places)


def _released(told: _Telling) -> Sentence:
    where, places = told.where("at", TransactionType.RELEASE)
    return told.say("{who} released {units} of {what}" + where + ".", units=told.units, **places)


def _shipped(told: _Telling) -> Sentence:
    where, places = told.where("from", TransactionType.FULFILL)
    left = int(told.details.get("remaining_quantity", 0))
    rest = f" {left} left to ship." if left else " Nothing left to ship."
    return told.say("{who} shipped {units} of {what}" + where + _which(told) + "." + rest, units=told.units, **places)


def _which(told: _Telling) -> str:
    """Say which of the line's units left: the 2nd of 3. Told only where the ledger says it."""
    numbers = [movement.shipped_after for movement in told.movements if movement.kind is TransactionType.FULFILL]
    last = max((number for number in numbers if number is not None), default=0)
    quantity = int(told.details.get("quantity", 0))
    if not last or told.item is None or told.item.quantity == 1:
        return ""
    first = last - quantity + 1
    units = f"unit {last}" if first == last else f"units {first} to {last}"
    return f" ({units} of {told.item.quantity})"


def _shipment_undone(told: _Telling) -> Sentence:
    where, places = told.where("at", TransactionType.FULFILL)
    by = str(told.details.get("shipped_by", ""))
    shipped_by = ", shipped by {by}" if by else ""
    pattern = "{who} took back {units} of {what}" + shipped_by + "; reserved again" + where + "."
    return told.say(pattern, units=told.units, by=person(by), **places)


def _item_cancelled(told: _Telling) -> Sentence:
    return told.say("{who} cancelled {units} of {what}.", units=told.units)


def _cancelled(told: _Telling) -> Sentence:
    cancelled = int(told.details.get("cancelled_quantity", 0))
    shipped = int(told.details.get("shipped_quantity", 0))
    stay = f" {words.units(shipped)} had left already and stay shipped." if shipped else ""
    return told.say("{who} cancelled the order: {units} will not ship." + stay, units=words.units(cancelled))


def _returned(told: _Telling) -> Sentence:
    where = place(str(told.details.get("warehouse", "")), str(told.details.get("location", "")))
    return told.say("{who} booked {units} of {what} as returned, to {where}.", units=told.units, where=where)


def _written_off(told: _Telling) -> Sentence:
    return told.say("{who} wrote off {units} of {what} that came back.", units=told.units)


def _found_on_shelf(told: _Telling) -> Sentence:
    where = place(str(told.details.get("warehouse", "")), str(told.details.get("location", "")))
    pattern = "{who} found {units} of {what} at {where} that the records did not have."
    return told.say(pattern, units=told.units, where=where)


def _short_picked(told: _Telling) -> Sentence:
    where = place(str(told.details.get("warehouse", "")), str(told.details.get("location", "")))
    elsewhere = int(told.details.get("reserved_elsewhere", 0))
    rest = f"; {elsewhere} of them reserved elsewhere instead" if elsewhere else ""
    pattern = "{who} missed {units} of {what} at {where} that the records promised" + rest + "."
    return told.say(pattern, units=told.units, where=where)


def _item_matched(told: _Telling) -> Sentence:
    sku = str(told.details.get("sku", ""))
    if gtin := told.details.get("gtin"):
        return told.say("{who} matched {what} (GTIN {gtin}) to the product {sku}.", gtin=str(gtin), sku=sku)
    if line_sku := told.details.get("line_sku"):
        return told.say("{who} matched {what} (SKU {line_sku}) to the product {sku}.", line_sku=str(line_sku), sku=sku)
    return told.say("{who} matched this line alone, {what}, to the product {sku}.", sku=sku)


def _cause(told: _Telling) -> str:
    cause = str(told.details.get("cause", ""))
    return next((said for reason, said in SKIP_WORDS.items() if reason.value == cause), cause)


def _stock_skipped(told: _Telling) -> Sentence:
    cause = _cause(told)
    pattern = "{who} met a stock exception: {units} of {what}. {cause}."
    return told.say(pattern, units=told.units, cause=cause)


def _exception_closed(told: _Telling) -> Sentence:
    cause = _cause(told)
    return told.say("{who} closed the exception “{cause}” of {what}.", cause=cause)


_SAYINGS: Final[dict[EventKind, Callable[[_Telling], Sentence]]] = {
    EventKind.IMPORTED: _imported,
    EventKind.STATUS_CHANGED: _status_changed,
    EventKind.RESERVED: _reserved,
    EventKind.RELEASED: _released,
    EventKind.SHIPPED: _shipped,
    EventKind.SHIPMENT_UNDONE: _shipment_undone,
    EventKind.ITEM_CANCELLED: _item_cancelled,
    EventKind.CANCELLED: _cancelled,
    EventKind.RETURNED: _returned,
    EventKind.WRITTEN_OFF: _written_off,
    EventKind.FOUND_ON_SHELF: _found_on_shelf,
    EventKind.SHORT_PICKED: _short_picked,
    EventKind.BACKORDER_FILLED: _backorder_filled,
    EventKind.ITEM_MATCHED: _item_matched,
    EventKind.STOCK_SKIPPED: _stock_skipped,
    EventKind.EXCEPTION_CLOSED: _exception_closed,
}
