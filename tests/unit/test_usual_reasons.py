"""Reasons that are given again and again, known again when they are read."""

from __future__ import annotations

import pytest

from webapp.domain.usual_reasons import CANCEL_REASONS, OTHER, compose_reason, recognise_reason
from webapp.domain.wording import Wording


@pytest.mark.parametrize(
    ("chosen", "words", "reason"),
    [
        ("Ordered twice", "", "Ordered twice"),
        ("Ordered twice", "says the customer", "Ordered twice: says the customer"),
        ("", "Nobody answers", "Nobody answers"),
        ("Other", "Nobody answers", "Nobody answers"),
        ("Other", "", ""),
        ("Their own list", "", "Their own list"),
    ],
)
def test_a_chosen_reason_and_words_become_one_text(chosen: str, words: str, reason: str) -> None:
    assert compose_reason(chosen, words) == reason


@pytest.mark.parametrize(
    ("stored", "pattern", "values"),
    [
        ("Ordered twice", "Ordered twice", {}),
        ("Ordered twice: says he", "%(reason)s: %(words)s", {"reason": "Ordered twice", "words": "says he"}),
        ("Short pick: 2 of 5 found", "Short pick: %(found)s of %(expected)s found", {"found": "2", "expected": "5"}),
        ("Import of stock.csv", "Import of %(file)s", {"file": "stock.csv"}),
    ],
)
def test_a_usual_reason_is_known_again(stored: str, pattern: str, values: dict[str, str]) -> None:
    known = recognise_reason(stored)

    assert isinstance(known, Wording)
    assert (str(known), known.pattern, dict(known.values)) == (stored, pattern, values)


@pytest.mark.parametrize("stored", ["", "ordered twice", "Nobody: answers", "100% sure", "50%(x)s", "Short pick"])
def test_other_words_stay_as_they_were_written(stored: str) -> None:
    assert recognise_reason(stored) == stored
    assert not isinstance(recognise_reason(stored), Wording)


def test_other_is_the_last_to_choose() -> None:
    assert CANCEL_REASONS[-1] is OTHER
