"""The words a person gives for a change."""

from __future__ import annotations

import pytest

from webapp.domain.errors import InvalidInput, ReasonRequired
from webapp.domain.reasons import MAX_REASON, clean_reason, require_reason


def test_a_reason_loses_its_outer_blanks() -> None:
    assert require_reason("  Broken in transit \n", "Say why.") == "Broken in transit"
    assert clean_reason("   ") == ""


@pytest.mark.parametrize("length", [MAX_REASON - 1, MAX_REASON])
def test_a_long_reason_is_kept_whole(length: int) -> None:
    assert clean_reason("ä" * length) == "ä" * length


@pytest.mark.parametrize("reason", ["x" * (MAX_REASON + 1), "a\0b", "half a pair \ud83d"])
def test_a_reason_that_cannot_be_stored_is_refused(reason: str) -> None:
    with pytest.raises(InvalidInput):
        clean_reason(reason)


@pytest.mark.parametrize("reason", ["", " ", "\t\n"])
def test_a_reason_that_is_due_must_be_given(reason: str) -> None:
    with pytest.raises(ReasonRequired, match=r"Say why\."):
        require_reason(reason, "Say why.")
