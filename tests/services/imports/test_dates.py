"""Dates are read as meant, or refused."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from webapp.services.imports.dates import DateReader

NEW_YEAR = datetime(2011, 1, 12, 8, 26, tzinfo=UTC)


def reader(*dates: str, numeric: bool = True) -> DateReader:
    date_reader = DateReader(numeric=numeric)
    for date in dates:
        date_reader.notice(date)
    return date_reader


@pytest.mark.parametrize(
    "text",
    [
        "2011-01-12 08:26:00",
        "2011-01-12T08:26",
        "2011-01-12T08:26:00Z",
        "2011-01-12 08:26:00 UTC",
        "2011-01-12 03:26:00 -0500",
        "2011-01-12 09:26:00 +01:00",
        "20110112T0826",
    ],
)
def test_iso_dates_are_read_in_utc(text: str) -> None:
    assert reader(numeric=False).read(text) == NEW_YEAR


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("1/12/2011 8:26", []),
        ("1/12/11 8:26", []),
        ("01/12/2011 08:26:00", ["1/13/2011 8:26"]),
        ("1/12/2011 8:26 AM", []),
        ("12/01/2011 8:26", ["13/01/2011 8:26"]),
        ("12-01-2011 08:26", []),
        ("01-12-2011 08:26", ["01-31-2011 08:26"]),
        ("12.01.2011 08:26", ["1/31/2011 9:00"]),
    ],
)
def test_the_other_rows_of_a_file_tell_day_from_month(text: str, others: list[str]) -> None:
    assert reader(text, *others).read(text) == NEW_YEAR


@pytest.mark.parametrize(
    "text",
    [
        "Jan-12-11 8:26",
        "Jan 12, 2011 8:26:00 AM",
        "January 12, 2011, 8:26 AM",
        "12 Jan 2011 08:26",
        "12-Jan-2011 08:26",
        "12. Januar 2011 um 08:26",
        "12 janv. 2011 à 08:26",
    ],
)
@pytest.mark.parametrize("order", ["", "day first", "month first"])
def test_months_have_names(text: str, order: str) -> None:
    assert DateReader(numeric=True, order=order).read(text) == NEW_YEAR


@pytest.mark.parametrize("text", ["Foo 12, 2011", "12 Mar", "Jan 32, 2011"])
def test_what_is_no_month_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        reader().read(text)


def test_a_file_that_contradicts_itself_is_read_only_where_it_is_plain() -> None:
    dates = reader("13/01/2011 8:26", "1/14/2011 8:26")

    assert dates.read("13/01/2011 8:26").day == 13
    assert dates.read("1/14/2011 8:26").day == 14
    assert dates.read("2/2/2011 8:26").month == 2
    with pytest.raises(ValueError, match="two ways"):
        dates.read("1/2/2011 8:26")


@pytest.mark.parametrize(
    "text",
    ["soon", "", "40547.35", "13/13/2011 8:26", "2011-02-30", "1/2/2011 25:00", "1/2/2011 13:00 PM", "２０１１-01-12"],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        reader(text).read(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+05:00", "1969-12-31", "2200-01-01", "9999-12-31"])
def test_a_date_far_away_is_a_typing_mistake(text: str) -> None:
    with pytest.raises(ValueError, match="between 1970 and 2199"):
        reader().read(text)


def test_numeric_dates_are_refused_where_the_format_has_none() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        reader(numeric=False).read("1/12/2011 8:26")


def test_a_promise_without_a_time_holds_until_the_day_ends() -> None:
    dates = reader()

    assert dates.read("2011-01-12", end_of_day=True) == datetime(2011, 1, 12, 23, 59, 59, tzinfo=UTC)
    assert dates.read("2011-01-12T00:00", end_of_day=True) == datetime(2011, 1, 12, tzinfo=UTC)
    assert dates.read("2011-01-12") == datetime(2011, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "text", "ends", "begins"),
    [
        ("Europe/Luxembourg", "2026-11-30", "2026-11-30T22:59:59", "2026-11-29T23:00:00"),
        ("Europe/Luxembourg", "30.11.2026", "2026-11-30T22:59:59", "2026-11-29T23:00:00"),
        ("America/Los_Angeles", "2026-11-30", "2026-12-01T07:59:59", "2026-11-30T08:00:00"),
        ("America/Los_Angeles", "2026-11-30 16:15", "2026-12-01T00:15:00", "2026-12-01T00:15:00"),
        ("America/Los_Angeles", "2026-11-30T16:15Z", "2026-11-30T16:15:00", "2026-11-30T16:15:00"),
    ],
)
def test_a_date_without_a_zone_is_on_the_wall_of_the_store(zone: str, text: str, ends: str, begins: str) -> None:
    dates = DateReader(numeric=True, zone=ZoneInfo(zone))

    assert dates.read(text, end_of_day=True) == datetime.fromisoformat(f"{ends}+00:00")
    assert dates.read(text) == datetime.fromisoformat(f"{begins}+00:00")
