"""Looks that a run leaves out come up on other days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.helpers.rotation import share

LOOKS = [f"{size} {theme}" for size in ("tablet", "handheld", "desk") for theme in ("light", "dark")] + ["lb"]


def shares(monkeypatch: pytest.MonkeyPatch, days: int, of: str = "orders") -> list[list[str]]:
    results = []
    for day in range(days):
        monkeypatch.setenv("LOOKS", (date(2026, 1, 1) + timedelta(day)).isoformat())
        results.append(share(LOOKS, 2, of))
    return results


def test_every_look_has_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    days = shares(monkeypatch, 4)

    assert [len(set(day)) for day in days] == [2, 2, 2, 2]
    assert {look for day in days for look in day} == set(LOOKS)


def test_the_same_day_repeats_the_same_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shares(monkeypatch, 3) == shares(monkeypatch, 3)


def test_screens_do_not_all_have_the_same_look(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len({tuple(shares(monkeypatch, 1, of=screen)[0]) for screen in ("orders", "pick", "audit", "stock")}) > 1


def test_all_of_them_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOKS", "all")

    assert share(LOOKS, 2, "orders") == LOOKS
