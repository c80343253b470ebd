"""Entries are grouped under their days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from webapp.presenters.phrases.days import by_day, day_words

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 22), "Sunday 22 Nov"),
        (date(2026, 11, 21), "Today"),
        (date(2026, 11, 20), "Yesterday"),
        (date(2026, 11, 19), "Thursday 19 Nov"),
        (date(2025, 11, 19), "Wednesday, 19 Nov 2025"),
    ],
)
def test_a_day_is_said_as_people_say_it(day: date, words: str) -> None:
    assert day_words(day, NOW.date()) == words


def test_entries_of_one_day_stand_together_in_their_order() -> None:
    times = [NOW, NOW - timedelta(hours=1), NOW - timedelta(hours=10), NOW - timedelta(days=9)]

    days = by_day(times, lambda at: at, NOW)

    assert [(day.words, list(day.entries)) for day in days] == [
        ("Today", times[:2]),
        ("Yesterday", times[2:3]),
        ("Thursday 12 Nov", times[3:]),
    ]
