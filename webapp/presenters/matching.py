"""Matching on screen: which product it could be, and what the match will do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from webapp.domain.statuses import OrderStatus
from webapp.domain.stock import StockedProduct
from webapp.domain.unknown_lines import MatchBy, Unknown, UnknownLine, Waiting
from webapp.presenters import words
from webapp.presenters.viewer import Viewer

Path = Callable[[int], str]
MatchPath = Callable[[Unknown], str]


@dataclass(frozen=True, slots=True)
class LineRow:
    """An order line that waits."""

    order_path: str
    order_number: str
    order_status: OrderStatus
    name: str
    units: int
    match_path: str
    """Where to match this line alone; empty where it is not offered."""

    cancel_path: str
    """Where to cancel its units; empty for those who may only look."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that is possibly meant."""

    product_id: int
    name: str
    codes: str
    stock: str
    path: str
    hint: str
    """Why it is likely, in words; empty where it is one of many."""

    answer: str
    """What its button says to who cannot see it."""


@dataclass(frozen=True, slots=True)
class MatchScreen:
    """Matching one GTIN, one SKU or one line."""

    field: str
    """Name of the form's field that says what is matched."""

    code: str
    title: str
    about: str
    """What the marketplace calls it and how much waits for it."""

    is_waiting: bool
    """A match would do something: a GTIN is remembered even where no line carries it."""

    effect: str
    later: str
    """What later imports make of it."""

    lines: tuple[LineRow, ...]
    more_lines: str
    likely: str
    """Which product it probably is and why, in words; empty where nothing tells."""

    all_lines: tuple[str, str] | None
    """(words, path) of matching all lines with the SKU of this one."""

    search: str
    candidates: tuple[Candidate, ...]
    is_cut: bool
    may_match: bool
    key: str
    message: str


_LATER: Final = {
    MatchBy.GTIN: "Later imports use the match by themselves.",
    MatchBy.SKU: "The SKU is not remembered: later imports wait here again, unless a product has this very SKU.",
    MatchBy.ITEM: "No other line is linked, and later imports do not remember it.",
}

_GONE: Final = {
    MatchBy.GTIN: "No open line carries it now.",
    MatchBy.SKU: "No open line waits with this SKU any more. Its lines were matched, cancelled or shipped meanwhile.",
    MatchBy.ITEM: "This line does not wait any more. It was matched, cancelled or shipped meanwhile.",
}

_HINTS: Final = {MatchBy.GTIN: "matched before", MatchBy.SKU: "has this SKU", MatchBy.ITEM: "has the line's SKU"}


def present_match(
    unknown: Unknown,
    found: Waiting | None,
    lines: Sequence[UnknownLine],
    likely: tuple[int, str] | None,
    search: str,
    products: Sequence[StockedProduct],
    viewer: Viewer,
    path_of_match: MatchPath,
    path_of_order: Path,
    path_of_product: Path,
    *,
    is_cut: bool = False,
    message: str = "",
) -> MatchScreen:
    """Build the screen of one match. ``likely`` is (id, name) of the product that it probably is."""
    by = unknown.by
    more = found.lines - len(lines) if found else 0
    one_by_one = path_of_match if by is MatchBy.SKU and len(lines) > 1 else None
    of_line = Unknown.read(MatchBy.SKU, found.sku) if found and by is MatchBy.ITEM else None
    return MatchScreen(
        field=by.value,
        code=unknown.code,
        title=_title(unknown, found),
        about=_about(unknown, found, lines),
        is_waiting=found is not None or by is MatchBy.GTIN,
        effect=_effect(unknown, found),
        later=_LATER[by],
        lines=tuple(line_row(line, viewer, path_of_order, one_by_one) for line in lines),
        more_lines=f"and {words.count(more, 'more line')}" if more > 0 else "",
        likely=_likely(by, likely[1]) if likely else "",
        all_lines=(f"Match every line with the SKU {of_line.code}", path_of_match(of_line)) if of_line else None,
        search=search,
        candidates=tuple(
            _candidate(product, path_of_product(product.product_id), unknown, likely) for product in products
        ),
        is_cut=is_cut,
        may_match=viewer.may_manage,
        key=str(uuid4()),
        message=message,
    )


def matched_words(result: Mapping[str, Any], unknown: Unknown, product: StockedProduct) -> tuple[str, str]:
    """Return (sentence, kind of notice) for a match."""
    remembered = f"GTIN {unknown.code} is {product.label} from now on, in later imports as well."
    if not result["matched_items"]:
        if unknown.by is MatchBy.GTIN:
            return f"{remembered} No open line carried it.", "info"
        return f"Nothing was matched. {_GONE[unknown.by]}", "info"
    lines = words.count(result["matched_items"], "line")
    orders = words.count(result["matched_orders"], "order")
    reserved = f"{words.units(result['reserved_units'])} reserved." if result["reserved_units"] else "Nothing reserved."
    later = remembered if unknown.by is MatchBy.GTIN else ""
    if unknown.by is MatchBy.SKU:
        later = "Later imports find it by its SKU." if product.sku == unknown.code else _LATER[MatchBy.SKU]
    return f"{lines} of {orders} linked to {product.label}. {reserved} {later}".strip(), "success"


def waiting_words(found: Waiting) -> str:
    """Say how much waits: 2 lines of 2 orders, 6 units."""
    return f"{words.count(found.lines, 'line')} of {words.count(found.orders, 'order')}, {words.units(found.units)}"


def line_row(line: UnknownLine, viewer: Viewer, path_of_order: Path, path_of_match: MatchPath | None) -> LineRow:
    """Build the row of a line; without ``path_of_match`` it is not matched alone."""
    path = path_of_order(line.order_id)
    alone = path_of_match(Unknown(MatchBy.ITEM, str(line.item_id))) if path_of_match else ""
    return LineRow(
        order_path=path,
        order_number=line.order_number,
        order_status=line.order_status,
        name=line.name or line.sku or "a line without a name",
        units=line.units,
        match_path=alone if viewer.may_manage else "",
        cancel_path=f"{path}/items/{line.item_id}/cancellation" if viewer.may_manage else "",
    )


def _title(unknown: Unknown, found: Waiting | None) -> str:
    if unknown.by is MatchBy.ITEM:
        return (
            f"Which product is “{found.name or found.sku or 'a line without a name'}”?" if found else "Nothing to match"
        )
    return f"Which product is {unknown.by.name} {unknown.code}?"


def _about(unknown: Unknown, found: Waiting | None, lines: Sequence[UnknownLine]) -> str:
    if found is None:
        return f"Nothing waits for this {'line' if unknown.by is MatchBy.ITEM else unknown.by.name}."
    if unknown.by is MatchBy.ITEM:
        orders = " and ".join(line.order_number for line in lines)
        return f"This one line of order {orders} only, {words.units(found.units)}."
    called = f"The marketplace calls it “{found.name}”. " if found.name else ""
    return called + waiting_words(found)


def _effect(unknown: Unknown, found: Waiting | None) -> str:
    if found is None:
        return _GONE[unknown.by]
    if unknown.by is MatchBy.ITEM:
        return "This line is linked to the product, and reserves at once if its order is processing."
    verb = "is" if found.lines == 1 else "are"
    lines, orders = words.count(found.lines, "open line"), words.count(found.orders, "order")
    return (
        f"{lines} of {orders} {verb} linked to the product. "
        "Orders that are processing reserve at once, the oldest first."
    )


def _likely(by: MatchBy, name: str) -> str:
    return f"It was matched to {name} before." if by is MatchBy.GTIN else f"{name} has this SKU."


def _candidate(product: StockedProduct, path: str, unknown: Unknown, likely: tuple[int, str] | None) -> Candidate:
    what = "This line" if unknown.by is MatchBy.ITEM else f"{unknown.by.name} {unknown.code}"
    return Candidate(
        product_id=product.product_id,
        name=product.label,
        codes=" · ".join(code for code in (product.sku, product.gtin) if code),
        stock=f"{product.available_quantity} available of {product.quantity} on hand",
        path=path,
        hint=_HINTS[unknown.by] if likely is not None and likely[0] == product.product_id else "",
        answer=f"{what} is {product.label}",
    )
