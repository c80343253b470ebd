"""Rows are read by column name: a row with other columns is refused, never mixed up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    column,
    create_engine,
    func,
    literal,
    null,
    select,
    table,
)
from sqlalchemy.engine import Connection

from webapp.models.rows import AnyResult, columns_of, outer_pairs_of, pairs_of, rows_of, whole

THINGS = table("things", column("id", Integer), column("name", String), column("units", Integer))


class Thing(NamedTuple):
    thing_id: int
    name: str
    units: int


class Weight(NamedTuple):
    grams: int


@dataclass(frozen=True)
class Place:
    place_id: int
    name: str
    units: int = 0
    lines: list[str] = field(default_factory=list)


@pytest.fixture
def connection() -> Any:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def read(connection: Connection, **columns: object) -> AnyResult:
    return connection.execute(select(*(literal(value).label(name) for name, value in columns.items())))


def test_a_row_becomes_a_record_of_the_same_names(connection: Connection) -> None:
    assert rows_of(Thing, read(connection, thing_id=7, name="lamp", units=3)) == [Thing(7, "lamp", 3)]


@pytest.mark.parametrize(
    "columns",
    [
        {"thing_id": 7, "units": 3, "name": "lamp"},
        {"id": 7, "name": "lamp", "units": 3},
        {"thing_id": 7, "name": "lamp"},
        {"thing_id": 7, "name": "lamp", "units": 3, "grams": 1},
    ],
    ids=["another order", "another name", "too few", "too many"],
)
def test_columns_that_are_not_the_fields_are_refused(connection: Connection, columns: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        rows_of(Thing, read(connection, **columns))


def test_fields_with_a_default_may_be_left_out(connection: Connection) -> None:
    assert rows_of(Place, read(connection, place_id=7, name="A-1")) == [Place(7, "A-1")]
    assert rows_of(Place, read(connection, place_id=7, name="A-1", units=2)) == [Place(7, "A-1", 2)]
    with pytest.raises(TypeError, match=r"Place\.name is missing"):
        rows_of(Place, read(connection, place_id=7, units=2))


def test_a_row_of_two_records_is_parted_by_names(connection: Connection) -> None:
    both = {"place_id": 7, "name": "A-1", "grams": 20}

    assert pairs_of(Place, Weight, read(connection, **both)) == [(Place(7, "A-1"), Weight(20))]
    with pytest.raises(TypeError, match=r"Weight\.grams is missing"):
        pairs_of(Place, Weight, read(connection, place_id=7, name="A-1"))


def test_an_outer_join_leaves_the_second_record_out(connection: Connection) -> None:
    rows = select(literal(7).label("place_id"), literal("A-1").label("name"), null().label("grams"))

    assert outer_pairs_of(Place, Weight, connection.execute(rows)) == [(Place(7, "A-1"), None)]


def test_the_columns_of_a_record_come_in_its_order_under_its_names() -> None:
    columns = columns_of(Thing, THINGS, units=whole(func.sum(THINGS.c.units)), thing_id=THINGS.c.id)

    assert list(select(*columns).selected_columns.keys()) == ["thing_id", "name", "units"]
    assert isinstance(columns[-1].type, BigInteger)


def test_a_field_with_a_default_is_selected_where_there_is_a_column() -> None:
    columns = columns_of(Place, THINGS, place_id=THINGS.c.id)

    assert [each.key for each in columns] == ["place_id", "name", "units"]


def test_a_field_of_another_type_than_its_column_is_refused() -> None:
    class Named(NamedTuple):
        name: int

    class Counted(NamedTuple):
        units: int

    class Noted(NamedTuple):
        note: str

    notes = Table("notes", MetaData(), Column("note", String, nullable=True))

    with pytest.raises(TypeError, match=r"Named\.name is"):
        columns_of(Named, THINGS)
    with pytest.raises(TypeError, match=r"Counted\.units is"):
        columns_of(Counted, THINGS, units=func.max(THINGS.c.name))
    with pytest.raises(TypeError, match=r"Noted\.note is"):
        columns_of(Noted, notes)


def test_a_name_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(LookupError, match=r"Thing\.thing_id is no column"):
        columns_of(Thing, THINGS)
    with pytest.raises(LookupError, match="Thing has no place"):
        columns_of(Thing, THINGS, thing_id=THINGS.c.id, place=THINGS.c.name)
