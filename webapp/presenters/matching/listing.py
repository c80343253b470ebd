"""The list of unknown lines: GTINs, SKUs of lines without a GTIN, names of lines with neither, and nameless lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from webapp.domain.unknown_lines import NO_SKU, MatchBy, UnknownLine, WaitingLines
from webapp.domain.wording import say
from webapp.languages import _, translate
from webapp.presenters.links import Links
from webapp.presenters.matching.match import LineRow, line_row, waiting_words
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A GTIN, a SKU or a name to match."""

    code: str
    name: str
    """What the lines call it; of a name, its channel."""
    sku: str
    """The lines' SKU, beside a GTIN."""

    waiting: str
    """How many lines of how many orders, in words."""

    href: str
    """Where to match it; empty for people who may only look."""


@dataclass(frozen=True, slots=True)
class CodeSection:
    """One page of GTINs, SKUs or names, and what matching one does."""

    id: str
    kind: str
    """GTIN, SKU or name, as the heading of its column."""
    beside: str
    """The heading of the next one."""

    title: str
    about: str
    rows: tuple[CodeRow, ...]
    next_href: str | None
    first_href: str | None


@dataclass(frozen=True, slots=True)
class MatchListScreen:
    sections: tuple[CodeSection, ...]
    """The sections that are not empty."""

    lines: tuple[LineRow, ...]
    """Lines with neither GTIN nor SKU nor name."""

    more_lines_href: str | None
    first_lines_href: str | None


_SECTIONS: Final = {
    MatchBy.GTIN: (
        say("By GTIN"),
        say("No product has these GTINs, or the lines have another's SKU. Match each once, and its lines can ship."),
    ),
    MatchBy.SKU: (
        say("By SKU, without a GTIN"),
        say("A match links every open line with the SKU, and later imports remember it."),
    ),
    MatchBy.NAME: (
        say("By name, without a code"),
        say("A match links every open line with the name in its channel, and later imports remember it."),
    ),
}


def present_match_list(
    sections: Sequence[CodeSection],
    lines: Sequence[UnknownLine],
    viewer: Viewer,
    links: Links,
    *,
    more_lines_href: str | None,
    first_lines_href: str | None,
) -> MatchListScreen:
    """Build the list from its sections and the lines without a code."""
    return MatchListScreen(
        sections=tuple(section for section in sections if section.rows),
        lines=tuple(line_row(line, viewer, links) for line in lines),
        more_lines_href=more_lines_href,
        first_lines_href=first_lines_href,
    )


def present_section(
    by: MatchBy,
    codes: Sequence[WaitingLines],
    viewer: Viewer,
    links: Links,
    *,
    next_href: str | None,
    first_href: str | None,
) -> CodeSection:
    """Build the section of GTINs, SKUs or names."""
    title, about = _SECTIONS[by]
    return CodeSection(
        id=f"unknown-{by}",
        kind=_("Name") if by is MatchBy.NAME else by.name,
        beside=_("Channel") if by is MatchBy.NAME else _("Name"),
        title=translate(title),
        about=translate(about),
        rows=tuple(_code_row(waiting, links.match(waiting.unknown) if viewer.may_manage else "") for waiting in codes),
        next_href=next_href,
        first_href=first_href,
    )


def _code_row(waiting: WaitingLines, href: str) -> CodeRow:
    if waiting.unknown.by is MatchBy.NAME:
        return CodeRow(waiting.name, waiting.channel, "", waiting_words(waiting), href)
    sku = "" if waiting.unknown.by is MatchBy.SKU or waiting.sku in NO_SKU else waiting.sku
    return CodeRow(waiting.unknown.code, waiting.name, sku, waiting_words(waiting), href)
