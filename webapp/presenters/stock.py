"""Stock on screen: the list of products, and one product at its places with what stands behind its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from webapp.domain.statuses import OrderStatus
from webapp.domain.stock import Holder, Holders, StockedProduct, StockPlace
from webapp.domain.stock_numbers import ADD
from webapp.domain.trail import Movement
from webapp.presenters import words
from webapp.presenters.audit import MovementView, movement_views
from webapp.presenters.audit_sentences import Sentence, place, say_movement
from webapp.presenters.moments import Moment, moment
from webapp.presenters.refusals import Refusal
from webapp.presenters.viewer import Viewer
from webapp.presenters.words import MAIN_WAREHOUSE

SHOWN_PLACES: Final = 3
"""Places named in a row of the list."""

OrderPath = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class StockRow:
    """One product in the list; units."""

    path: str
    name: str
    sku: str
    gtin: str
    quantity: int
    reserved: int
    available: int
    reserved_share: int
    places: tuple[tuple[str, int], ...]
    """The first few: where, and units on hand."""

    more_places: str


@dataclass(frozen=True, slots=True)
class StockListScreen:
    """The whole list."""

    search: str
    rows: tuple[StockRow, ...]
    notice: str
    next_href: str | None
    first_href: str | None


@dataclass(frozen=True, slots=True)
class StockForm:
    """One of the forms that change stock: what it holds, and why it was refused."""

    action: str
    key: str
    direction: str
    quantity: str
    warehouse: str
    location: str
    reason: str
    seen: int
    errors: dict[str, str]
    message: str


@dataclass(frozen=True, slots=True)
class StockRefusal:
    """A form that was refused: which of the two, at which place, and why."""

    is_count: bool
    warehouse: str
    location: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class PlacePanel:
    """The product at one place; units."""

    anchor: str
    name: str
    quantity: int
    reserved: int
    available: int
    reserved_share: int
    is_open: bool
    """Its forms were refused, so they are shown."""

    adjust: StockForm
    count: StockForm


@dataclass(frozen=True, slots=True)
class HolderRow:
    """An order that holds or waits for units."""

    path: str
    number: str
    customer: str
    status: OrderStatus
    ship_by: Moment
    quantity: int
    place: str


@dataclass(frozen=True, slots=True)
class HolderList:
    """Orders behind a number."""

    rows: tuple[HolderRow, ...]
    units: int
    more: str
    """How many further ones there are, in words; empty when all are shown."""


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One ledger row of the product."""

    sentence: Sentence
    at: Moment
    reason: str
    order_path: str
    order_number: str
    numbers: MovementView


@dataclass(frozen=True, slots=True)
class ProductScreen:
    """One product."""

    path: str
    name: str
    sku: str
    gtin: str
    figures: tuple[tuple[str, int], ...]
    reserved_share: int
    places: tuple[PlacePanel, ...]
    new_place: StockForm
    new_place_is_open: bool
    holders: HolderList
    waiting: HolderList
    movements: tuple[MovementRow, ...]
    older_href: str | None
    newest_href: str | None
    may_manage: bool
    done: tuple[str, str] | None
    """(sentence, kind of notice) of what was just done."""


def present_stock_list(
    products: Sequence[StockedProduct],
    search: str,
    path_of: Callable[[int], str],
    *,
    is_cut: bool,
    next_href: str | None,
    first_href: str | None,
) -> StockListScreen:
    """Build the list. ``path_of`` makes a product's path from its id."""
    return StockListScreen(
        search=search,
        rows=tuple(_row(product, path_of(product.product_id)) for product in products),
        notice="More products match than are shown. Type more letters." if is_cut else "",
        next_href=next_href,
        first_href=first_href,
    )


def present_product(
    product: StockedProduct,
    holders: Holders,
    waiting: Holders,
    movements: Sequence[Movement],
    viewer: Viewer,
    path: str,
    path_of_order: OrderPath,
    now: datetime,
    *,
    older_href: str | None,
    newest_href: str | None,
    refused: StockRefusal | None = None,
    done: tuple[str, str] | None = None,
) -> ProductScreen:
    """Build one product's screen; ``path`` is its own."""
    at = product.place_at(refused.warehouse, refused.location) if refused else None
    return ProductScreen(
        path=path,
        name=product.label,
        sku=product.sku,
        gtin=product.gtin or "",
        figures=(
            ("On hand", product.quantity),
            ("Reserved", product.reserved_quantity),
            ("Available", product.available_quantity),
            ("Missing for orders", waiting.total_units),
        ),
        reserved_share=_share(product.reserved_quantity, product.quantity),
        places=tuple(_place_panel(found, path, refused if found == at else None) for found in product.places),
        new_place=_form(path, None, refused if refused and at is None else None, is_count=False),
        new_place_is_open=refused is not None and at is None,
        holders=_holders(holders, path_of_order, now),
        waiting=_holders(waiting, path_of_order, now),
        movements=tuple(_movement(movement, path_of_order, now) for movement in movements),
        older_href=older_href,
        newest_href=newest_href,
        may_manage=viewer.may_manage,
        done=done,
    )


def adjusted_words(change: int, level: dict[str, Any]) -> tuple[str, str]:
    """Return (sentence, kind of notice) for units added or taken at a place."""
    verb = "added" if change > 0 else "taken"
    return f"{words.units(abs(change))} {verb}. {_now_on_hand(level)}", "success"


def counted_words(level: dict[str, Any]) -> tuple[str, str]:
    """Return (sentence, kind of notice) for a place that was counted."""
    return f"Count saved. {_now_on_hand(level)}", "success"


def _now_on_hand(level: dict[str, Any]) -> str:
    where = place(level["warehouse"], level["location"])
    reserved, available = level["reserved_quantity"], level["available_quantity"]
    return f"On hand at {where}: {level['quantity']}, of which {reserved} reserved and {available} available."


def _row(product: StockedProduct, path: str) -> StockRow:
    stocked = sorted(product.places, key=lambda found: -found.quantity)
    more = len(stocked) - SHOWN_PLACES
    return StockRow(
        path=path,
        name=product.label,
        sku=product.sku,
        gtin=product.gtin or "",
        quantity=product.quantity,
        reserved=product.reserved_quantity,
        available=product.available_quantity,
        reserved_share=_share(product.reserved_quantity, product.quantity),
        places=tuple((place(found.warehouse, found.location), found.quantity) for found in stocked[:SHOWN_PLACES]),
        more_places=f"and {words.count(more, 'more place')}" if more > 0 else "",
    )


def _share(part: int, whole: int) -> int:
    """Return ``part`` of ``whole`` in hundredths; what is there at all shows."""
    return max(1, part * 100 // whole) if part and whole else 0


def _place_panel(found: StockPlace, path: str, refused: StockRefusal | None) -> PlacePanel:
    of_count = refused if refused and refused.is_count else None
    of_adjust = refused if refused and not refused.is_count else None
    return PlacePanel(
        anchor=f"place-{found.inventory_id}",
        name=place(found.warehouse, found.location),
        quantity=found.quantity,
        reserved=found.reserved_quantity,
        available=found.available_quantity,
        reserved_share=_share(found.reserved_quantity, found.quantity),
        is_open=refused is not None,
        adjust=_form(path, found, of_adjust, is_count=False),
        count=_form(path, found, of_count, is_count=True),
    )


def _form(path: str, found: StockPlace | None, refused: StockRefusal | None, *, is_count: bool) -> StockForm:
    refusal = refused.refusal if refused else Refusal("")
    return StockForm(
        action=f"{path}/counts" if is_count else f"{path}/adjustments",
        key=str(uuid4()),
        direction=refusal.typed.get("direction", "") or ADD,
        quantity=refusal.typed.get("quantity", ""),
        warehouse=found.warehouse if found else refusal.typed.get("warehouse", MAIN_WAREHOUSE),
        location=found.location if found else refusal.typed.get("location", ""),
        reason=refusal.typed.get("reason", ""),
        seen=found.quantity if found else 0,
        errors=dict(refusal.errors),
        message=refusal.message,
    )


def _holders(holders: Holders, path_of_order: OrderPath, now: datetime) -> HolderList:
    more = words.count(holders.not_shown, "more")
    return HolderList(
        rows=tuple(_holder(holder, path_of_order, now) for holder in holders.shown),
        units=holders.total_units,
        more=f"and {more}" if holders.not_shown else "",
    )


def _holder(holder: Holder, path_of_order: OrderPath, now: datetime) -> HolderRow:
    return HolderRow(
        path=path_of_order(holder.order_id),
        number=holder.order_number,
        customer=holder.customer_name,
        status=holder.status,
        ship_by=moment(holder.ship_by, now),
        quantity=holder.quantity,
        place=place(holder.warehouse, holder.location) if holder.location else "",
    )


def _movement(movement: Movement, path_of_order: OrderPath, now: datetime) -> MovementRow:
    return MovementRow(
        sentence=say_movement(movement, None),
        at=moment(movement.at, now),
        reason=movement.reason,
        order_path=path_of_order(movement.order_id) if movement.order_id else "",
        order_number=movement.order_number or "",
        numbers=movement_views([movement])[0],
    )
