"""The chart of units on hand: its days, its line, and its sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from webapp import languages
from webapp.domain.stock_history import DAYS, StockDay, StockHistory, history_of, midnights
from webapp.presenters.stock.chart import HEIGHT, TOP, StockChart, present_stock_chart

LAST = date(2026, 11, 21)
LUXEMBOURG = ZoneInfo("Europe/Luxembourg")


@pytest.fixture(autouse=True)
def any_application() -> Iterator[None]:
    """A bare application: sentences ask the current one for the language."""
    application = Flask(__name__)
    languages.init_app(application)
    with application.app_context():
        yield


def history(*quantities: int, opening: int | None = None) -> StockHistory:
    """Days that end today, with these units at their ends."""
    days = [StockDay(LAST - timedelta(days=back), units) for back, units in enumerate(reversed(quantities))]
    return StockHistory(quantities[0] if opening is None else opening, tuple(reversed(days)))


def chart(*quantities: int, opening: int | None = None) -> StockChart:
    drawn = present_stock_chart(history(*quantities, opening=opening))
    assert drawn
    return drawn


class TestDays:
    def test_they_begin_when_the_store_says_so(self) -> None:
        begins = midnights(datetime(2026, 11, 20, 23, 30, tzinfo=UTC), LUXEMBOURG, 2)

        assert begins == (datetime(2026, 11, 19, 23, tzinfo=UTC), datetime(2026, 11, 20, 23, tzinfo=UTC))

    def test_one_of_25_hours_is_a_day(self) -> None:
        begins = midnights(datetime(2026, 10, 26, 12, tzinfo=UTC), LUXEMBOURG, 3)

        assert [after - before for before, after in pairwise(begins)] == [timedelta(days=1), timedelta(hours=25)]

    def test_units_are_counted_back_from_those_there_are(self) -> None:
        begins = midnights(datetime(2026, 11, 21, 12, tzinfo=UTC), UTC)
        chart_data = history_of(begins, UTC, 84, {DAYS - 1: -36, 10: 100}, has_earlier_movements=True)

        assert (chart_data.opening, len(chart_data.days)) == (20, DAYS)
        assert [day.quantity for day in chart_data.days] == [20] * 10 + [120] * 19 + [84]
        assert chart_data.days[-1].day == LAST

    def test_they_begin_with_the_first_movement(self) -> None:
        begins = midnights(datetime(2026, 11, 21, 12, tzinfo=UTC), UTC)
        chart_data = history_of(begins, UTC, 5, {DAYS - 3: 7, DAYS - 1: -2}, has_earlier_movements=False)

        assert chart_data == StockHistory(
            0, (StockDay(date(2026, 11, 19), 7), StockDay(date(2026, 11, 20), 7), StockDay(LAST, 5))
        )

    def test_without_a_movement_there_is_none(self) -> None:
        assert history_of(midnights(datetime.now(UTC), UTC), UTC, 0, {}, has_earlier_movements=False) == StockHistory(
            0, ()
        )
        assert present_stock_chart(StockHistory(0, ())) is None


class TestLine:
    def test_it_goes_across_and_steps(self) -> None:
        drawn = chart(50, 50, 150, 75)

        assert drawn.line == "M0 88H50V0H75V66H100"
        assert drawn.area == f"M0 {HEIGHT}V88H50V0H75V66H100V{HEIGHT}Z"
        assert [(tick.words, tick.y - TOP) for tick in drawn.ticks] == [("0", 132), ("50", 88), ("100", 44), ("150", 0)]
        assert (drawn.end.x, drawn.end.y - TOP, drawn.end.words) == (100, 66, "75")

    def test_one_day_is_a_line_across(self) -> None:
        drawn = chart(3, opening=0)

        assert drawn.line == "M0 0H100"
        assert [label.words for label in drawn.days] == ["today"]

    def test_what_never_changed_is_a_line_across(self) -> None:
        drawn = chart(7, 7, 7)

        assert drawn.line.count("H") == 1
        assert drawn.marks == ()
        assert drawn.rows == (("19 Nov 2026", "7"),)

    def test_nothing_on_hand_lies_on_the_axis(self) -> None:
        drawn = chart(0, 0)

        assert drawn.line == f"M0 {HEIGHT}H100"
        assert [tick.words for tick in drawn.ticks] == ["0"]

    def test_a_drop_to_nothing_is_marked_above_the_axis(self) -> None:
        drawn = chart(10, 0, 0, 4)

        least = next(mark for mark in drawn.marks if mark.words == "0")
        assert (least.x, least.y) == (50, HEIGHT + TOP)
        assert least.label_y < least.y

    def test_the_most_is_marked_above_and_the_least_below(self) -> None:
        most, least = chart(80, 100, 60, 90).marks

        assert (most.words, least.words) == ("100", "60")
        assert most.label_y < most.y
        assert least.label_y > least.y

    @pytest.mark.parametrize("quantities", [(5, 9), (9, 5), (5, 5, 9, 9)])
    def test_what_the_end_says_is_marked_once(self, quantities: tuple[int, ...]) -> None:
        assert str(quantities[-1]) not in [mark.words for mark in chart(*quantities).marks]

    def test_no_mark_stands_in_the_number_of_the_end(self) -> None:
        assert [mark.words for mark in chart(*[5] * 28, 90, 6).marks] == ["5"]

    @pytest.mark.parametrize("most", [1, 2, 3, 4, 7, 10, 99, 100, 101, 142, 999, 12345, 2**31 - 1, 2**62])
    def test_few_lines_across_reach_over_every_number(self, most: int) -> None:
        drawn = chart(0, most)

        assert 2 <= len(drawn.ticks) <= 4
        assert drawn.ticks[-1].y == TOP <= drawn.end.y <= HEIGHT + TOP
        steps = {round(before.y - after.y) for before, after in pairwise(drawn.ticks)}
        assert len(steps) == 1

    @pytest.mark.parametrize(
        ("most", "gutter"), [(300, "narrow"), (900, "medium"), (150_000, "medium"), (2**31, "wide")]
    )
    def test_the_numbers_at_the_side_have_room(self, most: int, gutter: str) -> None:
        assert chart(most).gutter == gutter


class TestWords:
    @pytest.mark.parametrize(
        ("quantities", "sentence"),
        [
            (
                (36, 120, 100, 84),
                (
                    "On hand rose from 36 to 120 on 19 Nov 2026 and is 84 now. "
                    "In the last 4 days it was between 36 and 120."
                ),
            ),
            (
                (120, 20, 20),
                (
                    "On hand fell from 120 to 20 on 20 Nov 2026 and is 20 now. "
                    "In the last 3 days it was between 20 and 120."
                ),
            ),
            ((4, 4, 5000), "On hand rose from 4 to 5,000 today. In the last 3 days it was between 4 and 5,000."),
            ((4, 4, 0), "On hand fell from 4 to 0 today. In the last 3 days it was between 0 and 4."),
            ((7, 7), "On hand has been 7 since 20 Nov 2026."),
            ((0,), "On hand has been 0 since 21 Nov 2026."),
        ],
    )
    def test_a_sentence_says_what_the_line_shows(self, quantities: tuple[int, ...], sentence: str) -> None:
        assert chart(*quantities).sentence == sentence

    def test_the_first_units_ever_are_a_rise(self) -> None:
        assert chart(36, opening=0).sentence == "On hand rose from 0 to 36 today."

    def test_the_table_holds_the_days_on_which_it_changed_newest_first(self) -> None:
        assert chart(5, 5, 9, 9, 2).rows == (("21 Nov 2026", "2"), ("19 Nov 2026", "9"), ("17 Nov 2026", "5"))
