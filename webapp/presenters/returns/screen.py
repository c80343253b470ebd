"""The screen that books a return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.domain.returns import BookedReturn
from webapp.domain.usual_reasons import WRITE_OFF_REASONS
from webapp.languages import _, ngettext, number
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.phrases.reasons import reason_options
from webapp.presenters.pieces import Fact, Notice, Option
from webapp.presenters.refusals import Refusal
from webapp.presenters.returns.corrections import BookedReturnRow, CorrectionRefusal, present_booked
from webapp.presenters.trail.words import place
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ReturnScreen:
    """Units of one item that can be returned."""

    order_number: str
    order_href: str
    action: str
    """Where the form posts."""

    item_id: int
    name: str
    sku: str
    picture: str | None
    figures: tuple[Fact, ...]
    returnable: int
    why_not: str
    may_return: bool
    key: str
    quantity: str
    quantity_error: str
    write_off: str | None
    """“1” or blank as chosen; None while nobody has."""
    write_off_reasons: str
    """Reasons that choose to write off, one a line."""
    warehouse: str
    warehouse_error: str
    location: str
    location_error: str
    locations: tuple[str, ...]
    """Known locations, suggested while typing."""

    reasons: tuple[Option, ...]
    values: Mapping[str, str]
    reason_error: str
    message: str
    booked: tuple[BookedReturnRow, ...]
    """Returns to correct; empty for people who may not."""


def present_return(
    order: OrderProgress,
    item: ItemProgress,
    places: Sequence[tuple[str, str]],
    booked: Sequence[BookedReturn],
    viewer: Viewer,
    links: Links,
    now: datetime,
    refusal: Refusal,
    correction: CorrectionRefusal | None = None,
) -> ReturnScreen:
    """Build the screen; ``places`` are the product's (warehouse, location) pairs, the likeliest first, and ``booked``
    the item's returns."""
    returnable = item.shipped - item.returned
    why_not = _why_not(item, returnable)
    warehouse, location = places[0] if places else (MAIN_WAREHOUSE, "")
    return ReturnScreen(
        order_number=order.shown_number,
        order_href=links.order(order.id),
        action=links.return_item(order.id, item.id),
        item_id=item.id,
        name=words.item_name(item),
        sku=item.sku,
        picture=item.picture,
        figures=(
            Fact(_("Shipped"), number(item.shipped)),
            Fact(_("Already returned"), number(item.returned)),
            Fact(_("Can be returned"), number(returnable)),
        ),
        returnable=returnable,
        why_not=why_not,
        may_return=viewer.may_manage and not why_not,
        key=str(uuid4()),
        quantity=refusal.values.get("quantity", str(returnable)),
        quantity_error=refusal.errors.get("quantity", ""),
        write_off=_chosen(refusal.values.get("write_off")),
        write_off_reasons="\n".join(map(str, WRITE_OFF_REASONS)),
        warehouse=refusal.values.get("warehouse", warehouse),
        warehouse_error=refusal.errors.get("warehouse", ""),
        location=refusal.values.get("location", location),
        location_error=refusal.errors.get("location", ""),
        locations=tuple(dict.fromkeys(location for _, location in places)),
        reasons=reason_options(viewer.settings.return_reasons),
        values=refusal.values,
        reason_error=refusal.errors.get("reason", ""),
        message=refusal.words if why_not else refusal.message,  # Without the form no field shows the message.
        booked=present_booked(order.id, booked, links, now, correction) if viewer.may_manage else (),
    )


def returned_words(name: str, quantity: int, warehouse: str, location: str, *, written_off: bool) -> Notice:
    """Return the notice that units came back, and where they are now."""
    if written_off:
        sentence = ngettext(
            "%(num)s unit of %(name)s came back and was written off: no stock changed.",
            "%(num)s units of %(name)s came back and were written off: no stock changed.",
            quantity,
            name=name,
        )
        return Notice(sentence)
    units = words.units(quantity)
    where = place(warehouse or MAIN_WAREHOUSE, location)
    return Notice(_("%(units)s of %(name)s came back to %(where)s.", units=units, name=name, where=where))


def _chosen(write_off: str | None) -> str | None:
    return write_off if write_off is None else "1" if write_off else ""


def _why_not(item: ItemProgress, returnable: int) -> str:
    if item.is_placeholder:
        return _("This line's product is unknown. Match it to a product, then book the return.")
    if not item.shipped:
        return _("No units of this item have shipped, so none can come back.")
    if not returnable:
        return _("All units that shipped have already come back.")
    return ""
