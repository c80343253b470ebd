"""Checks the rules that the tables declare: somebody may have edited the database with its checks off.

The rules are read from the models (NOT NULL, CHECK, whole numbers, unique keys), so none is written twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    Integer,
    PrimaryKeyConstraint,
    Table,
    TextClause,
    UniqueConstraint,
    case,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from webapp.models import Base
from webapp.services.verification.findings import Check, Finds, Scope, id_of, store_of


def broken_rules(table: Table, scope: Scope) -> Finds:
    """Find rows of ``table`` that break a declared rule; ``broken`` lists the names of all the rules broken."""
    rules = list(_rules_of(table, scope.dialect))
    names = [case((broken, literal(f"{name} ")), else_=literal("")) for name, broken in rules]
    listed: ColumnElement[Any] = names[0]
    for name in names[1:]:
        listed = listed.concat(name)
    return select(store_of(table).label("store_id"), id_of(table).label("id"), func.trim(listed).label("broken")).where(
        scope.of(table), or_(*(broken for _, broken in rules))
    )


def _rules_of(table: Table, dialect: str) -> Iterator[tuple[str, ColumnElement[bool]]]:
    """Yield (name, condition that a row breaks the rule) for each rule except unique keys.

    On SQLite every integer column's type is checked, since a plain INTEGER column stores 1.5 and text. That covers the
    tables' own checks of this kind, which PostgreSQL neither has nor needs.
    """
    for column in table.columns:
        if not column.nullable:
            yield f"{column.name}_missing", column.is_(None)
        if dialect == "sqlite" and isinstance(column.type, Integer):
            yield f"{column.name}_whole", func.typeof(column).not_in(("integer", "null"))
    for constraint in sorted(
        (c for c in table.constraints if isinstance(c, CheckConstraint)), key=lambda check: str(check.name)
    ):
        name = str(constraint.name)
        if not name.endswith("_whole"):
            rule = constraint.sqltext
            if isinstance(rule, TextClause):
                rule = literal_column(f"({rule.text})", Boolean)
            yield name.removeprefix(f"ck_{table.name}_"), not_(rule)


def repeated_keys(
    table: Table, name: str, columns: tuple[ColumnElement[Any], ...], where: ColumnElement[bool], scope: Scope
) -> Finds:
    """Find values of a unique key that several rows of ``table`` share; the ``id`` is the last one's."""
    return (
        select(
            func.max(store_of(table)).label("store_id"),
            func.max(id_of(table)).label("id"),
            literal(name).label("key"),
            literal(1).label("expected_rows"),
            func.count().label("found_rows"),
        )
        .where(scope.of(table), where, *(column.is_not(None) for column in columns))
        .group_by(*columns)
        .having(func.count() > 1)
    )


def _keys_of(table: Table) -> Iterator[tuple[str, tuple[ColumnElement[Any], ...], ColumnElement[bool]]]:
    """Yield (name, columns, condition of the rows it covers) for each unique key of ``table``."""
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
            yield str(constraint.name), tuple(constraint.columns), true()
    for index in table.indexes:
        if index.unique:
            where = index.dialect_options["sqlite"]["where"]
            yield str(index.name), tuple(index.columns), true() if where is None else where


def _checks() -> Iterator[Check]:
    for table in Base.metadata.sorted_tables:
        sentence = f"A row of {table.name} breaks a rule of its table"
        yield Check(0, "declared_rules", sentence, table, partial(broken_rules, table))
        for name, columns, where in sorted(_keys_of(table), key=lambda key: key[0]):
            sentence = f"Rows of {table.name} share a key that should be unique"
            yield Check(0, "unique_key", sentence, table, partial(repeated_keys, table, name, columns, where))


CHECKS = tuple(_checks())
