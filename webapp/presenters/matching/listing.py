"""The list of unknown lines: GTINs, SKUs of lines without a GTIN, and lines with neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from webapp.domain.unknown_lines import NO_SKU, MatchBy, UnknownLine, WaitingLines
from webapp.domain.wording import say
from webapp.languages import translate
from webapp.presenters.links import Links
from webapp.presenters.matching.match import LineRow, line_row, waiting_words
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A GTIN or SKU to match."""

    code: str
    name: str
    sku: str
    """The lines' SKU, beside a GTIN."""

    waiting: str
    """How many lines of how many orders, in words."""

    href: str
    """Where to match it; empty for people who may only look."""


@dataclass(frozen=True, slots=True)
class CodeSection:
    """One page of GTINs or of SKUs, and what matching one does."""

    id: str
    kind: str
    """GTIN or SKU."""

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
    """Lines with neither GTIN nor SKU."""

    more_lines_href: str | None
    first_lines_href: str | None


_SECTIONS: Final = {
    MatchBy.GTIN: (
        say("By GTIN"),
        say("No product has these GTINs, or the lines have another's SKU. Match each once, and its lines can ship."),
    ),
    MatchBy.SKU: (
        say("By SKU, without a GTIN"),
        say(
            "A match links every open line with the SKU. It is not remembered: later imports look for this SKU itself."
        ),
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
    """Build the section of GTINs or of SKUs."""
    title, about = _SECTIONS[by]
    return CodeSection(
        id=f"unknown-{by}",
        kind=by.name,
        title=translate(title),
        about=translate(about),
        rows=tuple(_code_row(waiting, links.match(waiting.unknown) if viewer.may_manage else "") for waiting in codes),
        next_href=next_href,
        first_href=first_href,
    )


def _code_row(waiting: WaitingLines, href: str) -> CodeRow:
    sku = "" if waiting.unknown.by is MatchBy.SKU or waiting.sku in NO_SKU else waiting.sku
    return CodeRow(waiting.unknown.code, waiting.name, sku, waiting_words(waiting), href)
