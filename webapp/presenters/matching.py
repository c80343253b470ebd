"""Matching unknown GTINs on screen: what waits, which product it could be, and what the match will do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from webapp.domain.statuses import OrderStatus
from webapp.domain.stock import StockedProduct
from webapp.domain.unknown_lines import UnknownGtin, UnknownLine
from webapp.presenters import words
from webapp.presenters.viewer import Viewer

Path = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class GtinRow:
    """A GTIN that waits to be matched."""

    gtin: str
    name: str
    sku: str
    waiting: str
    """How many lines of how many orders, in words."""

    units: int
    path: str
    """Where to match it; empty for those who may only look."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """An order line that waits."""

    order_path: str
    order_number: str
    order_status: OrderStatus
    name: str
    units: int
    cancel_path: str
    """Where to cancel its units; empty for those who may only look."""


@dataclass(frozen=True, slots=True)
class MatchListScreen:
    """All that waits to be matched."""

    gtins: tuple[GtinRow, ...]
    next_href: str | None
    first_href: str | None
    lines: tuple[LineRow, ...]
    """Lines without a GTIN: nothing can match them."""

    more_lines_href: str | None
    first_lines_href: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that the GTIN could stand for."""

    product_id: int
    name: str
    codes: str
    stock: str
    path: str
    is_remembered: bool


@dataclass(frozen=True, slots=True)
class MatchScreen:
    """Matching one GTIN."""

    gtin: str
    name: str
    waiting: str
    effect: str
    lines: tuple[LineRow, ...]
    more_lines: str
    remembered: str
    """What it was matched to before, in words; empty where it was not."""

    search: str
    candidates: tuple[Candidate, ...]
    is_cut: bool
    may_match: bool
    key: str
    message: str


def present_match_list(
    gtins: Sequence[UnknownGtin],
    lines: Sequence[UnknownLine],
    viewer: Viewer,
    path_of_gtin: Callable[[str], str],
    path_of_order: Path,
    *,
    next_href: str | None,
    first_href: str | None,
    more_lines_href: str | None,
    first_lines_href: str | None,
) -> MatchListScreen:
    """Build the list."""
    return MatchListScreen(
        gtins=tuple(_gtin_row(found, path_of_gtin(found.gtin) if viewer.may_manage else "") for found in gtins),
        next_href=next_href,
        first_href=first_href,
        lines=tuple(_line_row(line, viewer, path_of_order) for line in lines),
        more_lines_href=more_lines_href,
        first_lines_href=first_lines_href,
    )


def present_match(
    gtin: str,
    found: UnknownGtin | None,
    lines: Sequence[UnknownLine],
    remembered: tuple[int, str] | None,
    search: str,
    products: Sequence[StockedProduct],
    viewer: Viewer,
    path_of_order: Path,
    path_of_product: Path,
    *,
    is_cut: bool = False,
    message: str = "",
) -> MatchScreen:
    """Build the screen of one GTIN. ``remembered`` is (id, name) of the product it was matched to before."""
    more = found.lines - len(lines) if found else 0
    return MatchScreen(
        gtin=gtin,
        name=found.name if found else "",
        waiting=_waiting(found) if found else "Nothing waits for this GTIN.",
        effect=_effect(found),
        lines=tuple(_line_row(line, viewer, path_of_order) for line in lines),
        more_lines=f"and {words.count(more, 'more line')}" if more > 0 else "",
        remembered=f"It was matched to {remembered[1]} before." if remembered else "",
        search=search,
        candidates=tuple(_candidate(product, path_of_product(product.product_id), remembered) for product in products),
        is_cut=is_cut,
        may_match=viewer.may_manage,
        key=str(uuid4()),
        message=message,
    )


def matched_words(result: Mapping[str, Any], name: str) -> tuple[str, str]:
    """Return (sentence, kind of notice) for a match."""
    remembered = f"GTIN {result['gtin']} is {name} from now on, in later imports as well."
    if not result["matched_items"]:
        return f"{remembered} No open line carried it.", "info"
    lines = words.count(result["matched_items"], "line")
    orders = words.count(result["matched_orders"], "order")
    reserved = f"{words.units(result['reserved_units'])} reserved." if result["reserved_units"] else "Nothing reserved."
    return f"{lines} of {orders} linked to {name}. {reserved} {remembered}", "success"


def _gtin_row(found: UnknownGtin, path: str) -> GtinRow:
    return GtinRow(found.gtin, found.name, found.sku, _waiting(found), found.units, path)


def _waiting(found: UnknownGtin) -> str:
    return f"{words.count(found.lines, 'line')} of {words.count(found.orders, 'order')}, {words.units(found.units)}"


def _effect(found: UnknownGtin | None) -> str:
    later = "Later imports use the match by themselves."
    if found is None:
        return f"No open line carries it now. {later}"
    verb = "is" if found.lines == 1 else "are"
    lines, orders = words.count(found.lines, "open line"), words.count(found.orders, "order")
    return (
        f"{lines} of {orders} {verb} linked to the product. "
        f"Orders that are processing reserve at once, the oldest first. {later}"
    )


def _line_row(line: UnknownLine, viewer: Viewer, path_of_order: Path) -> LineRow:
    path = path_of_order(line.order_id)
    return LineRow(
        order_path=path,
        order_number=line.order_number,
        order_status=line.order_status,
        name=line.name or line.sku or "a line without a name",
        units=line.units,
        cancel_path=f"{path}/items/{line.item_id}/cancellation" if viewer.may_manage else "",
    )


def _candidate(product: StockedProduct, path: str, remembered: tuple[int, str] | None) -> Candidate:
    return Candidate(
        product_id=product.product_id,
        name=product.label,
        codes=" · ".join(code for code in (product.sku, product.gtin) if code),
        stock=f"{product.available_quantity} available of {product.quantity} on hand",
        path=path,
        is_remembered=remembered is not None and remembered[0] == product.product_id,
    )
