"""The items on an order's page: units, what stops them, and what a manager may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from webapp.domain.money import OrderPrices
from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.languages import _, ngettext, number, price
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.picking.obstacles import Obstacle, obstacles
from webapp.presenters.pieces import Link
from webapp.presenters.viewer import Viewer

SHOWN_ITEMS: Final = 30
"""Items of a long order shown at first; the others unfold."""


@dataclass(frozen=True, slots=True)
class ItemListRow:
    """One item; units."""

    id: int
    name: str
    sku: str
    gtin: str
    price: str
    """What the shop asks, and whether it sells packs, in words; empty if it did not say it."""
    picture: str | None
    ordered: int
    shipped: int
    cancelled: int
    remaining: int
    reserved: int
    is_done: bool
    obstacles: tuple[Obstacle, ...]
    returned: str
    """How many units came back, in words; empty if none."""
    actions: tuple[Link, ...]
    """What a manager may do with its units."""


@dataclass(frozen=True, slots=True)
class ItemList:
    """All items, by position."""

    shown: tuple[ItemListRow, ...]
    folded: tuple[ItemListRow, ...]
    folded_words: str
    has_cancelled: bool
    """Some units are cancelled, so a column shows them."""
    has_left: bool
    """Some units are still to ship, so columns show how many, and how many of them are reserved."""


def present_order_items(order: OrderProgress, viewer: Viewer, links: Links) -> ItemList:
    rows = tuple(_row(order, item, viewer, links) for item in order.items)
    folded = rows[SHOWN_ITEMS:]
    return ItemList(
        shown=rows[:SHOWN_ITEMS],
        folded=folded,
        folded_words=ngettext("%(num)s more item", "%(num)s more items", len(folded)) if folded else "",
        has_cancelled=bool(order.cancelled),
        has_left=order.may_ship,
    )


def _row(order: OrderProgress, item: ItemProgress, viewer: Viewer, links: Links) -> ItemListRow:
    return ItemListRow(
        id=item.id,
        name=words.item_name(item),
        sku=item.sku,
        gtin=item.gtin,
        price=_price(order.prices, item.id),
        picture=item.picture,
        ordered=item.ordered,
        shipped=item.shipped,
        cancelled=item.cancelled,
        remaining=item.remaining,
        reserved=item.reserved,
        is_done=item.is_done,
        obstacles=tuple(obstacles(order, item, viewer)),
        returned=ngettext("%(num)s unit returned", "%(num)s units returned", item.returned) if item.returned else "",
        actions=tuple(_actions(order, item, links)) if viewer.may_manage else (),
    )


def _price(prices: OrderPrices, item_id: int) -> str:
    unit_price, pack_units = prices.of_items.get(item_id), prices.packs.get(item_id)
    if unit_price is None:
        return _("in packs of %(units)s", units=number(pack_units)) if pack_units else ""
    if pack_units is None:
        return _("%(price)s each", price=price(unit_price, prices.currency))
    return _("%(price)s for a pack of %(units)s", price=price(unit_price, prices.currency), units=number(pack_units))


def _actions(order: OrderProgress, item: ItemProgress, links: Links) -> Iterable[Link]:
    if order.may_ship and item.remaining:
        yield Link(_("Cancel units"), links.cancel_item(order.id, item.id))
    if item.shipped > item.returned:
        yield Link(_("Book a return"), links.return_item(order.id, item.id))
    if item.returned:
        yield Link(_("Correct a return"), f"{links.return_item(order.id, item.id)}#booked")
