"""Retiring a product that the shop no longer sells, and bringing it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from webapp.domain.stock import Holders, StockedProduct
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.phrases.moments import Moment, moment
from webapp.presenters.pieces import Link, Notice
from webapp.presenters.trail.words import person


@dataclass(frozen=True, slots=True)
class RetirementScreen:
    title: str
    product: str
    effects: tuple[str, ...]
    action: str
    key: str
    back: Link


@dataclass(frozen=True, slots=True)
class RetiredNotice:
    """Says on a product's page that it is retired, with the way back."""

    sentence: str
    at: Moment
    action: str
    key: str


def present_retirement(product: StockedProduct, waiting: Holders, links: Links) -> RetirementScreen:
    """Build the page that says what retiring does."""
    return RetirementScreen(
        title=_("Retire %(product)s", product=product.label),
        product=product.sku,
        effects=tuple(_effects(product, waiting)),
        action=links.retirement(product.product_id),
        key=str(uuid4()),
        back=Link(_("Change nothing"), links.product(product.product_id)),
    )


def present_retired(product: StockedProduct, links: Links, now: datetime) -> RetiredNotice | None:
    """Return the notice of a retired product."""
    if product.retired_at is None:
        return None
    return RetiredNotice(
        sentence=_(
            "%(who)s retired this product: it is not in the list of stock, and nobody is offered it as a match. "
            "Its stock and orders go on.",
            who=person(product.retired_by or ""),
        ),
        at=moment(product.retired_at, now),
        action=links.end_retirement(product.product_id),
        key=str(uuid4()),
    )


def retired_words(by_us: bool) -> Notice:
    """Return the result: retired now, or already before."""
    if by_us:
        return Notice(_("The product is retired."))
    return Notice(_("The product was retired already."), "info")


def back_words(by_us: bool) -> Notice:
    """Return the result: back now, or already before."""
    if by_us:
        return Notice(_("The product is back on the list."))
    return Notice(_("The product was on the list already."), "info")


def _effects(product: StockedProduct, waiting: Holders) -> Iterable[str]:
    yield _("The list of stock shows it only under “Retired”, and nobody is offered it as a match.")
    if product.quantity:
        on_hand = words.units(product.quantity)
        yield _("%(units)s stay on hand: they can be counted, moved, scanned and shipped.", units=on_hand)
    if waiting.total_units:
        yield _("Orders still wait for %(units)s: what arrives goes to them.", units=words.units(waiting.total_units))
    yield _("Open orders go on, and a new order line that names it is still matched to it: the shop sold it.")
    yield _("You can bring it back at any time.")
