"""Invariant 6: no row refers to a missing row or to another store's. Checks every foreign key of the models."""

from __future__ import annotations

from functools import partial

from sqlalchemy import ForeignKeyConstraint, Table, and_, case, literal, select

from webapp.models import Base
from webapp.services.verification.findings import Check, Finds, Scope, id_of, store_of


def dangling(child: Table, key: ForeignKeyConstraint, scope: Scope) -> Finds:
    """Find rows of ``child`` whose foreign key ``key`` refers to no row of their own store."""
    parent = key.referred_table.alias("parent")
    pairs = [(element.parent, parent.c[element.column.name]) for element in key.elements]
    own = [column for column, _ in pairs if column.name != "store_id"] or [column for column, _ in pairs]
    columns = [column.label(f"found_{column.name}") for column in own]
    if "store_id" in parent.c:
        elsewhere = own[0].in_(select(key.referred_table.c.id))
        columns.append(
            case((elsewhere, literal("a row of another store")), else_=literal("no row of any store")).label(
                "found_there"
            )
        )
    return (
        select(store_of(child).label("store_id"), id_of(child).label("id"), *columns)
        .select_from(child.outerjoin(parent, and_(*(parent_column == column for column, parent_column in pairs))))
        .where(scope.of(child), *(column.is_not(None) for column, _ in pairs), pairs[0][1].is_(None))
    )


def _checks() -> tuple[Check, ...]:
    return tuple(
        Check(
            6,
            f"{key.column_keys[-1]}_in_{key.referred_table.name}",
            f"{table.name}.{key.column_keys[-1]} names no {key.referred_table.name} row of the same store"
            if "store_id" in key.referred_table.c
            else f"{table.name}.{key.column_keys[-1]} names no row of {key.referred_table.name}",
            table,
            partial(dangling, table, key),
        )
        for table in Base.metadata.sorted_tables
        for key in sorted(table.foreign_key_constraints, key=lambda key: list(key.column_keys))
    )


CHECKS = _checks()
