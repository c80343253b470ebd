"""Database rows are read by name, so that mypy sees what is read and a column may move."""

from __future__ import annotations

import ast

import pytest

from tests.codebase.row_reading import read_by_position
from tests.codebase.sources import files, name_of, tree_of

HOW = "read rows by name: columns_of and rows_of of webapp/models/rows.py fill a record with names and types"

READS = """
from sqlalchemy import Row, select

def read(db: Session, rows: Sequence[Row[int, str]]) -> object:
    {}
"""


def places_in(code: str) -> list[str]:
    return [written for _, written in read_by_position(ast.parse(READS.format(code)))]


def test_no_row_is_read_by_position() -> None:
    places = [
        f"{name_of(path)}:{line}: {code}"
        for path in files("webapp", suffix=".py")
        for line, code in read_by_position(tree_of(path))
    ]

    assert not places, "\n".join([HOW, *places])


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("return [row[3] for row in db.execute(query)]", "row[3]"),
        ("return {row[0]: row.name for row in rows}", "row[0]"),
        ("return db.execute(query).one()[1]", "db.execute(query).one()[1]"),
        ("return db.execute(query).all()[0][-1]", "db.execute(query).all()[0][-1]"),
        ("return [Thing(row.id, row[2:]) for row in rows]", "row[2:]"),
        ("return [Thing(*row) for row in db.execute(query)]", "*row"),
        ("return [(*row, 1) for row in sorted(db.execute(query))]", "*row"),
        ("return [Thing._make(row) for row in db.execute(query)]", "Thing._make(row)"),
        ("return list(map(Thing._make, db.execute(query)))", "map(Thing._make, db.execute(query))"),
        ("return list(starmap(Thing, db.execute(query)))", "starmap(Thing, db.execute(query))"),
        ("return page_of(db.execute(query).all(), 5, lambda last: write(*last))", "*last"),
        ("return [a for a, b, c in db.execute(query)]", "(a, b, c) = a row"),
        ("a, b, c = db.execute(query).first()", "(a, b, c) = a row"),
        ("return [rest for first, *rest in db.execute(query)]", "(first, *rest) = a row"),
        ("row = first = db.execute(query).one_or_none()\n    return first and first[1]", "first[1]"),
        ("result = db.connection().execute(query)\n    return next(iter(result))[1]", "next(iter(result))[1]"),
        ("some = db.execute(query).all() or db.execute(other).all()\n    return some[0][1]", "some[0][1]"),
    ],
)
def test_a_row_that_is_read_by_position_is_seen(code: str, place: str) -> None:
    assert places_in(code) == [place]


@pytest.mark.parametrize(
    "code",
    [
        "return [row.name for row in db.execute(query)]",
        "return {key: value for key, value in db.execute(query)}",
        "return rows_of(Thing, db.execute(query))[1]",
        "return [thing[1] for thing in rows_of(Thing, db.execute(query))]",
        "return db.execute(query).all()[0]",
        "return db.execute(query).scalars().all()[1][2]",
        "return db.scalars(query).all()[1]",
        "return [name[1] for name in names]",
        "return [dict(row)['name'] for row in db.execute(query).mappings()]",
    ],
)
def test_what_is_read_by_name_is_left_alone(code: str) -> None:
    assert places_in(code) == []


def test_rows_that_a_function_hands_on_are_seen() -> None:
    code = """
from sqlalchemy import Row

def find(db: Session) -> Sequence[Row[int, str]]:
    return db.execute(query).all()

def read(db: Session, row: Sequence[Any]) -> object:
    return [one[1] for one in find(db)], row[1]
"""

    assert [written for _, written in read_by_position(ast.parse(code))] == ["one[1]", "row[1]"]


def test_a_module_without_a_database_may_call_anything_a_row() -> None:
    assert not list(read_by_position(ast.parse("def read(rows: Any) -> None:\n    return [row[1] for row in rows]")))
