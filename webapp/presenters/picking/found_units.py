"""The form for units found on the shelf, in an item's panel or on its own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.progress import ItemProgress, OrderProgress, UsualPlace
from webapp.languages import _, ngettext
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.picking.seen import with_seen
from webapp.presenters.picking.ship_button import ShipButton, add_and_ship_button
from webapp.presenters.refusals import Refusal
from webapp.presenters.trail.words import place
from webapp.presenters.viewer import Viewer

MOST_NAMED: Final = 6
"""Known places that are named in words; all are suggested."""


@dataclass(frozen=True, slots=True)
class FoundUnitsPanel:
    """Units that the records lack: where they were, and how many."""

    item_id: int
    path: str
    key: str
    seen_shipped: int
    remaining: int
    quantity: str
    ship_button: ShipButton
    is_remedy: bool
    """Stock has no units to ship instead, so this form's button is the primary one."""
    location: str
    warehouse: str
    known_places: tuple[str, ...]
    """The locations where the product is or was, suggested while typing."""
    known_words: str
    """The same in words, with their warehouses; empty without any."""
    reserved_words: str
    """That the quantity includes what is reserved; empty if nothing is."""
    new_place: str
    """A location that is not one of them, which a button of its own adds; empty if nobody is asked."""
    new_place_words: str
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FoundUnitsScreen:
    """The form on its own page."""

    order_number: str
    name: str
    codes: str
    picture: str | None
    back_href: str
    found_units: FoundUnitsPanel | None
    """None if nothing of the item can ship."""


def asks_for_found_units(refusal: Refusal) -> bool:
    """Return whether to show the form: stock is missing, or the form itself was refused."""
    return refusal.of_found_units or bool(refusal.missing_stock)


def present_found_units_panel(
    order: OrderProgress, item: ItemProgress, links: Links, refusal: Refusal | None = None
) -> FoundUnitsPanel:
    """Build the form.

    A refused form keeps what was typed; otherwise it suggests the place where the refusal says to look, else the usual
    place.
    """
    values = refusal.values if refusal else {}
    missing_stock = refusal.missing_stock if refusal else {}
    usual = item.usual_place or UsualPlace(MAIN_WAREHOUSE, "")
    quantity = values.get("quantity", str(item.remaining))
    locations = tuple(dict.fromkeys(location for _warehouse, location in item.known_places))
    names = [place(warehouse, location) for warehouse, location in item.known_places[:MOST_NAMED]]
    warehouse = values.get("warehouse", missing_stock.get("warehouse", usual.warehouse))
    new_place = refusal.unknown_place if refusal else ""
    return FoundUnitsPanel(
        item_id=item.id,
        path=with_seen(links.found_units(order.id, item.id), order),
        key=str(uuid4()),
        seen_shipped=item.shipped,
        remaining=item.remaining,
        quantity=quantity,
        ship_button=add_and_ship_button(quantity),
        is_remedy=not missing_stock.get("available"),
        location=values.get("location", missing_stock.get("location", usual.location)),
        warehouse=warehouse,
        known_places=locations,
        known_words=_("Known places: %(places)s", places=", ".join(names)) if names else "",
        reserved_words=_reserved_words(item.reserved),
        new_place=new_place,
        new_place_words=_("Add %(place)s and ship", place=place(warehouse, new_place)) if new_place else "",
        errors=refusal.errors if refusal and refusal.of_found_units else {},
    )


def _reserved_words(reserved: int) -> str:
    if not reserved:
        return ""
    return ngettext("%(num)s unit is reserved: include it.", "%(num)s units are reserved: include them.", reserved)


def present_found_units(order: OrderProgress, item: ItemProgress, viewer: Viewer, links: Links) -> FoundUnitsScreen:
    return FoundUnitsScreen(
        order_number=order.shown_number,
        name=words.item_name(item),
        codes=item.codes_words,
        picture=item.picture,
        back_href=links.item_to_pick(order.id, item.id),
        found_units=present_found_units_panel(order, item, links) if may_ship_item(order, item, viewer) else None,
    )


def may_ship_item(order: OrderProgress, item: ItemProgress, viewer: Viewer) -> bool:
    """Return whether the viewer may ship units of the item now."""
    return viewer.may_ship and order.may_pick and not item.is_done and not item.is_placeholder
