"""The shipment-status panel: units shipped, each item's state, the last packer, and what can be undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from webapp.domain.progress import ItemProgress, OrderProgress, PackedLine
from webapp.domain.shipping import CLOSE
from webapp.domain.statuses import CLOSED_STATUSES, OrderStatus
from webapp.domain.upstream import ShopChange
from webapp.languages import _, ngettext, number
from webapp.presenters.links import Links, with_query
from webapp.presenters.phrases import words
from webapp.presenters.phrases.moments import moment
from webapp.presenters.phrases.sentences import Sentence, fill_in
from webapp.presenters.phrases.shop_changes import say_changes
from webapp.presenters.picking import status_sentences as sentences
from webapp.presenters.picking.obstacles import obstacles
from webapp.presenters.picking.status_sentences import ItemState
from webapp.presenters.picking.undo import may_undo, undo_path
from webapp.presenters.pieces import Option
from webapp.presenters.viewer import Viewer

MAX_ITEMS: Final = 12
"""Items named in the panel at most. It names only those that need a word; the page beside it names them all."""


_SEVERAL: Final = 2
"""Items with something to ship from which on one button ships all of them."""

_BY_URGENCY: Final = (ItemState.BLOCKED, ItemState.STARTED, ItemState.WAITING, ItemState.DONE, ItemState.CANCELLED)
"""The order in which items and states are named."""


@dataclass(frozen=True, slots=True)
class StatusItem:
    """One item in the panel."""

    item_id: int
    name: str
    state: ItemState
    state_words: str
    units_words: str
    """2 of 3."""
    note: str
    """What stops the item, or another remark."""
    hint: str
    """What to do about it."""


@dataclass(frozen=True, slots=True)
class UndoLine:
    """A packed line that the viewer may undo."""

    path: str
    label: str
    """The button's label; it names the line unless the text above does."""
    name: str
    """The button's full label: Undo 2 × Widget A."""
    others: str
    """How many more lines can be undone, in words; the order's page lists them."""


@dataclass(frozen=True, slots=True)
class ShipAll:
    """The button that ships everything left. It asks for confirmation, since it does much at once."""

    path: str
    what: str
    """What it does: 10 units of 2 items leave at once, without a look at each."""
    label: str
    """The label: Ship all 10 units."""
    version: int
    changes: int
    """How many changes of the shop the screen shows."""
    key: str
    misses: str
    """What cannot ship, in words; empty if everything can."""
    leftovers: tuple[Option, ...]
    """What may happen to that; empty if nothing is left behind, or the viewer may not decide it."""


@dataclass(frozen=True, slots=True)
class ShipPicks:
    """The button that ships what the viewer has picked of several items."""

    path: str
    label: str
    """The label: Ship the 5 that are picked."""
    hidden: Mapping[str, int]
    """What the screen shows: units picked, the order's version, changes of the shop."""
    key: str


@dataclass(frozen=True, slots=True)
class ShipmentStatusPanel:
    news_path: str
    """Address that the page polls for changes."""
    parcels_href: str
    version: int
    status: OrderStatus
    shipped: int
    ordered: int
    units_words: str
    items_words: str
    closed_words: str
    """The banner of a cancelled or refunded order."""
    pending_words: str
    """The note that a pending order must be started, and by whom."""
    rest_words: str
    """The note that all reserved units are packed and the rest waits."""
    shop_words: str
    """What the shop changed since the screen was drawn; empty if it shows all."""
    pick_href: str
    is_complete: bool
    items: tuple[StatusItem, ...]
    unlisted: str
    """The items not named, in words; empty if all or none are named."""
    last_what: str
    """What was packed last: 2 × Widget A; empty if nothing was."""
    last_by: Sentence
    """Who shipped it and when: Shipped by paula, 2 minutes ago."""
    undo: UndoLine | None
    ship_picks: ShipPicks | None
    ship_all: ShipAll | None
    next_href: str
    """Where the next order is; empty for people who do not pick."""
    message: str
    """A refusal about the whole order."""


def present_shipment_status(
    order: OrderProgress,
    viewer: Viewer,
    links: Links,
    now: datetime,
    message: str = "",
    changes: Sequence[ShopChange] = (),
) -> ShipmentStatusPanel:
    """Build the panel. ``changes`` are what the shop changed since the screen was drawn."""
    last, is_closed = order.packed_last, order.status in CLOSED_STATUSES
    states = {item.id: _state(order, item) for item in order.items}
    noted = [_item(order, item, states[item.id], viewer) for item in order.items]
    may_ship = viewer.may_ship and order.may_pick and not order.is_behind
    items = sorted((item for item in noted if item.note), key=lambda item: _BY_URGENCY.index(item.state))[:MAX_ITEMS]
    return ShipmentStatusPanel(
        news_path=with_query(
            links.shipment_status(order.id), version=order.version, changes=order.seen_changes or None
        ),
        parcels_href=links.parcels(order.id),
        version=order.version,
        status=order.status,
        shipped=order.shipped,
        ordered=order.ordered if is_closed else order.ordered - order.cancelled,
        units_words=sentences.units_words(order),
        items_words=sentences.items_words(states.values()),
        closed_words=sentences.closed_words(order),
        pending_words=sentences.pending_words(order, viewer),
        rest_words=sentences.rest_words(order),
        shop_words=say_changes(changes) if changes else "",
        pick_href=links.pick(order.id),
        is_complete=order.units.is_fully_shipped and not is_closed,
        items=tuple(items),
        unlisted=_unlisted(states, {item.item_id for item in items}) if items else "",
        last_what=_packed_words(order, last) if last else "",
        last_by=_packed_by(last, now) if last else (),
        undo=_undo_line(order, viewer, links),
        ship_picks=_ship_picks(order, viewer, links) if may_ship else None,
        ship_all=_ship_all(order, viewer, links) if may_ship else None,
        next_href=links.next_after(order.id) if viewer.picks else "",
        message=message,
    )


def _packed_by(last: PackedLine, now: datetime) -> Sentence:
    packed = moment(last.shipped_at, now)
    return fill_in(_("Shipped by %(who)s, %(when)s"), ("who",), who=last.shipped_by, when=packed)


def _state(order: OrderProgress, item: ItemProgress) -> ItemState:
    if item.is_done:
        return ItemState.DONE if item.shipped else ItemState.CANCELLED
    if item.missing or item.is_placeholder or (order.holds_stock and not item.reserved):
        return ItemState.BLOCKED
    return ItemState.STARTED if item.shipped else ItemState.WAITING


def _item(order: OrderProgress, item: ItemProgress, state: ItemState, viewer: Viewer) -> StatusItem:
    in_the_way = obstacles(order, item, viewer)
    notes = [obstacle.what for obstacle in in_the_way]
    if item.cancelled:
        notes.append(words.cancelled(item.cancelled))
    if item.returned:
        notes.append(ngettext("%(num)s returned", "%(num)s returned", item.returned))
    return StatusItem(
        item_id=item.id,
        name=words.item_name(item),
        state=state,
        state_words=sentences.state_words(state),
        units_words=_("%(done)s of %(all)s", done=number(item.shipped), all=number(item.ordered)),
        note="; ".join(notes),
        hint=" ".join(dict.fromkeys(obstacle.hint for obstacle in in_the_way)),
    )


def _unlisted(states: dict[int, ItemState], named: set[int]) -> str:
    counted = Counter(state for item_id, state in states.items() if item_id not in named)
    if not counted:
        return ""
    return ngettext(
        "and %(num)s more item: %(states)s",
        "and %(num)s more items: %(states)s",
        counted.total(),
        states=", ".join(sentences.counted_words(state, counted[state]) for state in _BY_URGENCY if counted[state]),
    )


def _packed_words(order: OrderProgress, line: PackedLine) -> str:
    item = order.item(line.item_id)
    return f"{line.quantity} × {words.item_name(item) if item else ''}"


def _undo_line(order: OrderProgress, viewer: Viewer, links: Links) -> UndoLine | None:
    """Return the newest line that the viewer may undo."""
    lines = [line for line in order.recent_lines if may_undo(order, line, viewer)]
    if not lines:
        return None
    newest, others = lines[0], len(lines) - 1
    name = _("Undo %(what)s", what=_packed_words(order, newest))
    is_last = order.packed_last is not None and order.packed_last.id == newest.id
    return UndoLine(
        path=undo_path(order, newest, links),
        label=_("Undo") if is_last else name,
        name=name,
        others=ngettext("%(num)s more line to undo", "%(num)s more lines to undo", others) if others else "",
    )


def _ship_picks(order: OrderProgress, viewer: Viewer, links: Links) -> ShipPicks | None:
    """Return the button that ships what is picked; None for a single item, since it has its own button."""
    picked = [units for item in order.items if (units := item.picks.get(viewer.actor, 0)) and not item.is_done]
    if len(picked) < _SEVERAL:
        return None
    units = sum(picked)
    return ShipPicks(
        path=links.ship_picks(order.id),
        label=ngettext("Ship the %(num)s picked", "Ship the %(num)s picked", units),
        hidden={"seen_units": units, "seen_version": order.version, "seen_changes": order.seen_changes},
        key=str(uuid4()),
    )


def _ship_all(order: OrderProgress, viewer: Viewer, links: Links) -> ShipAll | None:
    """Return the button that ships the rest; None if a single item has units to ship, since it has its own button.

    It names reserved units: the rest is a backorder, and ships along only if it has come in since.
    """
    left = [item for item in order.items if not item.is_done]
    ready = [item for item in left if item.reserved] if order.holds_stock else left
    if len(ready) < _SEVERAL:
        return None
    short = sum(item.unreserved for item in left) if order.holds_stock else 0
    units = order.remaining - short
    return ShipAll(
        path=links.ship_order(order.id),
        what=_(
            "%(units)s of %(items)s ship at once, without a check of each.",
            units=words.units(units),
            items=words.items(len(ready)),
        ),
        label=ngettext("Ship all %(num)s unit", "Ship all %(num)s units", units),
        version=order.version,
        changes=order.seen_changes,
        key=str(uuid4()),
        misses=ngettext(
            "%(num)s unit is not reserved. What is not in stock stays behind and is listed.",
            "%(num)s units are not reserved. What is not in stock stays behind and is listed.",
            short,
        )
        if short
        else "",
        leftovers=_leftovers() if short and viewer.may_manage else (),
    )


def _leftovers() -> tuple[Option, ...]:
    return (
        Option("", _("The order stays open for it")),
        Option(CLOSE, _("Close the order; exceptions list it")),
    )
