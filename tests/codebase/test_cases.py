"""Each case in tests/data has a test: a test file that names it, and its folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.codebase.sources import files
from tests.services.imports.importing import CASES


def names(text: str, case: Path) -> bool:
    """Return whether a test's text names the file, without its ending, and each folder."""
    return all(re.search(rf"[\"/]{re.escape(part)}[\"./]", text) for part in case.with_suffix("").parts)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [path.read_text() for path in files("tests", suffix=".py")]


def test_every_case_is_named_by_a_test(texts: list[str]) -> None:
    cases = [path.relative_to(CASES) for path in sorted(CASES.rglob("*.csv"))]
    assert len(cases) > 40
    assert [str(case) for case in cases if not any(names(text, case) for text in texts)] == []


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ('case("a-case")', True),
        ('CASES / "a-case.csv"', True),
        ('case("a-case-more")', False),
        ('case("case")', False),
    ],
)
def test_a_longer_or_shorter_name_is_another_case(text: str, is_named: bool) -> None:
    assert names(text, Path("a-case.csv")) == is_named
