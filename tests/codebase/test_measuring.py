"""Who measures a page in a browser waits until it is drawn; on a busy machine the letters come after the load."""

from __future__ import annotations

from tests.codebase.sources import files

MEASURES = ("getBoundingClientRect", "getClientRects", "bounding_box(", "scrollWidth", "scrollHeight", "clientHeight")


def test_who_measures_a_page_waits_until_it_is_drawn() -> None:
    measuring = [path for path in files("tests/browser", suffix=".py") if any(map(path.read_text().count, MEASURES))]

    assert len(measuring) > 5
    hasty = [path.name for path in measuring if "from tests.helpers.drawn import" not in path.read_text()]
    assert hasty == []
