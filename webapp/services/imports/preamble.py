"""Leaves out what stands above the titles of a file: blank rows, the name of a report, the day of an export."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile, islice
from typing import Final, TypeVar

from webapp.domain.errors import DamagedFile

_LOOKED_AT: Final = 20
"""Rows among which the titles are."""

_MOST_CELLS: Final = 3
"""Cells that a row above the titles may have; the file's own rows have more than twice as many."""

Record = TypeVar("Record", bound=Sequence[str])


def from_titles(records: Iterable[tuple[int, Record]]) -> Iterator[tuple[int, Record]]:
    """Yield the records from the titles on. What cannot be read raises its error in its turn."""
    reading = iter(records)
    first: list[tuple[int, Record]] = []
    damage = None
    try:
        first.extend(islice(reading, _LOOKED_AT))
    except (csv.Error, DamagedFile) as error:
        damage = error
    widest = max((_filled(record) for _, record in first), default=0)
    yield from dropwhile(lambda record: _is_above(_filled(record[1]), widest), first)
    if damage:
        raise damage
    yield from reading


def _is_above(cells: int, widest: int) -> bool:
    return cells < widest and (cells == 0 or (cells <= _MOST_CELLS and 2 * cells < widest))


def _filled(record: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in record)
