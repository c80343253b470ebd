"""The orders that hold a product's reserved units, and the orders that wait for some."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from webapp.domain.listed_orders import EVERY_STATUS
from webapp.domain.statuses import OrderStatus
from webapp.domain.stock import Holder, Holders
from webapp.languages import ngettext
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.phrases.moments import Moment, due
from webapp.presenters.trail.words import place

SHOWN: Final = 6
"""Orders shown at first; the others unfold."""


@dataclass(frozen=True, slots=True)
class HolderRow:
    """An order that holds or waits for units."""

    href: str
    number: str
    customer: str
    status: OrderStatus
    due: Moment
    """The promised time."""
    is_late: bool
    quantity: int
    place: str


@dataclass(frozen=True, slots=True)
class HolderList:
    rows: tuple[HolderRow, ...]
    folded: tuple[HolderRow, ...]
    folded_words: str
    """How many are folded away."""
    units: int
    units_words: str
    more_href: str
    more: str
    """How many more there are, in words; empty if all are shown."""


def present_holders(holders: Holders, sku: str, links: Links, now: datetime) -> HolderList:
    """Build the list for the product ``sku``, in the given order."""
    rows = tuple(_row(holder, links, now) for holder in holders.shown)
    folded = rows[SHOWN:]
    return HolderList(
        rows=rows[:SHOWN],
        folded=folded,
        folded_words=ngettext("Show %(num)s more order", "Show %(num)s more orders", len(folded)) if folded else "",
        units=holders.total_units,
        units_words=words.units(holders.total_units),
        more_href=links.orders(search=sku, status=EVERY_STATUS),
        more=_more(holders.not_shown, sku) if holders.not_shown else "",
    )


def _more(count: int, sku: str) -> str:
    return ngettext(
        "See all orders with %(sku)s (%(num)s more)",
        "See all orders with %(sku)s (%(num)s more)",
        count,
        sku=sku,
    )


def _row(holder: Holder, links: Links, now: datetime) -> HolderRow:
    return HolderRow(
        href=links.order(holder.order_id),
        number=holder.order_number,
        customer=holder.customer_name,
        status=holder.status,
        due=due(holder.ship_by, now),
        is_late=holder.ship_by < now,
        quantity=holder.quantity,
        place=place(holder.warehouse, holder.location) if holder.location else "",
    )
