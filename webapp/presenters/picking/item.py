"""One item on the pick screen: where it is, what it is, how many are left, and why something was refused."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.progress import ItemAllocation, ItemProgress, OrderProgress
from webapp.domain.quantities import parse_quantity
from webapp.languages import _, ngettext, number
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.picking.count import Count, present_count
from webapp.presenters.picking.found_units import (
    FoundUnitsPanel,
    asks_for_found_units,
    may_ship_item,
    present_found_units_panel,
)
from webapp.presenters.picking.item_refusals import refusal_words
from webapp.presenters.picking.obstacles import obstacles
from webapp.presenters.picking.seen import with_seen
from webapp.presenters.picking.ship_button import ShipButton, ship_button
from webapp.presenters.picking.undo import may_undo, undo_path
from webapp.presenters.pieces import Link
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.trail.words import place
from webapp.presenters.viewer import Viewer

_SHORT_NAME, _LONG_NAME = 7, 12
"""Characters of a location that fit its plate at full size, and at half."""


@dataclass(frozen=True, slots=True)
class PickPlace:
    """A place to take units from."""

    location: str
    size: str
    """Size of its text: empty (large), long or longest."""
    take: str
    """How many to take, and the warehouse unless it is the main one."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and its label."""

    word: str
    units: int


@dataclass(frozen=True, slots=True)
class ItemPanel:
    """One item on the pick screen; units throughout."""

    id: int
    ship_path: str
    found_units_href: str
    short_pick_href: str
    name: str
    code: str
    """The SKU, or the code that the item has instead."""
    further_codes: str
    """Its other codes, which a scan may read."""
    picture: str | None
    shipped: int
    remaining: int
    progress: str
    """“8 of 16 shipped”; empty before the first, since place and stepper say the number."""
    figures: tuple[Figure, ...]
    is_done: bool
    is_target: bool
    """A scan or a refusal points at it."""
    seen_changes: int
    """How many changes of the shop the screen shows; its form says so."""
    may_ship: bool
    """The viewer may ship units, and some are reserved."""
    is_started: bool
    """False for a pending order's item: a manager must start the order first."""
    places: tuple[PickPlace, ...]
    notes: tuple[str, ...]
    """Why it cannot ship completely, and what to do about it."""
    count: Count
    """What was picked of it and has not shipped."""
    cases: str
    """Codes that stand for several units, each with their number."""
    key: str
    quantity: str
    """The stepper's value: the units that the viewer has picked, else where the count starts; or the refused input,
    unless others have left fewer since."""
    quantity_error: str
    ship_button: ShipButton
    ship_kind: str
    """Kind of the ship button: primary, unless a refusal offers a remedy, or counting goes on."""
    message: str
    leads_to_note: bool
    """It was refused because nobody has read the packing note."""
    shippable_now: int
    """Units that can ship although stock is missing; 0 without such a refusal."""
    lacks_units: bool
    """Units are missing that may be on the shelf."""
    asks_for_units: bool
    """Nothing is reserved, so a button asks for found units instead of shipping."""
    usual_place: str
    """Where units may be although nothing is reserved: “Usually in B-03-3”; empty if unknown."""
    found_units: FoundUnitsPanel | None
    """The form for found units, after a refusal because stock is missing."""
    undo_path: str
    """Where to undo the item's last units; empty if the viewer may not."""
    undo_words: str
    """The button's label: Undo 3 × Stoneware mug."""
    is_ahead: bool = False
    """Its complete panel comes later: see ``picking.AheadItem``."""


def present_item(
    order: OrderProgress,
    item: ItemProgress,
    viewer: Viewer,
    links: Links,
    refusal: Refusal | None = None,
    *,
    is_target: bool = False,
) -> ItemPanel:
    """Build one item's panel; a ``refusal`` keeps what was typed and says why it failed."""
    may_ship = may_ship_item(order, item, viewer)
    lacks_units = may_ship and order.holds_stock and item.unreserved > 0
    of_ship = refusal if refusal and not refusal.of_found_units else NO_REFUSAL
    count = present_count(item, viewer)
    quantity = _quantity(item, count, of_ship)
    found_units = (
        present_found_units_panel(order, item, links, refusal)
        if refusal and may_ship and asks_for_found_units(refusal)
        else None
    )
    undo = _undo_link(order, item, viewer, links)
    return ItemPanel(
        id=item.id,
        ship_path=links.ship_item(order.id, item.id),
        found_units_href=with_seen(links.found_units(order.id, item.id), order),
        short_pick_href=links.short_pick(order.id, item.id),
        name=words.item_name(item),
        code=item.first_code,
        further_codes=item.further_words,
        picture=item.picture,
        shipped=item.shipped,
        remaining=item.remaining,
        progress=_progress(item) if item.shipped or item.cancelled else "",
        figures=() if item.is_done else _figures(item),
        is_done=item.is_done,
        is_target=is_target or refusal is not None,
        seen_changes=order.seen_changes,
        may_ship=may_ship and item.reserved > 0,
        is_started=order.is_started,
        places=() if item.is_done else places_of(item),
        notes=tuple(f"{obstacle.what}. {obstacle.hint}" for obstacle in obstacles(order, item, viewer)),
        count=count,
        cases=item.cases_words,
        key=str(uuid4()),
        quantity=quantity,
        quantity_error=_quantity_error(count, of_ship),
        ship_button=ship_button(quantity),
        ship_kind="secondary" if found_units or of_ship.of_packing_note or count.goes_on else "primary",
        message=refusal_words(order, item, viewer, refusal) if refusal else "",
        leads_to_note=refusal is not None and refusal.of_packing_note,
        shippable_now=int(of_ship.missing_stock.get("available", 0)),
        lacks_units=lacks_units,
        asks_for_units=lacks_units and not item.reserved and not found_units,
        usual_place=_usual_place(item) if lacks_units else "",
        found_units=found_units,
        undo_path=undo.href,
        undo_words=undo.words,
    )


def _quantity(item: ItemProgress, count: Count, refusal: Refusal) -> str:
    entry = refusal.values.get("quantity")
    if entry is None:
        return str(count.shown)
    if refusal.seen_shipped is not None and parse_quantity(entry) > item.reserved:
        return str(item.reserved)  # Units reserved now, so that shipping again is not refused again.
    return entry


def _quantity_error(count: Count, refusal: Refusal) -> str:
    error = refusal.errors.get("quantity", "")
    is_uncounted = error and count.start == 0 and not refusal.values.get("quantity", "").strip(" 0")
    return _("Scan or enter how many you took.") if is_uncounted else error


def _usual_place(item: ItemProgress) -> str:
    usual = item.usual_place
    return _("Usually in %(place)s", place=place(usual.warehouse, usual.location)) if usual else ""


def places_of(item: ItemProgress) -> tuple[PickPlace, ...]:
    """Return where to take the item's units from, in walking order."""
    return tuple(
        _place(allocation) for allocation in sorted(item.allocations, key=lambda allocation: allocation.walking_key)
    )


def _place(allocation: ItemAllocation) -> PickPlace:
    size = (
        ""
        if len(allocation.location) <= _SHORT_NAME
        else "long"
        if len(allocation.location) <= _LONG_NAME
        else "longest"
    )
    if allocation.warehouse == MAIN_WAREHOUSE:
        return PickPlace(allocation.location, size, ngettext("take %(num)s", "take %(num)s", allocation.quantity))
    take = ngettext(
        "%(warehouse)s, take %(num)s",
        "%(warehouse)s, take %(num)s",
        allocation.quantity,
        warehouse=allocation.warehouse,
    )
    return PickPlace(allocation.location, size, take)


def _figures(item: ItemProgress) -> tuple[Figure, ...]:
    figures = [
        Figure(_("Remaining"), item.remaining),
        Figure(_("Reserved"), item.reserved),
        Figure(_("Shipped"), item.shipped),
        Figure(_("Ordered"), item.ordered),
    ]
    if item.cancelled:
        figures.append(Figure(_("Cancelled"), item.cancelled))
    return tuple(figures)


def _progress(item: ItemProgress) -> str:
    shipped, ordered = number(item.shipped), number(item.ordered)
    if not item.cancelled:
        return _("%(done)s of %(all)s shipped", done=shipped, all=ordered)
    return ngettext(
        "%(done)s of %(all)s shipped, %(num)s unit cancelled",
        "%(done)s of %(all)s shipped, %(num)s units cancelled",
        item.cancelled,
        done=shipped,
        all=ordered,
    )


def _undo_link(order: OrderProgress, item: ItemProgress, viewer: Viewer, links: Links) -> Link:
    line = order.newest_recent_lines.get(item.id)
    if line is None or not may_undo(order, line, viewer):
        return Link("", "")
    label = _("Undo %(what)s", what=f"{line.quantity} × {words.item_name(item)}")
    return Link(label, undo_path(order, line, links))
