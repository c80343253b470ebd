"""How many sign-ins may fail in which time, and for whom they count."""

from __future__ import annotations

import pytest

from webapp.domain.sign_in_limits import TryLimit, origin_of, read_limits, seconds_to_wait

LIMITS = (TryLimit(3, 60), TryLimit(5, 3600))


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("10 per 5 minutes; 50 per day", (TryLimit(10, 300), TryLimit(50, 86400))),
        ("20 per minute", (TryLimit(20, 60),)),
        ("3/2 hours;7 per 30 Seconds", (TryLimit(3, 7200), TryLimit(7, 30))),
    ],
)
def test_a_limit_is_written_in_words(text: str, limits: tuple[TryLimit, ...]) -> None:
    assert read_limits(text) == limits


@pytest.mark.parametrize("text", ["", "twenty", "0 per minute", "5 per 0 minutes", "5 per fortnight", "5 per day;"])
def test_any_other_text_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="An example is: 10 per 5 minutes"):
        read_limits(text)


@pytest.mark.parametrize(
    ("tries", "wait"),
    [
        ([], 0),
        ([990.0, 995.0], 0),
        ([940.0, 990.0, 995.0], 0),
        ([941.0, 990.0, 995.0], 1),
        ([950.0, 960.0, 970.0, 990.0], 20),
        ([1090.0, 990.0, 995.0], 50),
        ([100.0, 200.0, 300.0, 400.0, 500.0], 2700),
        ([-2601.0, 200.0, 300.0, 400.0, 500.0], 0),
    ],
    ids=[
        "none",
        "one left",
        "the first is just over",
        "full",
        "more than full",
        "a clock ahead",
        "the hour",
        "an hour",
    ],
)
def test_one_more_try_waits_until_all_limits_allow_it(tries: list[float], wait: float) -> None:
    assert seconds_to_wait(tries, LIMITS, 1000.0) == wait


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:5000", "192.0.2.7"),
        ("[2001:db8:1:2::9]:5000", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("", ""),
        (None, ""),
        ("a socket", "a socket"),
    ],
)
def test_an_origin_is_what_a_visitor_cannot_change(address: str | None, origin: str) -> None:
    assert origin_of(address) == origin
