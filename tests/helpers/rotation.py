"""Runs a share of the checks that repeat for every size, theme and language; each day has another share.

``@pytest.mark.looks(1)`` keeps one of a test's cases. ``LOOKS`` sets the day (by default today; it is printed, so that
a run can be repeated). ``LOOKS=all`` keeps every case: ``make test-all``.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TypeVar

import pytest

Case = TypeVar("Case")
ALL = "all"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "looks(count): run this many of the cases, others each day")
    os.environ.setdefault("LOOKS", datetime.now(UTC).date().isoformat())  # Workers that start later use the same day.


def pytest_report_header() -> str:
    return f"looks: {in_words()}"


def in_words() -> str:
    """Return which looks this run takes, and how to take others."""
    day = os.environ["LOOKS"]
    return "all" if day == ALL else f"the share of {day} (LOOKS={day} repeats it, make test-all takes all)"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the cases of other days."""
    counts: dict[str, int] = {}
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if marker := item.get_closest_marker("looks"):
            name = item.nodeid.partition("[")[0]
            counts[name] = marker.args[0]
            cases[name].append(item)
    left_out: set[pytest.Item] = set()
    for name, several in cases.items():
        todays = share(several, counts[name], name, key=_id)
        left_out.update(case for case in several if case not in todays)
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=sorted(left_out, key=_id))


def _id(item: pytest.Item) -> str:
    return item.nodeid


def share(cases: Sequence[Case], count: int, of: str, *, key: Callable[[Case], str] = str) -> list[Case]:
    """Return today's ``count`` cases; over the days every case has its turn.

    ``of`` names the group of cases, so that groups do not all show the same look on one day.
    """
    day = os.environ["LOOKS"]
    if day == ALL:
        return list(cases)
    shuffled = sorted(cases, key=lambda case: sha256(f"{of} {key(case)}".encode()).digest())
    first = date.fromisoformat(day).toordinal() * count
    return [shuffled[(first + n) % len(shuffled)] for n in range(min(count, len(shuffled)))]
