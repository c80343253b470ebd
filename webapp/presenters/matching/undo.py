"""Taking a match back: what happens to the lines that follow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from webapp.domain.matches import FollowingLine, KeptMatch
from webapp.domain.packs import whole_packs
from webapp.languages import _, ngettext
from webapp.presenters.links import Links
from webapp.presenters.matching.match import pack_words
from webapp.presenters.matching.matches import kind_words
from webapp.presenters.phrases import words
from webapp.presenters.pieces import Notice
from webapp.presenters.refusals import Refusal
from webapp.presenters.trail.words import person
from webapp.presenters.viewer import Viewer

SHOWN_LINES: Final = 50


@dataclass(frozen=True, slots=True)
class FreedRow:
    """A line that waits again, or of which the rest does."""

    order_href: str
    order_number: str
    what: str
    """How many units wait again, how many of them were reserved, and what stays."""


@dataclass(frozen=True, slots=True)
class UndoMatchScreen:
    code: str
    kind: str
    product: str
    product_href: str
    effects: tuple[str, ...]
    rows: tuple[FreedRow, ...]
    more_rows: str
    why_not: str
    """Why there is nothing to undo; empty if there is."""
    may_undo: bool
    path: str
    key: str
    message: str
    """A refusal."""


def present_match_undo(kept: KeptMatch, viewer: Viewer, links: Links, refusal: Refusal) -> UndoMatchScreen:
    """Build the screen."""
    match, lines = kept.match, kept.lines
    more = len(lines) - SHOWN_LINES
    why_not = ""
    if match.undone_by and not lines:
        why_not = _("%(who)s undid this match already.", who=person(match.undone_by))
    return UndoMatchScreen(
        code=match.code or _("a line without a name"),
        kind=kind_words(match),
        product=pack_words(match.product_name or match.product_sku, match.pack_units),
        product_href=links.product(match.product_id),
        effects=_effects(kept),
        rows=tuple(_row(line, links) for line in lines[:SHOWN_LINES]),
        more_rows=ngettext("and %(num)s more line", "and %(num)s more lines", more) if more > 0 else "",
        why_not=why_not,
        may_undo=viewer.may_manage,
        path=links.undo_match(match.match_id),
        key=str(uuid4()),
        message=refusal.words,
    )


def match_undone_words(result: Mapping[str, Any]) -> Notice:
    """Return the notice of what taking back did."""
    if not result["items"]:
        return Notice(_("The match is undone. No open line followed it."), "success")
    sentences = [
        _(
            "To be matched again: %(lines)s of %(orders)s.",
            lines=words.lines(result["items"]),
            orders=words.orders(result["orders"]),
        )
    ]
    if freed := result["freed_units"]:
        sentences.append(ngettext("%(num)s unit is free again.", "%(num)s units are free again.", freed))
    if refilled := result["refilled_units"]:
        sentences.append(
            ngettext("%(num)s of them went to a waiting order.", "%(num)s of them went to waiting orders.", refilled)
        )
    return Notice(" ".join(sentences), "success")


def _effects(kept: KeptMatch) -> tuple[str, ...]:
    lines = kept.lines
    effects = []
    if kept.match.is_remembered:
        effects.append(_("Later imports ask again which product it is."))
    if not lines:
        return (*effects, _("No open line follows this match. What has shipped stays as it is."))
    orders = len({line.order_id for line in lines})
    effects.append(
        ngettext(
            "%(num)s open line of %(orders)s waits to be matched again.",
            "%(num)s open lines of %(orders)s wait to be matched again.",
            len(lines),
            orders=words.orders(orders),
        )
    )
    if freed := sum(line.reserved_quantity for line in lines):
        sentence = ngettext(
            "%(num)s reserved unit is free, and goes to an order that waits for it.",
            "%(num)s reserved units are free, and go to orders that wait for them, oldest first.",
            freed,
        )
        effects.append(sentence)
    if any(line.pack_units != 1 for line in lines):
        effects.append(_("Their units are counted again as the shop counts them: one for a pack."))
    if any(line.shipped_quantity for line in lines):
        effects.append(_("Units that have shipped stay shipped. The rest of their lines waits on a line of its own."))
    return tuple(effects)


def _row(line: FollowingLine, links: Links) -> FreedRow:
    waiting = whole_packs(line.remaining_quantity, line.pack_units)
    parts = [_("%(units)s to match again", units=words.units(waiting))]
    if line.reserved_quantity:
        parts.append(_("%(units)s reserved", units=line.reserved_quantity))
    if line.shipped_quantity:
        parts.append(_("%(units)s shipped", units=line.shipped_quantity))
    return FreedRow(links.order(line.order_id), line.order_number, ", ".join(parts))
