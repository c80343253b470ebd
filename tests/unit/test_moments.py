"""Times on a page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from webapp.presenters.phrases.moments import moment

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


def test_a_recent_time_says_how_long_ago_and_an_old_one_the_day() -> None:
    assert moment(NOW - timedelta(minutes=4), NOW).words == "4 minutes ago"
    assert moment(NOW - timedelta(days=7, hours=12), NOW).words == "7 days ago"
    assert moment(NOW - timedelta(days=7, hours=12, seconds=1), NOW).words == "1 Mar 2026"


def test_the_exact_time_is_utc_to_the_second() -> None:
    berlin = datetime(2026, 3, 9, 1, 2, 3, tzinfo=timezone(timedelta(hours=1)))

    words = moment(berlin, NOW)

    assert (words.exact, words.iso) == ("9 Mar 2026, 00:02:03 UTC", "2026-03-09T00:02:03+00:00")


def test_a_visible_time_says_neither_its_day_twice_nor_the_zone_that_its_readers_know() -> None:
    assert moment(NOW - timedelta(days=1), NOW).full == "8 Mar 2026, 12:00"
    assert moment(NOW - timedelta(days=30), NOW).full == "12:00"
