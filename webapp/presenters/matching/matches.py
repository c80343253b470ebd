"""The list of what was matched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from webapp.domain.matches import ListedMatch
from webapp.domain.unknown_lines import MatchBy
from webapp.domain.wording import say
from webapp.languages import _, ngettext, translate
from webapp.presenters.links import Links
from webapp.presenters.matching.match import pack_words
from webapp.presenters.phrases import words
from webapp.presenters.phrases.moments import Moment, moment
from webapp.presenters.trail.words import person
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One match: what a channel calls a product."""

    code: str
    kind: str
    """What the code is, and whether imports go by it, in words."""
    product: str
    product_sku: str
    product_href: str
    matched_by: str
    matched_at: Moment
    undo_href: str
    """Where to take it back; empty for people who may only look."""
    undo_words: str
    """The link's label for screen readers."""
    open_lines: str


@dataclass(frozen=True, slots=True)
class MatchesScreen:
    search: str
    rows: tuple[MatchRow, ...]
    shown: str
    """The number of rows, for screen readers."""
    notice: str
    next_href: str | None
    first_href: str | None
    all_href: str


_KINDS: Final = {
    MatchBy.GTIN: say("GTIN"),
    MatchBy.SKU: say("SKU"),
    MatchBy.NAME: say("Name"),
    MatchBy.ITEM: say("One line alone"),
}


def present_matches(
    matches: Sequence[ListedMatch],
    search: str,
    viewer: Viewer,
    now: datetime,
    links: Links,
    *,
    is_cut: bool,
    cursor: str | None,
    next_cursor: str | None,
) -> MatchesScreen:
    """Build the list; ``cursor`` is where this page begins."""
    kept = {"search": search} if search else {}
    return MatchesScreen(
        search=search,
        rows=tuple(_row(match, viewer, links, now) for match in matches),
        shown=ngettext("%(num)s match shown", "%(num)s matches shown", len(matches)),
        notice=_("More products match than are shown. Type more letters.") if is_cut else "",
        next_href=links.kept_matches(**kept, cursor=next_cursor) if next_cursor else None,
        first_href=links.kept_matches(**kept) if cursor else None,
        all_href=links.kept_matches(),
    )


def _row(match: ListedMatch, viewer: Viewer, links: Links, now: datetime) -> MatchRow:
    return MatchRow(
        code=match.code or _("a line without a name"),
        kind=kind_words(match),
        product=pack_words(match.product_name or match.product_sku, match.pack_units),
        product_sku=match.product_sku,
        product_href=links.product(match.product_id),
        matched_by=person(match.matched_by),
        matched_at=moment(match.matched_at, now),
        undo_href=links.undo_match(match.match_id) if viewer.may_manage else "",
        undo_words=_("Undo the match of %(what)s", what=match.code),
        open_lines=words.lines(match.open_lines) if match.open_lines else _("none"),
    )


def kind_words(match: ListedMatch) -> str:
    """Return what the code is, and that imports do not go by it if they do not."""
    kind = translate(_KINDS[match.kind])
    if match.channel:
        kind = _("Name in %(channel)s", channel=match.channel)
    if match.is_remembered or match.kind is MatchBy.ITEM:
        return kind
    return _("%(kind)s, not used by imports", kind=kind)
