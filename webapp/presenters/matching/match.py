"""The page of one match: products to choose from, and what the match will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from webapp.domain.statuses import OrderStatus
from webapp.domain.stock import StockedProduct
from webapp.domain.unknown_lines import LikelyProduct, MatchBy, UnknownCode, UnknownLine, WaitingLines
from webapp.domain.wording import say
from webapp.languages import _, ngettext, number, translate
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.pieces import Link, Notice
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class LineRow:
    """An order line that waits for the match."""

    order_href: str
    order_number: str
    order_status: OrderStatus
    name: str
    units: str
    """Units still to ship, in words."""

    match_href: str
    """Where to match only this line; empty if that is not offered."""

    cancel_href: str
    """Where to cancel its units; empty for people who may only look."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that may be the right one."""

    product_id: int
    name: str
    codes: str
    stock: str
    href: str
    hint: str
    """Why it is likely, in words; empty if it is one of many."""

    pack_units: str
    """How many units of it one ordered unit may be, as the field shows it."""

    answer: str
    """The button's label for screen readers."""


@dataclass(frozen=True, slots=True)
class MatchScreen:
    field: str
    """Name of the form field that says what to match."""

    code: str
    title: str
    about: str
    """The marketplace's name for it, and how much waits."""

    is_waiting: bool
    """True if a match would do something; a GTIN is remembered even if no line has it."""

    effect: str
    later: str
    """What later imports do with it."""

    lines: tuple[LineRow, ...]
    more_lines: str
    likely: str
    """The likeliest product and why, in words; empty if none stands out."""

    all_lines: Link | None
    """Link to matching all lines with this line's SKU."""

    search: str
    candidates: tuple[Candidate, ...]
    is_cut: bool
    may_match: bool
    make_href: str
    """Where to make the product that no candidate is; empty for people who may only look."""

    key: str
    message: str


_LATER: Final = {
    MatchBy.GTIN: say("Later imports use this match automatically."),
    MatchBy.SKU: say("Later imports use this match automatically."),
    MatchBy.NAME: say("Later imports of this channel use this match automatically."),
    MatchBy.ITEM: say("No other line is linked, and later imports do not remember it."),
}

_NO_LONGER_WAITING: Final = {
    MatchBy.GTIN: say("No open line carries it now."),
    MatchBy.SKU: say(
        "No open line with this SKU is waiting any longer. "
        "Its lines were matched, cancelled or shipped in the meantime."
    ),
    MatchBy.NAME: say(
        "No open line with this name is waiting any longer. "
        "Its lines were matched, cancelled or shipped in the meantime."
    ),
    MatchBy.ITEM: say("This line is no longer waiting. It was matched, cancelled or shipped in the meantime."),
}

_HINTS: Final = {
    MatchBy.GTIN: say("matched before"),
    MatchBy.SKU: say("has this SKU"),
    MatchBy.NAME: say("matched before"),
    MatchBy.ITEM: say("has the line's SKU"),
}


def present_match(
    unknown: UnknownCode,
    waiting: WaitingLines | None,
    lines: Sequence[UnknownLine],
    likely: LikelyProduct | None,
    search: str,
    products: Sequence[StockedProduct],
    viewer: Viewer,
    links: Links,
    *,
    packs: Mapping[int, str],
    is_cut: bool = False,
    message: str = "",
) -> MatchScreen:
    """Build the page of one match. ``likely`` is the likeliest product, ``packs`` what one ordered unit may be, by
    product."""
    by = unknown.by
    more = waiting.lines - len(lines) if waiting else 0
    one_by_one = by in (MatchBy.SKU, MatchBy.NAME) and len(lines) > 1
    return MatchScreen(
        field=by.value,
        code=unknown.code,
        title=_title(unknown, waiting),
        about=_about(unknown, waiting, lines),
        is_waiting=waiting is not None or by is MatchBy.GTIN,
        effect=_effect(unknown, waiting),
        later=translate(_LATER[by]),
        lines=tuple(
            line_row(line, viewer, links, is_matched_alone=one_by_one, may_cancel=by is MatchBy.NAME) for line in lines
        ),
        more_lines=ngettext("and %(num)s more line", "and %(num)s more lines", more) if more > 0 else "",
        likely=_likely(by, likely) if likely else "",
        all_lines=_all_lines(waiting, links) if waiting and by is MatchBy.ITEM else None,
        search=search,
        candidates=tuple(
            _candidate(product, links, unknown, likely, packs.get(product.product_id, "1")) for product in products
        ),
        is_cut=is_cut,
        may_match=viewer.may_manage,
        make_href=links.product_for(unknown) if viewer.may_manage else "",
        key=str(uuid4()),
        message=message,
    )


def matched_words(result: Mapping[str, Any], unknown: UnknownCode, product: StockedProduct, pack_units: int) -> Notice:
    """Return the notice of what a match did, each ordered unit as ``pack_units`` of the product."""
    remembered = _remembered(unknown, pack_words(product.label, pack_units))
    is_remembered = result.get("is_remembered", True) and unknown.by is not MatchBy.ITEM
    if not result["matched_items"]:
        if is_remembered:
            return Notice(_sentences(remembered, _("No open line carried it.")), "info")
        return Notice(_sentences(_("Nothing was matched."), translate(_NO_LONGER_WAITING[unknown.by])), "info")
    linked = _(
        "%(lines)s of %(orders)s linked to %(product)s.",
        lines=words.lines(result["matched_items"]),
        orders=words.orders(result["matched_orders"]),
        product=pack_words(product.label, pack_units),
    )
    units = result["reserved_units"]
    reserved = ngettext("%(num)s unit reserved.", "%(num)s units reserved.", units) if units else _("Nothing reserved.")
    later = remembered if is_remembered else ""
    if unknown.by is MatchBy.SKU and product.sku == unknown.code:
        later = _("Later imports find it by its SKU.")
    return Notice(_sentences(linked, reserved, later))


def pack_words(product: str, pack_units: int) -> str:
    """Return what one ordered unit is: Mug, or 3 × Mug."""
    return product if pack_units == 1 else _("%(units)s × %(product)s", units=number(pack_units), product=product)


def _remembered(unknown: UnknownCode, product: str) -> str:
    if unknown.by is MatchBy.NAME:
        return _("This name is %(product)s from now on, in later imports of its channel as well.", product=product)
    if unknown.by is MatchBy.SKU:
        return _("SKU %(sku)s is %(product)s from now on, in later imports as well.", sku=unknown.code, product=product)
    return _("GTIN %(gtin)s is %(product)s from now on, in later imports as well.", gtin=unknown.code, product=product)


def waiting_words(waiting: WaitingLines) -> str:
    """Return how much waits: 2 lines of 2 orders, 6 units."""
    return _(
        "%(lines)s of %(orders)s, %(units)s",
        lines=words.lines(waiting.lines),
        orders=words.orders(waiting.orders),
        units=words.units(waiting.units),
    )


def _all_lines(waiting: WaitingLines, links: Links) -> Link | None:
    """Return the link to matching all lines like one that is matched alone."""
    if of_sku := UnknownCode.read(MatchBy.SKU, waiting.sku):
        return Link(_("Match every line with the SKU %(sku)s", sku=of_sku.code), links.match(of_sku))
    if of_name := UnknownCode.read(MatchBy.NAME, waiting.name_code):
        return Link(_("Match every line with this name"), links.match(of_name))
    return None


def line_row(
    line: UnknownLine, viewer: Viewer, links: Links, *, is_matched_alone: bool = True, may_cancel: bool = True
) -> LineRow:
    """Build the row of a line."""
    alone = links.match(UnknownCode(MatchBy.ITEM, str(line.item_id))) if is_matched_alone else ""
    return LineRow(
        order_href=links.order(line.order_id),
        order_number=line.order_number,
        order_status=line.order_status,
        name=line.name or line.sku or _("a line without a name"),
        units=words.units(line.units),
        match_href=alone if viewer.may_manage else "",
        cancel_href=links.cancel_item(line.order_id, line.item_id) if viewer.may_manage and may_cancel else "",
    )


def _sentences(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _title(unknown: UnknownCode, waiting: WaitingLines | None) -> str:
    match unknown.by:
        case MatchBy.GTIN:
            return _("Which product is GTIN %(gtin)s?", gtin=unknown.code)
        case MatchBy.SKU:
            return _("Which product is SKU %(sku)s?", sku=unknown.code)
    if waiting is None:
        return _("Nothing to match")
    return _("Which product is “%(name)s”?", name=waiting.name or waiting.sku or _("a line without a name"))


_NOTHING_WAITS: Final = {
    MatchBy.GTIN: say("Nothing waits for this GTIN."),
    MatchBy.SKU: say("Nothing waits for this SKU."),
    MatchBy.NAME: say("Nothing waits for this name."),
    MatchBy.ITEM: say("Nothing waits for this line."),
}


def _about(unknown: UnknownCode, waiting: WaitingLines | None, lines: Sequence[UnknownLine]) -> str:
    if waiting is None:
        return translate(_NOTHING_WAITS[unknown.by])
    if unknown.by is MatchBy.ITEM:
        order = lines[0].order_number if lines else ""
        return _("This one line of order %(number)s only, %(units)s.", number=order, units=words.units(waiting.units))
    if unknown.by is MatchBy.NAME and waiting.channel:
        return _sentences(_("%(channel)s calls it so.", channel=waiting.channel), waiting_words(waiting))
    called = _("It was ordered as “%(name)s”.", name=waiting.name) if waiting.name else ""
    return _sentences(called, waiting_words(waiting))


def _effect(unknown: UnknownCode, waiting: WaitingLines | None) -> str:
    if waiting is None:
        return translate(_NO_LONGER_WAITING[unknown.by])
    if unknown.by is MatchBy.ITEM:
        return _("This line is linked to the product, and reserves at once if its order is processing.")
    linked = ngettext(
        "%(num)s open line of %(orders)s is linked to the product.",
        "%(num)s open lines of %(orders)s are linked to the product.",
        waiting.lines,
        orders=words.orders(waiting.orders),
    )
    return _sentences(linked, _("Orders being processed reserve at once, oldest first."))


def _likely(by: MatchBy, likely: LikelyProduct) -> str:
    if by is not MatchBy.GTIN:
        return _("%(product)s has this SKU.", product=likely.name)
    if likely.was_matched:
        return _("It was matched to %(product)s before.", product=likely.name)
    return _("%(product)s has this GTIN.", product=likely.name)


def _candidate(
    product: StockedProduct, links: Links, unknown: UnknownCode, likely: LikelyProduct | None, pack_units: str
) -> Candidate:
    is_likely = likely is not None and likely.product_id == product.product_id
    return Candidate(
        product_id=product.product_id,
        name=product.label,
        codes=" · ".join(code for code in (product.sku, product.gtin) if code),
        stock=_(
            "%(available)s available of %(on_hand)s on hand",
            available=number(product.available_quantity),
            on_hand=number(product.quantity),
        ),
        href=links.product(product.product_id),
        hint=_hint(unknown.by, likely) if likely and is_likely else "",
        pack_units=pack_units,
        answer=_answer(unknown, product.label),
    )


def _hint(by: MatchBy, likely: LikelyProduct) -> str:
    return _("has this GTIN") if by is MatchBy.GTIN and not likely.was_matched else translate(_HINTS[by])


def _answer(unknown: UnknownCode, product: str) -> str:
    match unknown.by:
        case MatchBy.GTIN:
            return _("Match GTIN %(gtin)s to %(product)s", gtin=unknown.code, product=product)
        case MatchBy.SKU:
            return _("Match SKU %(sku)s to %(product)s", sku=unknown.code, product=product)
        case MatchBy.NAME:
            return _("Match this name to %(product)s", product=product)
        case MatchBy.ITEM:
            return _("Match this line to %(product)s", product=product)
