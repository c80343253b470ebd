"""Erasing a person's data: what goes, what stays, and whether it is possible now."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from webapp.domain.errors import StillToShip
from webapp.domain.progress import OrderProgress
from webapp.languages import _, translate
from webapp.presenters.links import Links
from webapp.presenters.pieces import Notice
from webapp.presenters.refusals import Refusal


@dataclass(frozen=True, slots=True)
class ErasureScreen:
    order_number: str
    customer_name: str
    order_href: str
    path: str
    key: str
    why_not: str
    """Why it is not possible now; empty if it is."""
    message: str
    """A refusal."""


def present_erasure(order: OrderProgress, links: Links, refusal: Refusal) -> ErasureScreen:
    """Build the screen."""
    why_not = ""
    if order.is_erased:
        why_not = _("The customer's data were erased already.")
    elif order.may_ship:
        why_not = translate(StillToShip().message)
    return ErasureScreen(
        order_number=order.shown_number,
        customer_name=order.customer_name,
        order_href=links.order(order.id),
        path=links.erase_person(order.id),
        key=str(uuid4()),
        why_not=why_not,
        message="" if why_not == refusal.words else refusal.words,
    )


def erased_words(*, by_us: bool) -> Notice:
    """Return the result: erased now, or already before."""
    if by_us:
        return Notice(_("The customer's name, address, contact and notes are erased."))
    return Notice(_("The customer's data were erased already."), "info")
