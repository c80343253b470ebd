"""The demo store's events are in the past and within working hours, whenever the store is made."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from webapp.demo.days import Days, When
from webapp.demo.open_orders import OPEN_ORDERS
from webapp.demo.stories import STOCKED, STORIES

ZONE = "Europe/Luxembourg"
AT_HOME = ZoneInfo(ZONE)

MOMENTS = {
    "a morning": "2026-11-20T10:44",
    "an afternoon": "2026-11-20T15:30",
    "an evening": "2026-11-20T22:00",
    "a night": "2026-11-20T03:00",
    "just after opening": "2026-11-20T08:05",
    "the end of the first hour": "2026-11-20T09:00",
    "a Sunday": "2026-11-22T11:00",
    "a Monday before work": "2026-11-23T06:30",
    "the morning when clocks went forward": "2026-03-29T10:00",
    "the day after clocks went back": "2026-10-26T09:30",
}


def local(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=AT_HOME)


@pytest.fixture(params=list(MOMENTS.values()), ids=list(MOMENTS))
def now(request: pytest.FixtureRequest) -> datetime:
    return local(request.param)


def test_everything_told_happened_before_now_and_in_the_order_told(now: datetime) -> None:
    days = Days(now, ZONE)

    for story in STORIES:
        moments = [days.moment(when) for when in (STOCKED, story.when, *(turn.when for turn in story.turns))]
        assert moments == sorted(set(moments)), story.number
        assert moments[-1] < now
        assert now - timedelta(days=11) < moments[0]


def test_people_act_at_working_hours_and_not_on_sundays_unless_it_is_one(now: datetime) -> None:
    days = Days(now, ZONE)

    acts = [days.moment(turn.when).astimezone(AT_HOME) for story in STORIES for turn in story.turns]

    assert all(time(8) <= act.time() < time(18) for act in acts)
    assert {act.date() for act in acts if act.weekday() == 6} <= {now.date()}


def test_a_morning_that_is_not_over_is_told_at_a_quicker_pace() -> None:
    at_nine, at_noon = (Days(local(f"2026-11-20T{clock}"), ZONE) for clock in ("09:02", "12:30"))

    assert at_nine.moment(When(0, "10:00")) == local("2026-11-20T08:30")
    assert at_noon.moment(When(0, "10:00")) == local("2026-11-20T10:00")
    assert at_nine.moment(When(1, "10:00")) == at_noon.moment(When(1, "10:00")) == local("2026-11-19T10:00")


def test_before_work_the_last_day_told_is_the_working_day_before() -> None:
    assert Days(local("2026-11-23T08:59"), ZONE).moment(When(0, "9:00")) == local("2026-11-21T09:00")
    assert Days(local("2026-11-23T09:00"), ZONE).moment(When(1, "9:00")) == local("2026-11-21T09:00")


def test_two_orders_are_late_several_are_due_within_hours_and_the_others_can_wait(now: datetime) -> None:
    days = Days(now, ZONE)

    waits = [(days.due(story.due_in_hours or 0) - now) / timedelta(hours=1) for story in OPEN_ORDERS]

    assert len([wait for wait in waits if wait < 0]) == 2
    assert len([wait for wait in waits if 0.5 < wait < 6]) == 6
    assert len([wait for wait in waits if wait > 18]) == len(waits) - 8
    assert all(days.due(story.due_in_hours or 0) > days.moment(story.when) for story in OPEN_ORDERS)


def test_promises_fall_on_quarters_of_an_hour_and_on_no_sunday_to_come() -> None:
    days = Days(local("2026-11-20T10:44"), ZONE)

    assert days.due(1) == local("2026-11-20T11:30").astimezone(UTC)
    assert days.due(-1.5) == local("2026-11-20T09:00")
    assert days.due(48) == local("2026-11-23T10:30")
    assert Days(local("2026-11-22T10:44"), ZONE).due(1) == local("2026-11-22T11:30")
    assert Days(local("2026-11-21T23:30"), ZONE).due(2) == local("2026-11-22T01:30")
