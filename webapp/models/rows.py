"""Rows read by name: a record (a NamedTuple or a dataclass) names the columns to select and holds what comes back.

mypy knows the fields of a record, unlike those of SQLAlchemy's Row, where each costs ten times as much to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from itertools import takewhile
from types import NoneType
from typing import Any, NamedTuple, Protocol, TypeVar, get_args, get_origin, get_type_hints

from sqlalchemy import BigInteger, Cast, ColumnElement, FromClause, cast

A = TypeVar("A")
B = TypeVar("B")


class AnyResult(Protocol):
    """What came back: SQLAlchemy's result, or what a prepared statement fetched."""

    def keys(self) -> Iterable[str]:
        """Return the names of the columns."""

    def all(self) -> Sequence[Sequence[Any]]:
        """Return the rows."""


def columns_of(
    record: Callable[..., object], source: FromClause, **elsewhere: ColumnElement[Any]
) -> list[ColumnElement[Any]]:
    """Return what to select for a record, in the order of its fields, each by its field's name.

    That is the column of this name in ``source``, unless ``elsewhere`` says what stands for it. Fields with a default
    are left out where there is neither. Raises LookupError for other names, TypeError for a field of another type.
    """
    names, required = _fields_of(record)
    hints = get_type_hints(record)
    if unknown := elsewhere.keys() - {*names}:
        raise LookupError(f"{record.__name__} has no {', '.join(sorted(unknown))}")
    columns = []
    for place, name in enumerate(names):
        column = elsewhere[name] if name in elsewhere else source.c.get(name)
        if column is not None:
            if not _may_hold(hints[name], column):
                raise TypeError(f"{record.__name__}.{name} is {hints[name]}, the column {column!r}")
            columns.append(column if getattr(column, "name", None) == name else column.label(name))
        elif place < required:
            raise LookupError(f"{record.__name__}.{name} is no column of {source}")
    return columns


def whole(units: ColumnElement[Any]) -> Cast[int]:
    """Return a sum as a whole number: PostgreSQL sums to a Decimal."""
    return cast(units, BigInteger)


def rows_of(record: Callable[..., A], result: AnyResult) -> list[A]:
    """Return the rows as records. Raises TypeError unless the columns are the record's fields, in their order."""
    _width(result, record)  # For its error alone.
    make = getattr(record, "_make", None)  # A NamedTuple takes a row as it is.
    rows = result.all()
    return list(map(make, rows)) if make else [record(*row) for row in rows]


def pairs_of(first: Callable[..., A], second: Callable[..., B], result: AnyResult) -> list[tuple[A, B]]:
    """Return each row as two records: the first columns are the fields of one, the others those of the other.

    Raises TypeError where they are not.
    """
    width = _width(result, first, second)
    return [(first(*row[:width]), second(*row[width:])) for row in result.all()]


def outer_pairs_of(first: Callable[..., A], second: Callable[..., B], result: AnyResult) -> list[tuple[A, B | None]]:
    """Return what ``pairs_of`` does, for an outer join: without a second record where its first column is NULL."""
    width = _width(result, first, second)
    return [(first(*row[:width]), None if row[width] is None else second(*row[width:])) for row in result.all()]


def _may_hold(hint: Any, column: ColumnElement[Any]) -> bool:
    """Tell whether a field of this type may hold a column's values, as far as the column knows their type."""
    kinds = [get_origin(kind) or kind for kind in get_args(hint) or (hint,)]
    if NoneType not in kinds and getattr(column, "nullable", False):
        return False
    try:
        held = column.type.python_type
    except NotImplementedError:  # Of text that is written out, or that only a database knows.
        return True
    return held is object or Any in kinds or any(issubclass(held, kind) for kind in kinds)


class _Fields(NamedTuple):
    """The names of a record's fields, and how many of them have no default."""

    names: tuple[str, ...]
    required: int


@cache
def _fields_of(record: Any) -> _Fields:
    if is_dataclass(record):
        named = [field for field in fields(record) if field.init]
        defaults = [field for field in named if (field.default, field.default_factory) != (MISSING, MISSING)]
        return _Fields(tuple(field.name for field in named), len(named) - len(defaults))
    return _Fields(record._fields, len(record._fields) - len(record._field_defaults))


def _width(result: AnyResult, *records: Any) -> int:
    """Return how many columns are the first record's. Raises TypeError unless all are the records', in their order."""
    return _width_among(tuple(result.keys()), records)


@cache
def _width_among(keys: tuple[str, ...], records: tuple[Any, ...]) -> int:
    widths: list[int] = []
    for record in records:
        widths.append(_leading(record, keys[sum(widths) :]))
    if sum(widths) != len(keys):
        raise TypeError(f"{', '.join(keys[sum(widths) :])}: more columns than {records[-1].__name__} has fields")
    return widths[0]


def _leading(record: Any, keys: tuple[str, ...]) -> int:
    """Return how many of the first columns are the record's fields. Raises TypeError where some are missing."""
    names, required = _fields_of(record)
    width = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(keys, names, strict=False)))
    if width < required:
        raise TypeError(f"{record.__name__}.{names[width]} is missing where it should be in {', '.join(keys)}")
    return width
