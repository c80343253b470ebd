"""The repository keeps the pictures that README and docs show, and no other."""

from __future__ import annotations

from tests.helpers.gallery import IN_DOCS, shown_in_docs


def test_docs_hold_the_pictures_that_are_shown_and_no_other() -> None:
    kept = {path.relative_to(IN_DOCS) for path in IN_DOCS.rglob("*") if path.is_file()}

    assert kept == shown_in_docs()
