"""Numbers and times in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from webapp.domain.causes import Cause
from webapp.languages import day
from webapp.presenters.phrases import words
from webapp.presenters.stock import results as stock_results

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("number", "said"), [(0, "0 units"), (1, "1 unit"), (2, "2 units"), (1350, "1,350 units")])
def test_units_are_counted(number: int, said: str) -> None:
    assert words.units(number) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "Ship in less than a minute"),
        (59, "Ship in less than a minute"),
        (60, "Ship in 1 minute"),
        (3599, "Ship in 59 minutes"),
        (3600, "Ship in 1 hour"),
        (43199, "Ship in 11 hours"),
        (43200, "Ship by Mon 00:00"),
        (86400 * 7 - 43201, "Ship by Sat 23:59"),
        (86400 * 7 - 43200, "Ship by 8 Mar 2026"),
        (-1, "Late by less than a minute"),
        (-7200, "Late by 2 hours"),
        (-43200, "Late by 12 hours"),
        (-43201, "Late by 1 day"),
        (-86400 * 9, "Late by 9 days"),
    ],
)
def test_a_promise_is_so_far_off(seconds: int, said: str) -> None:
    assert words.due(NOW + timedelta(seconds=seconds), NOW) == said


def test_what_was_said_before_does_not_stay_when_the_hour_or_the_day_changes() -> None:
    ship_by = NOW + timedelta(hours=14, minutes=5)
    said = [words.due(ship_by, NOW + timedelta(minutes=minutes)) for minutes in (0, 719, 720, 784, 785, 844, 846)]

    assert said == [
        "Ship by Mon 02:05",
        "Ship by Mon 02:05",
        "Ship in 2 hours",
        "Ship in 1 hour",
        "Ship in 1 hour",
        "Ship in 1 minute",
        "Late by 1 minute",
    ]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "just now"),
        (-3, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7200, "2 hours ago"),
        (43200, "12 hours ago"),
        (43201, "1 day ago"),
        (86400 + 43200, "1 day ago"),
        (86400 + 43201, "2 days ago"),
    ],
)
def test_something_happened_so_long_ago(seconds: int, said: str) -> None:
    assert words.ago(NOW - timedelta(seconds=seconds), NOW) == said


def test_days_and_moments_are_in_utc() -> None:
    assert (day(NOW), words.moment(NOW)) == ("1 Mar 2026", "1 Mar 2026, 12:00")
    assert words.exact_moment(NOW) == "1 Mar 2026, 12:00 UTC"


def test_a_stock_action_is_told_with_what_it_left_behind() -> None:
    def skipped(reason: Cause, quantity: int) -> dict[str, object]:
        return {"item_id": 1, "product_id": 1, "reason": str(reason), "quantity": quantity}

    missing = [skipped(Cause.NO_INVENTORY, 2), skipped(Cause.NO_INVENTORY, 1)]

    whole = stock_results.result_notice({"reserved_count": 1, "reserved_units": 3, "skipped_items": []})
    part = stock_results.result_notice({"fulfilled_count": 2, "fulfilled_units": 1, "skipped_items": missing})

    assert stock_results.result_notice(None) == ("Done.", "success")
    assert whole == ("Reserved 3 units of 1 item.", "success")
    assert part[0] == (
        "Shipped 1 unit of 2 items. 2 items left behind, listed as an exception: "
        "No stock record for this product (3 units)."
    )
    assert part[1] == "warning"
