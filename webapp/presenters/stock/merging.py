"""Merging a product with its twin: which product it may be, and what would move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from webapp.domain.merges import OpenLines
from webapp.domain.products import ParcelFacts
from webapp.domain.stock import StockedProduct, TaughtCode
from webapp.languages import _, ngettext, number
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.pieces import Link
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.trail.words import place


@dataclass(frozen=True, slots=True)
class TwinCandidate:
    """A product that may be the twin."""

    name: str
    codes: str
    stock: str
    picture: str | None
    href: str
    answer: str
    """The link's label for screen readers."""


@dataclass(frozen=True, slots=True)
class FindTwinScreen:
    title: str
    action: str
    search: str
    candidates: tuple[TwinCandidate, ...]
    is_cut: bool
    back: Link


@dataclass(frozen=True, slots=True)
class TwinCard:
    """One of the two products."""

    heading: str
    name: str
    codes: str
    stock: str
    picture: str | None
    href: str


@dataclass(frozen=True, slots=True)
class MovingUnits:
    """Units at a place, and how many will be there."""

    place: str
    units: str
    after: str


@dataclass(frozen=True, slots=True)
class MovingLine:
    """An order whose lines follow."""

    href: str
    number: str
    units: str


@dataclass(frozen=True, slots=True)
class MergeScreen:
    title: str
    message: str
    goes: TwinCard
    stays: TwinCard
    swap_href: str
    places: tuple[MovingUnits, ...]
    lines: tuple[MovingLine, ...]
    more_lines: str
    codes: tuple[str, ...]
    effects: tuple[str, ...]
    action: str
    key: str
    survivor: int
    button_words: str
    other: Link
    """Back to the search."""
    back: Link


def present_find_twin(
    product: StockedProduct, search: str, products: Iterable[StockedProduct], links: Links, *, is_cut: bool
) -> FindTwinScreen:
    """Build the page that finds the twin of a product."""
    return FindTwinScreen(
        title=_("Which product is the twin of %(product)s?", product=product.label),
        action=links.merge_product(product.product_id),
        search=search,
        candidates=tuple(_candidate(one, product, links) for one in products if one.product_id != product.product_id),
        is_cut=is_cut,
        back=Link(_("Back to the product"), links.product(product.product_id)),
    )


def present_merge(
    former: StockedProduct,
    survivor: StockedProduct,
    lines: OpenLines,
    codes: Sequence[TaughtCode],
    matches: int,
    links: Links,
    refusal: Refusal = NO_REFUSAL,
) -> MergeScreen:
    """Build the preview of a merge: what moves from ``former`` to ``survivor``."""
    more = lines.total_orders - len(lines.shown)
    return MergeScreen(
        title=_("Merge %(former)s with %(survivor)s", former=former.sku, survivor=survivor.sku),
        message=refusal.words,
        goes=_card(_("Goes"), former, links),
        stays=_card(_("Stays"), survivor, links),
        swap_href=links.merge_with(survivor.product_id, former.product_id),
        places=tuple(_places(former, survivor)),
        lines=tuple(
            MovingLine(
                href=links.order(line.order_id),
                number=line.order_number,
                units=_("%(units)s, %(reserved)s reserved", units=words.units(line.units), reserved=line.reserved),
            )
            for line in lines.shown
        ),
        more_lines=ngettext("and %(num)s more order", "and %(num)s more orders", more) if more > 0 else "",
        codes=tuple(_codes(former, codes)),
        effects=tuple(_effects(former, survivor, matches)),
        action=links.merge_product(former.product_id),
        key=str(uuid4()),
        survivor=survivor.product_id,
        button_words=_("Merge them"),
        other=Link(_("Another product"), links.merge_product(former.product_id)),
        back=Link(_("Change nothing"), links.product(former.product_id)),
    )


def _candidate(one: StockedProduct, of: StockedProduct, links: Links) -> TwinCandidate:
    return TwinCandidate(
        name=one.label,
        codes=_codes_of(one),
        stock=_stock_of(one),
        picture=one.picture,
        href=links.merge_with(of.product_id, one.product_id),
        answer=_("Merge with %(product)s", product=one.label),
    )


def _card(heading: str, product: StockedProduct, links: Links) -> TwinCard:
    return TwinCard(
        heading=heading,
        name=product.label,
        codes=_codes_of(product),
        stock=_stock_of(product),
        picture=product.picture,
        href=links.product(product.product_id),
    )


def _codes_of(product: StockedProduct) -> str:
    return " · ".join(filter(None, (product.sku, product.gtin)))


def _stock_of(product: StockedProduct) -> str:
    return _(
        "%(available)s available of %(on_hand)s on hand",
        available=number(product.available_quantity),
        on_hand=number(product.quantity),
    )


def _places(former: StockedProduct, survivor: StockedProduct) -> Iterable[MovingUnits]:
    for one in former.places:
        if one.quantity:
            there = survivor.place_at(one.warehouse, one.location)
            yield MovingUnits(
                place=place(one.warehouse, one.location),
                units=_(
                    "%(units)s, %(reserved)s reserved",
                    units=words.units(one.quantity),
                    reserved=number(one.reserved_quantity),
                ),
                after=_(
                    "%(units)s there afterwards", units=words.units(one.quantity + (there.quantity if there else 0))
                ),
            )


def _codes(former: StockedProduct, codes: Sequence[TaughtCode]) -> Iterable[str]:
    yield former.sku
    for code in codes:
        if code.units == 1:
            yield code.code
        else:
            yield _("%(code)s (case of %(units)s)", code=code.code, units=words.units(code.units))


def _effects(former: StockedProduct, survivor: StockedProduct, matches: int) -> Iterable[str]:
    yield _("Imports, scans and searches for these codes find %(sku)s from now on.", sku=survivor.sku)
    if matches:
        yield ngettext("%(num)s remembered match follows.", "%(num)s remembered matches follow.", matches)
    if former.picture and not survivor.picture:
        yield _("%(sku)s gets the picture, since it has none.", sku=survivor.sku)
    if any(getattr(former, name) and not getattr(survivor, name) for name in ParcelFacts._fields):
        yield _("%(sku)s gets the weight, HS code and origin that it lacks.", sku=survivor.sku)
    yield _("Orders that wait for either product get free units of both, oldest first.")
    yield _("Lines that have shipped stay as they are, and so do all movements until now.")
    yield _("%(sku)s stays as a retired product that leads to %(survivor)s.", sku=former.sku, survivor=survivor.sku)
    yield _("It can be undone while nothing else happens to either.")
