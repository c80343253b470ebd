"""The pick screen: the order's items as one walks along the shelves, each a panel of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from webapp.domain.progress import Claim, ItemProgress, OrderProgress
from webapp.domain.skips import SKIP_WORDS, SkipReason
from webapp.presenters import words
from webapp.presenters.found_units import FoundForm, asks_for_found, may_ship_item, present_found_form
from webapp.presenters.refusals import Refusal
from webapp.presenters.shipment_status import ShipmentStatusPanel, present_shipment_status
from webapp.presenters.viewer import Viewer

_WHEN_STOCK_ARRIVES: Final = "Arriving stock is reserved by itself."
_WAY_OUT: Final = {
    SkipReason.PLACEHOLDER_PRODUCT: "Ask a manager to match it.",
    SkipReason.NO_INVENTORY: _WHEN_STOCK_ARRIVES,
    SkipReason.INSUFFICIENT_INVENTORY: _WHEN_STOCK_ARRIVES,
    SkipReason.SHORT_PICK: "A manager counts the place again.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where to take units from."""

    inventory_id: int
    location: str
    warehouse: str
    """Empty for the main one, which needs no naming."""
    quantity: int


@dataclass(frozen=True, slots=True)
class ItemPanel:
    """One item on the pick screen; units throughout."""

    id: int
    path: str
    name: str
    codes: str
    """SKU and GTIN."""
    ordered: int
    shipped: int
    remaining: int
    cancelled: int
    figures: tuple[tuple[str, int], ...]
    """(word, units), as they stand in a row."""
    is_done: bool
    is_wanted: bool
    """A scan or a refusal points at it."""
    may_ship: bool
    places: tuple[Place, ...]
    notes: tuple[str, ...]
    """What keeps the item from shipping whole, and the way out."""
    key: str
    quantity: str
    """What the stepper holds: what remains, or what was typed and refused."""
    quantity_error: str
    ship_words: str
    """What the button says: Ship 3."""
    message: str
    shippable_now: int
    """Units that a refusal for want of stock leaves to ship; 0 where there was none."""
    lacks_units: bool
    """Units are missing that may be on the shelf all the same."""
    found: FoundForm | None
    """Shown where a refusal for want of stock asks for it."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What was scanned or typed above the items, and what came of it."""

    typed: str
    item_id: int | None
    message: str


NO_SCAN: Final = Scan("", None, "")


@dataclass(frozen=True, slots=True)
class PickScreen:
    """The whole screen."""

    order_number: str
    customer_name: str
    path: str
    due_words: str
    """How far off the promised time is; empty once nothing is left."""
    ship_by: datetime
    is_late: bool
    to_do: tuple[ItemPanel, ...]
    done: tuple[ItemPanel, ...]
    done_words: str
    """Done: 3 items, 1 cancelled."""
    done_open: bool
    """Everything is done, or the item wanted is among the done ones."""
    status: ShipmentStatusPanel
    scan: Scan


def present_pick_screen(
    order: OrderProgress,
    viewer: Viewer,
    path: str,
    now: datetime,
    *,
    scan: Scan = NO_SCAN,
    refused_item_id: int | None = None,
    refusal: Refusal | None = None,
) -> PickScreen:
    """Build the screen. ``path`` is the order's own; a ``refusal`` belongs to an item, or without one to the order."""
    panels = [
        present_item(order, item, viewer, path, refusal if item.id == refused_item_id else None, scan.item_id)
        for item in sorted(order.items, key=lambda item: item.walking_key)
    ]
    done = tuple(panel for panel in panels if panel.is_done)
    message = refusal.message if refusal and refused_item_id is None else ""
    return PickScreen(
        order_number=order.order_number,
        customer_name=order.customer_name,
        path=path,
        due_words=words.due(order.ship_by, now) if order.may_ship else "",
        ship_by=order.ship_by,
        is_late=order.ship_by < now and order.may_ship,
        to_do=tuple(panel for panel in panels if not panel.is_done),
        done=done,
        done_words=_done_words(done),
        done_open=len(done) == len(panels) or any(panel.is_wanted for panel in done),
        status=present_shipment_status(order, viewer, path, now, message),
        scan=scan,
    )


def _done_words(done: tuple[ItemPanel, ...]) -> str:
    shipped = sum(panel.shipped > 0 for panel in done)
    cancelled = f"{len(done) - shipped} cancelled" if shipped < len(done) else ""
    return ", ".join(part for part in (f"Done: {words.count(shipped, 'item')}" if shipped else "", cancelled) if part)


def find_scanned(order: OrderProgress, typed: str) -> Scan:
    """Find the item with a SKU or GTIN, in any case, with or without leading zeros; open items first."""
    typed = typed.strip()
    if not typed:
        return NO_SCAN
    wanted = _code(typed)
    matching = [item for item in order.items if wanted and wanted in (_code(item.sku), _code(item.gtin))]
    if not matching:
        return Scan(typed, None, f"Nothing on this order has the SKU or GTIN “{typed}”.")
    return point_at(min(matching, key=lambda item: (item.is_done, item.walking_key)))


def point_at(item: ItemProgress) -> Scan:
    """Return what is said of an item that a scan found."""
    return Scan("", item.id, f"{item.product_name}: nothing is left to pick." if item.is_done else "")


def _code(text: str) -> str:
    return text.casefold().lstrip("0")


def present_item(
    order: OrderProgress,
    item: ItemProgress,
    viewer: Viewer,
    path: str,
    refusal: Refusal | None = None,
    wanted_item_id: int | None = None,
) -> ItemPanel:
    """Build one item's panel, with what was typed and why it was refused where there is a ``refusal``."""
    may_ship = may_ship_item(order, item, viewer)
    of_ship = refusal if refusal and not refusal.of_found else Refusal("")
    quantity = of_ship.typed.get("quantity", str(item.remaining))
    return ItemPanel(
        id=item.id,
        path=f"{path}/items/{item.id}",
        name=item.product_name,
        codes=item.codes,
        ordered=item.ordered,
        shipped=item.shipped,
        remaining=item.remaining,
        cancelled=item.cancelled,
        figures=_figures(item),
        is_done=item.is_done,
        is_wanted=refusal is not None or item.id == wanted_item_id,
        may_ship=may_ship,
        places=tuple(_place(claim) for claim in sorted(item.claims, key=lambda claim: claim.walking_key)),
        notes=_notes(order, item),
        key=str(uuid4()),
        quantity=quantity,
        quantity_error=of_ship.errors.get("quantity", ""),
        ship_words=words.with_number("Ship", quantity),
        message=refusal.message if refusal else "",
        shippable_now=int(of_ship.shortage.get("available", 0)),
        lacks_units=may_ship and order.holds_stock and item.unreserved > 0,
        found=present_found_form(item, path, refusal) if refusal and may_ship and asks_for_found(refusal) else None,
    )


def _figures(item: ItemProgress) -> tuple[tuple[str, int], ...]:
    figures = (
        ("Ordered", item.ordered),
        ("Shipped", item.shipped),
        ("Cancelled", item.cancelled),
        ("Left", item.remaining),
        ("Reserved", item.reserved),
    )
    return tuple((word, units) for word, units in figures if units or word != "Cancelled")


def _place(claim: Claim) -> Place:
    warehouse = "" if claim.warehouse == words.MAIN_WAREHOUSE else claim.warehouse
    return Place(claim.inventory_id, claim.location, warehouse, claim.quantity)


def _notes(order: OrderProgress, item: ItemProgress) -> tuple[str, ...]:
    """Say what keeps an open item from shipping whole, and the way out: its exceptions, else its backorder."""
    if item.is_done or not order.may_ship:
        return ()
    if item.gaps:
        return tuple(f"{words.gap(gap)}. {_WAY_OUT[gap.cause]}" for gap in item.gaps)
    if item.is_placeholder:
        unknown = SkipReason.PLACEHOLDER_PRODUCT
        return (f"{SKIP_WORDS[unknown]}. {_WAY_OUT[unknown]}",)
    if item.unreserved and order.holds_stock:
        return (f"On backorder ({words.units(item.unreserved)}). {_WHEN_STOCK_ARRIVES}",)
    return ()
