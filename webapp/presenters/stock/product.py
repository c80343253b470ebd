"""One product's page: its places, the orders that hold or wait for units, its movements and chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.domain.merges import MergedTwin
from webapp.domain.stock import CodeChange, Holders, StockedProduct, StockState, TaughtCode
from webapp.domain.stock_history import StockHistory
from webapp.domain.trail import Movement
from webapp.languages import _, number
from webapp.presenters.links import Links
from webapp.presenters.pieces import Fact, Notice
from webapp.presenters.refusals import Refusal
from webapp.presenters.stock.chart import StockChart, present_stock_chart
from webapp.presenters.stock.codes import CodesPanel, present_codes
from webapp.presenters.stock.holders import HolderList, present_holders
from webapp.presenters.stock.merged import MergedNotice, MergedRow, present_merged, present_merged_here
from webapp.presenters.stock.movements import MovementRow, present_movements
from webapp.presenters.stock.places import PlacePanel, StockFormPanel, StockRefusal, present_places
from webapp.presenters.stock.retiring import RetiredNotice, present_retired
from webapp.presenters.stock.words import share, state_words
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ProductScreen:
    name: str
    sku: str
    gtin: str
    picture: str | None
    state: StockState
    state_words: str
    figures: tuple[Fact, ...]
    parcel_facts: tuple[Fact, ...]
    """What a parcel needs of it, as far as it is known."""
    reserved_share: int
    has_units: bool
    chart: StockChart | None
    codes: CodesPanel
    places: tuple[PlacePanel, ...]
    new_place: StockFormPanel
    holders: HolderList
    waiting: HolderList
    movements: tuple[MovementRow, ...]
    older_href: str | None
    newest_href: str | None
    merged: MergedNotice | None
    """Says that it was merged with another product; nothing here can be changed then."""
    merged_here: tuple[MergedRow, ...]
    retired: RetiredNotice | None
    may_manage: bool
    may_undo_merge: bool
    edit_href: str
    merge_href: str
    retire_href: str
    """Empty if it is retired."""
    done: Notice | None
    """What the person has just done."""


def present_product(
    product: StockedProduct,
    holders: Holders,
    waiting: Holders,
    movements: Sequence[Movement],
    history: StockHistory,
    viewer: Viewer,
    links: Links,
    now: datetime,
    *,
    movements_before: str | None,
    older_cursor: str | None,
    codes: Sequence[TaughtCode],
    journal: Sequence[CodeChange],
    merged: Sequence[MergedTwin],
    refused_code: Refusal | None = None,
    refused: StockRefusal | None = None,
    done: Notice | None = None,
) -> ProductScreen:
    """Build the page, with the movements ``movements_before`` a cursor."""
    product.missing_quantity = waiting.total_units
    state = product.state(viewer.settings.low_stock)
    places, new_place = present_places(product, links, refused, viewer.settings, now)
    merged_notice = present_merged(merged, product.product_id, links, now)
    return ProductScreen(
        name=product.label,
        sku=product.sku,
        gtin=product.gtin or "",
        picture=product.picture,
        state=state,
        state_words=state_words(state, product.missing_quantity),
        figures=tuple(_figures(product)),
        parcel_facts=tuple(_parcel_facts(product)),
        reserved_share=share(product.reserved_quantity, product.quantity),
        has_units=product.quantity > 0,
        chart=present_stock_chart(history),
        codes=present_codes(product, codes, journal, links, now, refused_code),
        places=places,
        new_place=new_place,
        holders=present_holders(holders, product.sku, links, now),
        waiting=present_holders(waiting, product.sku, links, now),
        movements=present_movements(movements, links, now),
        older_href=links.movements(product.product_id, older_cursor) if older_cursor else None,
        newest_href=links.movements(product.product_id) if movements_before else None,
        merged=merged_notice,
        merged_here=present_merged_here(merged, links, now),
        retired=None if merged_notice else present_retired(product, links, now),
        may_manage=viewer.may_manage and merged_notice is None,
        may_undo_merge=viewer.may_manage and merged_notice is not None,
        edit_href=links.product_details(product.product_id),
        merge_href=links.merge_product(product.product_id),
        retire_href="" if product.retired_at else links.retirement(product.product_id),
        done=done,
    )


def _figures(product: StockedProduct) -> Iterable[Fact]:
    yield Fact(_("On hand"), number(product.quantity))
    yield Fact(_("Reserved"), number(product.reserved_quantity))
    yield Fact(_("Available"), number(product.available_quantity))
    if product.missing_quantity:
        yield Fact(_("Missing for orders"), number(product.missing_quantity))


def _parcel_facts(product: StockedProduct) -> Iterable[Fact]:
    if product.weight_grams:
        yield Fact(_("Weight"), _("%(grams)s g", grams=number(product.weight_grams)))
    if product.hs_code:
        yield Fact(_("HS code"), product.hs_code)
    if product.origin_country:
        yield Fact(_("Made in"), product.origin_country)
