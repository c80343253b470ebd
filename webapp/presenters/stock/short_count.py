"""The preview of a true count: which orders lose how many units, before anything changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from webapp.domain.stock import StockedProduct, StockPlace
from webapp.domain.true_counts import ShortCount
from webapp.languages import _, ngettext, number
from webapp.presenters.links import Links
from webapp.presenters.phrases.moments import Moment, due
from webapp.presenters.phrases.reasons import reason_options
from webapp.presenters.pieces import Fact, Option
from webapp.presenters.refusals import Refusal
from webapp.presenters.stock.places import Change, reasons_of
from webapp.presenters.trail.words import place
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class LosingRow:
    """An order that holds units at the place, and how many it is to lose."""

    item_id: int
    href: str
    number: str
    customer: str
    due: Moment
    is_late: bool
    held: int
    held_words: str
    lost: str
    lost_words: str
    """The number field's label."""


@dataclass(frozen=True, slots=True)
class ShortCountScreen:
    """Who loses units if the place has fewer than are reserved there."""

    title: str
    product: str
    product_href: str
    action: str
    key: str
    hidden: dict[str, str | int]
    facts: tuple[Fact, ...]
    rows: tuple[LosingRow, ...]
    effects: tuple[str, ...]
    reasons: tuple[Option, ...]
    common_reason: str
    reason: str
    reason_error: str
    lost_error: str
    message: str
    button_words: str


def present_short_count(
    product: StockedProduct,
    stocked_place: StockPlace,
    short_count: ShortCount,
    change: Change,
    quantity: str,
    refusal: Refusal,
    viewer: Viewer,
    links: Links,
    now: datetime,
) -> ShortCountScreen:
    """Build the preview; ``quantity`` is what the person typed, and a ``refusal`` keeps the rest of it."""
    name, counts = place(stocked_place.warehouse, stocked_place.location), change is Change.COUNT
    usual, reasons = short_count.latest_lose(), reasons_of(change, viewer.settings)
    hidden: dict[str, str | int] = {
        "warehouse": stocked_place.warehouse,
        "location": stocked_place.location,
        "quantity": quantity,
        "seen_short_count": short_count.seen,
    }
    return ShortCountScreen(
        title=_("Count %(units)s at %(place)s?", units=number(short_count.counted), place=name)
        if counts
        else _("Take %(units)s from %(place)s?", units=number(short_count.on_hand - short_count.counted), place=name),
        product=product.label,
        product_href=links.place_of_product(product.product_id, stocked_place.inventory_id),
        action=(links.count if counts else links.adjust)(product.product_id),
        key=str(uuid4()),
        hidden=hidden | ({"seen_quantity": short_count.on_hand} if counts else {"direction": change.value}),
        facts=(
            Fact(_("On hand"), number(short_count.on_hand)),
            Fact(_("Reserved"), number(stocked_place.reserved_quantity)),
            Fact(_("Counted") if counts else _("Left here"), number(short_count.counted)),
            Fact(_("Missing for orders"), number(short_count.lost)),
        ),
        rows=tuple(
            LosingRow(
                item_id=one.item_id,
                href=links.order(one.order_id),
                number=one.order_number,
                customer=one.customer_name,
                due=due(one.ship_by, now),
                is_late=one.ship_by < now,
                held=one.quantity,
                held_words=ngettext("holds %(num)s unit here", "holds %(num)s units here", one.quantity),
                lost=refusal.values.get(f"lost-{one.item_id}", str(usual[one.item_id])),
                lost_words=_("Units that %(order)s loses", order=one.order_number),
            )
            for one in short_count.held
        ),
        effects=tuple(_effects(short_count)),
        reasons=reason_options(reasons),
        common_reason=refusal.values.get("common_reason", reasons[0]),
        reason=refusal.values.get("reason", ""),
        reason_error=refusal.errors.get("reason", ""),
        lost_error=refusal.errors.get("lost_quantity", ""),
        message=refusal.message,
        button_words=_("Save the count") if counts else _("Take the units"),
    )


def _effects(short_count: ShortCount) -> Iterable[str]:
    elsewhere = min(short_count.free_elsewhere, short_count.lost)
    if elsewhere:
        yield ngettext(
            "%(num)s unit is free at another place and is reserved instead, for the oldest order first.",
            "%(num)s units are free at other places and are reserved instead, for the oldest order first.",
            elsewhere,
        )
    if waiting := short_count.lost - elsewhere:
        yield ngettext(
            "%(num)s unit waits for new stock. Its order gets an open exception.",
            "%(num)s units wait for new stock. Each order that lacks some gets an open exception.",
            waiting,
        )
