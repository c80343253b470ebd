"""Everything our files cite is in the repository: pages, their headings, and paths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from tests.codebase.sources import files, name_of
from webapp.config import ROOT

NOT_HERE: Final = re.compile(
    "|".join(
        ("DES" + "IGN", "SPECI" + "FICATION", r"STYLE\." + "md", "REV" + "IEW", "FIELD" + "-[A-Z]", r"\.\./sh" + "ared")
    )
    + "|Source: the specifi"
    + "cation"
)
"""Pages outside of the repository, which readers do not have."""

PAGE: Final = re.compile(r"\bdocs/[\w/-]+\.md")
HEADING: Final = re.compile(r"(docs/[\w/-]+\.md)`?,\s+\"([^\"]+)\"")
"""A page with a heading: docs/contract.md, "Ledger". They may be on different lines."""
ADR: Final = re.compile(r"\bADRs? (\d{4})")
LINK: Final = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
NAMED: Final = re.compile(r"`((?:webapp|tests|templates|static|migrations|bench|docs|\.ci)/[\w./-]*\w/?)`")
"""A path of ours in a page, as `webapp/domain`."""

TEXTS: Final = (".py", ".md", ".html", ".js", ".css", ".toml", ".yaml", ".mako", ".ini", "")


@cache
def texts() -> dict[str, str]:
    """Return our own texts by name, without this one."""
    return {
        name_of(path): path.read_text(errors="replace")
        for path in files()
        if path.suffix in TEXTS and path != Path(__file__) and path.name != "messages.po"
    }


def pages() -> dict[str, str]:
    """Return the pages for people by name."""
    return {name: text for name, text in texts().items() if name.endswith(".md")}


def matches_in(pattern: re.Pattern[str], by_name: dict[str, str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield each match with its file's name."""
    for name, text in by_name.items():
        for match in pattern.finditer(text):
            yield name, match


@cache
def headings(page: str) -> frozenset[str]:
    """Return the headings of a page."""
    return frozenset(re.findall(r"^#+ (.+?)\s*$", (ROOT / page).read_text(), re.MULTILINE))


def exists(path: str) -> bool:
    """Return whether a path that a page names exists, from the root or relative to webapp."""
    return (ROOT / path).exists()


def test_nothing_cites_a_page_that_is_not_in_the_repository() -> None:
    assert [f"{name}: {match.group()}" for name, match in matches_in(NOT_HERE, texts())] == []


def test_every_page_that_is_cited_exists() -> None:
    assert [f"{name}: {match.group()}" for name, match in matches_in(PAGE, texts()) if not exists(match.group())] == []


def test_every_heading_that_is_cited_stands_on_its_page() -> None:
    cited = [(name, match[1], " ".join(match[2].split())) for name, match in matches_in(HEADING, texts())]

    assert cited
    assert [place for place in cited if exists(place[1]) and place[2] not in headings(place[1])] == []


def test_every_decision_that_is_cited_exists() -> None:
    decisions = {path.name[:4] for path in (ROOT / "docs" / "adr").glob("*.md")}

    assert [f"{name}: {match.group()}" for name, match in matches_in(ADR, texts()) if match[1] not in decisions] == []


def test_every_link_of_a_page_leads_somewhere() -> None:
    broken = [
        f"{name}: {match[1]}"
        for name, match in matches_in(LINK, pages())
        if not ((ROOT / name).parent / match[1]).exists()
    ]

    assert broken == []


def test_every_path_that_a_page_names_exists() -> None:
    assert [f"{name}: {match[1]}" for name, match in matches_in(NAMED, pages()) if not exists(match[1])] == []


def test_the_search_finds_what_it_should() -> None:
    assert NOT_HERE.search("Source: DES" + "IGN section 4.")
    assert HEADING.search('Source: docs/contract.md,\n    "Ledger".')
    assert NAMED.search("the rules in `webapp/domain`")
    assert not NAMED.search("the page `/orders/<id>/audit`")
