"""Rows of several kinds from one statement: each kind is a record, and all of them share one shape.

The branches of a UNION have the same columns. Which field stands in which of them follows from the fields' types, in
one place for selecting and for reading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from types import NoneType
from typing import Any, Final, Generic, TypeVar, get_args, get_type_hints

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    FromClause,
    Label,
    Select,
    String,
    cast,
    literal_column,
    null,
    select,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from webapp.models.base import UtcDateTime
from webapp.models.rows import AnyResult, columns_of

R = TypeVar("R")

_SHAPE: Final[tuple[type, ...]] = (int,) * 7 + (bool,) + (str,) * 6 + (datetime,) * 2
"""What the columns hold, after the first, which says of what kind a row is."""

_STORED_AS: Final[dict[type, TypeEngine[Any]]] = {
    int: BigInteger(),
    bool: Boolean(),
    str: String(),
    datetime: UtcDateTime(),
}

_UNUSED: Final[dict[type, ColumnElement[Any]]] = {
    int: literal_column("0"),
    bool: literal_column("NULL"),
    str: literal_column("''"),
    datetime: literal_column("NULL"),
}
"""What nobody reads, without name and type, to keep statements short: psycopg parses one of over 4,096 characters again
at each run."""


@dataclass(frozen=True)
class RowKind(Generic[R]):
    """One kind of row: its number in the statement and its record, whose first fields are numbers, texts or times.

    Kind 0 comes first in the statement: its select gives the columns their names and types.
    """

    number: int
    record: Callable[..., R]

    def select(self, source: FromClause, **elsewhere: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
        """Select rows of this kind; the columns are found as ``columns_of`` finds them, texts come as plain texts."""
        columns = columns_of(self.record, source, **elsewhere)
        at = dict(zip(self._places, columns, strict=True))
        shape = enumerate(_SHAPE, start=1)
        if self.number:
            columns = [_unnamed(at.get(place, _UNUSED[held])) for place, held in shape]
            return select(literal_column(str(self.number)), *columns)
        return select(
            literal_column("0").label("kind"),
            *(
                type_coerce(
                    (_unnamed(at[place]) if place in at else _nothing(_STORED_AS[held])).label(f"c{place}"),
                    _STORED_AS[held],
                )
                for place, held in shape
            ),
        )

    def read(self, row: Sequence[Any]) -> R:
        """Return the record that a row of this kind holds."""
        return self.record(*self._values(row))

    @cached_property
    def _values(self) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
        return itemgetter(*self._places)

    @cached_property
    def _places(self) -> tuple[int, ...]:
        return tuple(_places(self.record))


class MixedRows:
    """What a statement of several kinds returned."""

    def __init__(self, result: AnyResult) -> None:
        self._by_number: dict[int, list[Sequence[Any]]] = defaultdict(list)
        kind_of = itemgetter(0)
        for row in result.all():
            self._by_number[kind_of(row)].append(row)

    def of(self, kind: RowKind[R]) -> list[R]:
        """Return the rows of a kind, in the order in which they came."""
        return [kind.read(row) for row in self._by_number[kind.number]]


def _nothing(kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """Return a value of the kind that nobody reads, in few characters."""
    if isinstance(kind, String):
        return literal_column("''")
    return literal_column("0") if isinstance(kind, BigInteger) else cast(null(), kind)


def _unnamed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column.element if isinstance(column, Label) else column


def _places(record: Callable[..., object]) -> Iterator[int]:
    """Yield the column of each field, as far as the fields are of the types that columns hold."""
    free = {kind: [place for place, held in enumerate(_SHAPE, start=1) if held is kind] for kind in _STORED_AS}
    for hint in get_type_hints(record).values():
        kind = next((kind for kind in get_args(hint) if kind is not NoneType), hint)
        if kind not in free:
            return
        yield free[kind].pop(0)
