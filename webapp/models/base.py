"""What all tables share: constraint names, 64-bit keys led by the store, UTC times, checks for whole numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    DateTime,
    Dialect,
    Enum,
    Identity,
    Integer,
    MetaData,
    String,
    Table,
    literal_column,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from webapp.domain.codes import gtin14, shown_gtin
from webapp.domain.money import as_price, as_stored

BigInt = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both engines. On SQLite only the word INTEGER makes a rowid alias, and it holds 64 bits."""


class Base(DeclarativeBase):
    """The declarative base. It names every constraint, so that migrations can address them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time: in Python always aware and in UTC. A naive time raises an error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Gtin(TypeDecorator[str]):
    """A GTIN: 14 digits in the database, so that all its spellings are equal there, and in Python as the goods show it.

    A text that is no GTIN, such as the placeholder's, stays as it is.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else gtin14(value) or value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else shown_gtin(value)


class Price(TypeDecorator[Decimal]):
    """A price: in the database a whole number of millionths, since SQLite would make a float of a decimal."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else as_stored(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else as_price(value)


class TenantKey:
    """Primary key of a row that belongs to one store: (``store_id``, ``id``).

    On PostgreSQL the pair is the primary key, so that a table can be partitioned by store. On SQLite ``id`` is the
    rowid and the pair a unique index, since SQLite numbers rows only through a single-column key (ADR 0003).
    """

    store_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, sort_order=-20)
    id: Mapped[int] = mapped_column(BigInt, Identity(), primary_key=True, autoincrement=True, sort_order=-19)


def table_of(model: type[Base]) -> Table:
    """Return the model's table, for bulk statements that need no objects."""
    return cast(Table, model.__table__)


def constant(value: int | StrEnum) -> ColumnElement[Any]:
    """Return ``value`` as part of a statement's text.

    Use it where a partial index has a constant in its condition: with a parameter in that place SQLite plans the
    statement again at each run, which takes longer than the run, and PostgreSQL cannot use the index in a plan that
    it keeps. Use it for a LIMIT of a few rows, too: PostgreSQL keeps no plan that must suit any LIMIT.
    """
    return literal_column(f"{int(value)}" if isinstance(value, int) else f"'{value.value}'")


def stored_enum(kind: type[StrEnum], name: str) -> Enum:
    """Return a text column type for the enum's values, with a CHECK called ``name``.

    A new value needs a migration that calls ``webapp.database.stored_enums.add_kind`` (ADR 0015).
    """
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def whole_numbers(*columns: str) -> list[CheckConstraint]:
    """Return checks that refuse fractions and text: SQLite would store both in an INTEGER column."""
    return [
        CheckConstraint(f"typeof({column}) = 'integer'", name=f"{column}_whole").ddl_if(dialect="sqlite")
        for column in columns
    ]


JsonDict = dict[str, Any]
