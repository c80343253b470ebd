"""What a screen says and advises for each cause of a stock exception, one entry per cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from webapp.domain.causes import Cause
from webapp.domain.open_exceptions import OpenException
from webapp.domain.unknown_lines import MatchBy, UnknownCode
from webapp.domain.wording import Wording, say
from webapp.languages import _, translate
from webapp.presenters.links import Links
from webapp.presenters.trail.words import place
from webapp.presenters.viewer import Viewer


class Remedy(NamedTuple):
    """The first action to offer for an exception."""

    label: Wording
    href: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseLook:
    """How a cause appears on screens."""

    tab: Wording
    """Two words, for the filter."""

    advice: Callable[[OpenException], str]
    """What is wrong, and what a manager can do."""

    remedy: Callable[[OpenException, Links], Remedy]

    hint: Wording
    """What to do about it, for a manager who sees the item."""

    hint_for_others: Wording
    """The same for everyone else."""


def hint(cause: Cause, viewer: Viewer) -> str:
    """Return what to do about a cause, and who does it."""
    look = LOOKS[cause]
    return translate(look.hint if viewer.may_manage else look.hint_for_others)


def _about_placeholder(exception: OpenException) -> str:
    unknown = _unknown(exception)
    if unknown.by is MatchBy.ITEM:
        return _("The line came with neither GTIN nor SKU. Choose the product that is meant, or cancel the units.")
    if unknown.by is MatchBy.NAME:
        return _("The line has a name only. Match it once, and later imports know the name in its channel.")
    if unknown.by is MatchBy.SKU:
        return _(
            "There is no GTIN, and no product has the SKU %(sku)s. Match it for every open line that has it.",
            sku=unknown.code,
        )
    return _(
        "The GTIN %(gtin)s is no product's, or the SKU is another's. "
        "Match it once, and every line that carries it is linked.",
        gtin=unknown.code,
    )


def _about_no_inventory(_exception: OpenException) -> str:
    return _("The records show no place for this product. Add its units where they are.")


def _about_insufficient_inventory(_exception: OpenException) -> str:
    return _("The stock is reserved for other orders, or there is none. Units that arrive are reserved automatically.")


def _about_short_pick(exception: OpenException) -> str:
    if not exception.short_at:
        return _("Somebody counted too few. Units that arrive are reserved automatically.")
    return _(
        "Somebody counted too few at %(place)s. Units that arrive are reserved automatically.",
        place=place(*exception.short_at),
    )


def _about_changed_upstream(_exception: OpenException) -> str:
    return _(
        "The shop wants fewer units than have left, or more of an order that is done. "
        "Nothing was undone: book a return, or settle it with the customer."
    )


def _about_fulfilled_upstream(_exception: OpenException) -> str:
    return _("The shop says that these units have left, and nobody shipped them here. Ship them, or cancel them here.")


def _about_ship_to_upstream(_exception: OpenException) -> str:
    return _("Units left for the old address before the shop changed it. Call the carrier or the customer.")


_MATCH: Final = {
    MatchBy.GTIN: say("Match the GTIN"),
    MatchBy.SKU: say("Match the SKU"),
    MatchBy.NAME: say("Match the name"),
    MatchBy.ITEM: say("Match the line"),
}


def _match(exception: OpenException, links: Links) -> Remedy:
    unknown = _unknown(exception)
    return Remedy(_MATCH[unknown.by], links.match(unknown), "link")


def _at_product(label: Wording) -> Callable[[OpenException, Links], Remedy]:
    """Return a builder of links to the product's page, labelled ``label``."""
    return lambda exception, links: Remedy(label, links.product(exception.product_id), "warehouse")


def _unknown(exception: OpenException) -> UnknownCode:
    return UnknownCode.of_line(exception.gtin, exception.sku, exception.name_code, exception.item_id)


def _see_order(exception: OpenException, links: Links) -> Remedy:
    return Remedy(say("See the order"), links.order(exception.order_id), "package")


_DECIDE: Final = say("Settle it under “To decide”.")
_ASK: Final = say("Ask a manager before you ship it.")
_ARRIVING: Final = say("Units that arrive are reserved automatically.")

LOOKS: Final[dict[Cause, CauseLook]] = {
    Cause.PLACEHOLDER_PRODUCT: CauseLook(
        tab=say("Unknown product"),
        advice=_about_placeholder,
        remedy=_match,
        hint=say("Match it under “Unknown products”."),
        hint_for_others=say("Ask a manager to match it."),
    ),
    Cause.NO_INVENTORY: CauseLook(
        tab=say("No stock record"),
        advice=_about_no_inventory,
        remedy=_at_product(say("Add stock")),
        hint=_ARRIVING,
        hint_for_others=_ARRIVING,
    ),
    Cause.INSUFFICIENT_INVENTORY: CauseLook(
        tab=say("Not enough stock"),
        advice=_about_insufficient_inventory,
        remedy=_at_product(say("See the stock")),
        hint=_ARRIVING,
        hint_for_others=_ARRIVING,
    ),
    Cause.SHORT_PICK: CauseLook(
        tab=say("Short pick"),
        advice=_about_short_pick,
        remedy=_at_product(say("See the stock")),
        hint=_ARRIVING,
        hint_for_others=_ARRIVING,
    ),
    Cause.CHANGED_UPSTREAM: CauseLook(
        tab=say("Changed too late"),
        advice=_about_changed_upstream,
        remedy=_see_order,
        hint=_DECIDE,
        hint_for_others=_ASK,
    ),
    Cause.FULFILLED_UPSTREAM: CauseLook(
        tab=say("Fulfilled in the shop"),
        advice=_about_fulfilled_upstream,
        remedy=_see_order,
        hint=_DECIDE,
        hint_for_others=_ASK,
    ),
    Cause.SHIP_TO_UPSTREAM: CauseLook(
        tab=say("Address changed"),
        advice=_about_ship_to_upstream,
        remedy=_see_order,
        hint=_DECIDE,
        hint_for_others=_ASK,
    ),
}
