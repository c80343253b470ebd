"""The list of products with their stock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from webapp.domain.stock import StockedProduct, StockFilter, StockState
from webapp.languages import _, ngettext
from webapp.presenters.exports.ways import export_ways
from webapp.presenters.links import Links
from webapp.presenters.pieces import Link, View
from webapp.presenters.stock.words import share, state_words
from webapp.presenters.trail.words import place
from webapp.presenters.viewer import Viewer

SHOWN_PLACES: Final = 3
"""Places named per row."""


class ListedPlace(NamedTuple):
    """A place of a product."""

    name: str
    quantity: int | None
    """Units on hand; None for the only place, since the row already shows them."""


@dataclass(frozen=True, slots=True)
class StockListRow:
    """One product; units."""

    href: str
    name: str
    sku: str
    gtin: str
    picture: str | None
    quantity: int
    reserved: int
    available: int
    reserved_share: int
    state: StockState
    state_words: str
    """The most urgent fact; empty if all is well."""
    places: tuple[ListedPlace, ...]
    """The first few places."""
    more_places: str
    to_count: str
    """The places to count, in words; empty if none."""
    is_retired: bool


@dataclass(frozen=True, slots=True)
class StockListScreen:
    search: str
    show: StockFilter
    filters: tuple[View, ...]
    rows: tuple[StockListRow, ...]
    shown: str
    """The number of rows, for screen readers."""
    notice: str
    next_href: str | None
    first_href: str | None
    all_href: str
    retired_href: str
    """The same search among retired products; empty if it shows them."""
    export_ways: tuple[Link, ...]
    """The whole list as a file; empty for people who may not export."""
    new_href: str
    """Where to make a product; empty for people who may only look."""

    @property
    def is_narrowed(self) -> bool:
        """Return whether the list is searched or filtered."""
        return bool(self.search) or self.show is not StockFilter.ALL


def present_stock_list(
    products: Sequence[StockedProduct],
    search: str,
    show: StockFilter,
    viewer: Viewer,
    links: Links,
    *,
    is_cut: bool,
    cursor: str | None,
    next_cursor: str | None,
) -> StockListScreen:
    """Build the list; ``cursor`` is where this page begins."""
    kept = _kept(search, show)
    return StockListScreen(
        search=search,
        show=show,
        filters=tuple(View(words, links.stock(**_kept(search, which)), which is show) for which, words in _filters()),
        rows=tuple(_row(product, links, viewer.settings.low_stock) for product in products),
        shown=ngettext("%(num)s product shown", "%(num)s products shown", len(products)),
        notice=_("More products match than are shown. Type more letters.") if is_cut else "",
        next_href=links.stock(**kept, cursor=next_cursor) if next_cursor else None,
        first_href=links.stock(**kept) if cursor else None,
        all_href=links.stock(),
        retired_href=links.stock(**_kept(search, StockFilter.RETIRED)) if show is StockFilter.ALL else "",
        export_ways=export_ways(links.export_stock, links.export_stock_xlsx, kept, may_export=viewer.may_export),
        new_href=links.new_product if viewer.may_manage else "",
    )


def _kept(search: str, show: StockFilter) -> dict[str, str]:
    values = {"search": search, "show": "" if show is StockFilter.ALL else show.value}
    return {name: value for name, value in values.items() if value}


def _filters() -> tuple[tuple[StockFilter, str], ...]:
    return (
        (StockFilter.ALL, _("All products")),
        (StockFilter.MISSING, _("Missing for orders")),
        (StockFilter.RESERVED, _("Reserved")),
        (StockFilter.EMPTY, _("Empty")),
        (StockFilter.TO_COUNT, _("To count")),
        (StockFilter.RETIRED, _("Retired")),
    )


def _row(product: StockedProduct, links: Links, low_stock: int) -> StockListRow:
    state = product.state(low_stock)
    stocked = sorted(product.places, key=lambda stocked_place: -stocked_place.quantity)
    more = len(stocked) - SHOWN_PLACES
    return StockListRow(
        href=links.product(product.product_id),
        name=product.label,
        sku=product.sku,
        gtin=product.gtin or "",
        picture=product.picture,
        quantity=product.quantity,
        reserved=product.reserved_quantity,
        available=product.available_quantity,
        reserved_share=share(product.reserved_quantity, product.quantity),
        state=state,
        state_words=state_words(state, product.missing_quantity),
        places=tuple(
            ListedPlace(
                place(stocked_place.warehouse, stocked_place.location),
                stocked_place.quantity if len(stocked) > 1 else None,
            )
            for stocked_place in stocked[:SHOWN_PLACES]
        ),
        to_count=_to_count(product),
        is_retired=product.retired_at is not None,
        more_places=ngettext("and %(num)s more place", "and %(num)s more places", more) if more > 0 else "",
    )


def _to_count(product: StockedProduct) -> str:
    names = [place(one.warehouse, one.location) for one in product.places if one.count_cause]
    return _("Count %(places)s", places=", ".join(names)) if names else ""
