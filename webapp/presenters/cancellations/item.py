"""The screen that cancels units of one item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from webapp.domain.cancellation import released_by_cancelling
from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.domain.statuses import CLOSED_STATUSES
from webapp.languages import _, ngettext, number
from webapp.presenters.cancellations.order import HeldAt, places_of, why_not
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.phrases.reasons import reason_options
from webapp.presenters.pieces import Fact, Notice, Option
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ItemCancellationScreen:
    order_number: str
    order_href: str
    action: str
    """Where the form posts."""

    item_id: int
    name: str
    sku: str
    picture: str | None
    remaining: int
    figures: tuple[Fact, ...]
    places: tuple[HeldAt, ...]
    effect: str
    why_not: str
    may_cancel: bool
    key: str
    quantity: str
    quantity_error: str
    reasons: tuple[Option, ...]
    values: Mapping[str, str]
    reason_error: str
    message: str


def present_item_cancellation(
    order: OrderProgress, item: ItemProgress, viewer: Viewer, links: Links, refusal: Refusal = NO_REFUSAL
) -> ItemCancellationScreen:
    """Build the screen for one item."""
    why = _why_no_units(order, item)
    return ItemCancellationScreen(
        order_number=order.shown_number,
        order_href=links.order(order.id),
        action=links.cancel_item(order.id, item.id),
        item_id=item.id,
        name=words.item_name(item),
        sku=item.sku,
        picture=item.picture,
        remaining=item.remaining,
        figures=(
            Fact(_("Ordered"), number(item.ordered)),
            Fact(_("Shipped"), number(item.shipped)),
            Fact(_("Cancelled"), number(item.cancelled)),
            Fact(_("Left to ship"), number(item.remaining)),
        ),
        places=places_of(item),
        effect=_effect(item),
        why_not=why,
        may_cancel=viewer.may_manage and not why,
        key=str(uuid4()),
        quantity=refusal.values.get("quantity", str(item.remaining)),
        quantity_error=refusal.errors.get("quantity", ""),
        reasons=reason_options(viewer.settings.cancel_reasons),
        values=refusal.values,
        reason_error=refusal.errors.get("reason", ""),
        message=refusal.words if why else refusal.message,  # Without the form no field shows the message.
    )


def item_cancelled_words(name: str, quantity: int) -> Notice:
    """Return the notice that units of an item were cancelled."""
    return Notice(_("%(units)s of %(name)s cancelled.", units=words.units(quantity), name=name))


def _why_no_units(order: OrderProgress, item: ItemProgress) -> str:
    if order.status in CLOSED_STATUSES:
        return why_not(order.status)
    if not item.remaining:
        return _("No units of this item are left to ship, so none can be cancelled.")
    return ""


def _effect(item: ItemProgress) -> str:
    """Return a sentence that says which units are released first."""
    if not item.reserved:
        return _("No stock is reserved for this item, so nothing goes back.")
    if item.unreserved:
        return ngettext(
            "%(num)s unit without stock is cancelled first. From %(least)s on, reserved units are released.",
            "%(num)s units without stock are cancelled first. From %(least)s on, reserved units are released.",
            item.unreserved,
            least=item.unreserved + 1,
        )
    whole = released_by_cancelling(item, item.remaining)
    return _("Each cancelled unit is released: up to %(units)s.", units=words.units(whole))
