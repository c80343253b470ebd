"""The chart of units on hand over the last days: a step line from 0, its labels, and the same numbers as a table.

X is in percent of the width and y in pixels from the top, so the line stretches with the page while the text keeps its
size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import count, groupby
from typing import Final

from webapp import languages
from webapp.domain.stock_history import StockDay, StockHistory
from webapp.languages import _, ngettext, number
from webapp.presenters.pieces import Fact

HEIGHT: Final = 132
"""Pixels between the axis and the highest point of the line."""

TOP: Final = 28
"""Pixels above the line, for a label over the highest point."""

_MOST_STEPS: Final = 3
_LETTER: Final = 22
"""Pixels that a label needs below its point."""

_NEAR_THE_START: Final = 8
_NEAR_THE_END: Final = 84
"""A label to the right of this (percent of the width) would overlap the label of the last point."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A horizontal grid line and its number."""

    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled point of the line; ``label_y`` is the label's baseline."""

    x: float
    y: float
    label_y: float
    anchor: str
    """SVG ``text-anchor``: start, middle or end."""
    words: str


@dataclass(frozen=True, slots=True)
class DayLabel:
    """A day's label under the axis."""

    x: float
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class StockChart:
    """The chart. ``line`` and ``area`` are SVG paths in a box of 100 by ``HEIGHT``."""

    title: str
    sentence: str
    line: str
    area: str
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    """The highest and the lowest point, unless that is the last point."""
    end: Mark
    days: tuple[DayLabel, ...]
    gutter: str
    """Width of the numbers' column: narrow, medium or wide."""
    rows: tuple[Fact, ...]
    """The same as a table, newest first: each day on which the number changed, and the number at its end."""


@dataclass(frozen=True, slots=True)
class _Plateau:
    """A run of days without a change: index of the first day, and of the day after the last."""

    first: int
    behind: int
    quantity: int


def present_stock_chart(history: StockHistory) -> StockChart | None:
    """Build the chart; None when no unit ever moved."""
    days = history.days
    if not days:
        return None
    plateaus = list(_plateaus(days))
    step = _step(max(day.quantity for day in days))
    steps = -(-max(day.quantity for day in days) // step)
    scale = _Scale(len(days), step * max(steps, 1))
    ticks = tuple(Tick(_down(scale.y(step * times)), number(step * times)) for times in range(steps + 1))
    line = _line(plateaus, scale)
    return StockChart(
        title=ngettext("On hand today", "On hand, the last %(num)s days", len(days)),
        sentence=_sentence(history),
        line=f"M0 {line}",
        area=f"M0 {HEIGHT}V{line}V{HEIGHT}Z",
        ticks=ticks,
        marks=tuple(_extremes(plateaus, scale)),
        end=_end(plateaus[-1], scale),
        days=tuple(_day_labels(days)),
        gutter=_gutter(max(len(tick.words) for tick in ticks)),
        rows=tuple(Fact(_day(days[plateau.first].day), number(plateau.quantity)) for plateau in reversed(plateaus)),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Converts days and units into coordinates."""

    days: int
    top: int

    def x(self, index: float) -> float:
        return round(index * 100 / self.days, 2)

    def y(self, quantity: int) -> float:
        return round(HEIGHT - quantity * HEIGHT / self.top, 1)


def _plateaus(days: Sequence[StockDay]) -> Iterable[_Plateau]:
    behind = 0
    for quantity, same in groupby(days, key=lambda day: day.quantity):
        first, behind = behind, behind + len(list(same))
        yield _Plateau(first, behind, quantity)


def _step(most: int) -> int:
    """Return the distance between grid lines: 1, 2 or 5 times a power of ten, so that at most three lines are drawn."""
    steps = (int(f"{digit}{'0' * zeros}") for zeros in count() for digit in (1, 2, 5))
    return next(step for step in steps if step * _MOST_STEPS >= most)


def _line(plateaus: Sequence[_Plateau], scale: _Scale) -> str:
    """Return the SVG path of the steps, starting at the first day's height."""
    return "V".join(f"{scale.y(plateau.quantity):g}H{scale.x(plateau.behind):g}" for plateau in plateaus)


def _extremes(plateaus: Sequence[_Plateau], scale: _Scale) -> Iterable[Mark]:
    """Yield the highest and the lowest point, unless it equals the last point or its label does not fit."""
    now = plateaus[-1].quantity
    most = max(plateaus, key=lambda plateau: plateau.quantity)
    least = min(plateaus, key=lambda plateau: plateau.quantity)
    for plateau in (most, least):
        x, y = scale.x((plateau.first + plateau.behind) / 2), scale.y(plateau.quantity)
        if plateau.quantity == now or x > _NEAR_THE_END:
            continue
        is_below = plateau is least and y + _LETTER < HEIGHT
        anchor = "start" if x < _NEAR_THE_START else "middle"
        yield Mark(x, _down(y), _down(y + _LETTER if is_below else y - 10), anchor, number(plateau.quantity))


def _end(plateau: _Plateau, scale: _Scale) -> Mark:
    y = scale.y(plateau.quantity)
    return Mark(100, _down(y), _down(y - 12), "end", number(plateau.quantity))


def _down(y: float) -> float:
    """Convert y in the box into y in the whole drawing."""
    return round(y + TOP, 1)


def _day_labels(days: Sequence[StockDay]) -> Iterable[DayLabel]:
    if len(days) > 1:
        yield DayLabel(0, "start", _day(days[0].day))
    yield DayLabel(100, "end", _("today"))


def _gutter(letters: int) -> str:
    return "narrow" if letters <= 3 else "medium" if letters <= 7 else "wide"


def _day(day: date) -> str:
    return languages.day(datetime.combine(day, time(12), languages.time_zone()))


def _sentence(history: StockHistory) -> str:
    """Describe the line: its largest change, the present number, and the range."""
    days, now = history.days, history.days[-1].quantity
    quantities = [day.quantity for day in days]
    before = [history.opening, *quantities[:-1]]
    changes = [after - earlier for earlier, after in zip(before, quantities, strict=True)]
    # On a tie, describe the later change.
    index = max(range(len(changes)), key=lambda index: (abs(changes[index]), index))
    if not changes[index]:
        return _("On hand has been %(units)s since %(day)s.", units=number(now), day=_day(days[0].day))
    numbers = {"before": number(before[index]), "after": number(quantities[index]), "now": number(now)}
    if index == len(days) - 1:
        first = _changed_today(numbers, rose=changes[index] > 0)
    else:
        first = _changed({**numbers, "day": _day(days[index].day)}, rose=changes[index] > 0)
    range_words = ngettext(
        "In the last day it was between %(least)s and %(most)s.",
        "In the last %(num)s days it was between %(least)s and %(most)s.",
        len(days),
        least=number(min(quantities)),
        most=number(max(quantities)),
    )
    return f"{first} {range_words}" if min(quantities) != max(quantities) else first


def _changed(numbers: Mapping[str, str], *, rose: bool) -> str:
    if rose:
        return _("On hand rose from %(before)s to %(after)s on %(day)s and is %(now)s now.", **numbers)
    return _("On hand fell from %(before)s to %(after)s on %(day)s and is %(now)s now.", **numbers)


def _changed_today(numbers: Mapping[str, str], *, rose: bool) -> str:
    if rose:
        return _("On hand rose from %(before)s to %(after)s today.", **numbers)
    return _("On hand fell from %(before)s to %(after)s today.", **numbers)
