"""Writes the rows that an operation changed and added: one statement per table, or one for all tables.

PostgreSQL writes a few rows of several tables much faster in one statement (a WITH) than in several (ADR 0017). SQLite
has no such statement, and many rows are faster table by table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Connection,
    Insert,
    Update,
    bindparam,
    event,
    insert,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session, scoped_session

from webapp.models import Allocation, Inventory, InventoryTransaction, Order, OrderEvent, OrderItem, ShipmentLine
from webapp.models.base import Base, table_of
from webapp.models.prepared import Prepared

FEW: Final = 40
"""Most rows that PostgreSQL gets in one statement, over all tables."""

Values = dict[str, Any]


class Changed:
    """The columns of a table that operations change."""

    def __init__(self, model: type[Base], short: str, *columns: str) -> None:
        self.model, self.columns, self.table, self.short = model, columns, table_of(model), short
        self.shared: Final = ("of_store",)
        self.statement: Final = Prepared(self._update())

    def values(self, row: Any) -> Values:
        """Return the statement's parameters for a plain row."""
        return {"of_id": row.id} | {name: getattr(row, name) for name in self.columns}

    def parts(self, count: int) -> list[Update | Insert]:
        """Return the parts of a common statement that update ``count`` rows."""
        return [self._update(_of_row(self.short, number)) for number in range(count)]

    def _update(self, of_row: str = "") -> Update:
        table = self.table
        return (
            update(table)
            .where(table.c.store_id == bindparam("of_store"), table.c.id == bindparam(f"of_id{of_row}"))
            .values({name: bindparam(name + of_row) for name in self.columns})
        )


class Added:
    """The columns of a table that operations insert; ``shared`` ones have one value for all rows of an operation."""

    def __init__(self, model: type[Base], short: str, **shared: str) -> None:
        self.table, self.short = table_of(model), short
        self.shared: Final = tuple(shared.values())
        self._shared = shared
        self.columns = [column.name for column in self.table.columns if column.name not in {"id", *shared}]
        # On the table, not the class: the ORM would send one statement for each set of NULL columns.
        self.statement: Final = Prepared(insert(self.table).values(self._binds("")).inline())

    def parts(self, count: int) -> list[Update | Insert]:
        """Return the part of a common statement that inserts ``count`` rows, in their order."""
        rows = [self._binds(_of_row(self.short, number)) for number in range(count)]
        selects = [select(*row.values()) for row in rows]
        return [insert(self.table).from_select(list(rows[0]), union_all(*selects) if count > 1 else selects[0])]

    def _binds(self, of_row: str) -> dict[str, BindParameter[Any]]:
        """Return each column's parameter; a row's parameters are named after the column and the row."""
        names = {name: name + of_row for name in self.columns} | self._shared
        return {column: bindparam(name, type_=self.table.c[column].type) for column, name in names.items()}


def _of_row(short: str, number: int) -> str:
    """Return the suffix of a row's parameter names in a common statement."""
    return f"_{short}{number}"


# A letter for each, because psycopg caches only statements of at most 4,096 characters.
ORDERS: Final = Changed(Order, "o", "status", "version")
VERSIONS: Final = Changed(Order, "v", "version")
ITEMS: Final = Changed(
    OrderItem, "i", "shipped_quantity", "cancelled_quantity", "returned_quantity", "changed_in_version"
)
LINKS: Final = Changed(OrderItem, "l", "product_id", "match_id")
PLACES: Final = Changed(Inventory, "p", "quantity", "reserved_quantity", "last_seq")
ALLOCATIONS: Final = Changed(Allocation, "a", "quantity")
PACKED: Final = Added(
    ShipmentLine, "s", store_id="of_store", operation_id="of_operation", shipped_by="of_actor", shipped_at="at"
)
LEDGER: Final = Added(
    InventoryTransaction, "t", store_id="of_store", operation_id="of_operation", created_by="of_actor", created_at="at"
)
EVENTS: Final = Added(
    OrderEvent, "e", store_id="of_store", operation_id="of_operation", actor="of_actor", created_at="at"
)

Batch = tuple[Changed | Added, Sequence[Values]]
"""A table's statement, and the values of each row."""


def write(
    db: Session, shared: Values, changed: Mapping[Changed, Iterable[Any]], added: Mapping[Added, Sequence[Values]]
) -> None:
    """Update the changed rows, insert the new ones, and expire the session's copies of them.

    ``shared`` are the values that all rows have.
    """
    batches: list[Batch] = [
        *((kind, [kind.values(row) for row in rows]) for kind, rows in changed.items()),
        *added.items(),
    ]
    batches = [(kind, rows) for kind, rows in batches if rows]
    connection = db.connection()
    if connection.dialect.name == "postgresql" and sum(len(rows) for _, rows in batches) <= FEW:
        _write_together(connection, shared, batches)
    else:
        _write_one_by_one(connection, shared, batches)
    if db.identity_map.keys():
        for kind, changed_rows in changed.items():
            keys = [db.identity_key(kind.model, (shared["of_store"], row.id)) for row in changed_rows]
            # An order's copy may be older than the row that was locked, and its status with it.
            _expire(db, ORDERS if kind is VERSIONS else kind, keys)


def _write_one_by_one(connection: Connection, shared: Values, batches: Sequence[Batch]) -> None:
    for kind, rows in batches:
        same = {name: shared[name] for name in kind.shared}
        if len(rows) > 1:
            kind.statement.run_each(connection, [row | same for row in rows])
        else:
            kind.statement.run(connection, rows[0] | same)


def _write_together(connection: Connection, shared: Values, batches: Sequence[Batch]) -> None:
    if not batches:
        return
    values = {name: shared[name] for kind, _ in batches for name in kind.shared}
    for kind, rows in batches:
        for number, row in enumerate(rows):
            of_row = _of_row(kind.short, number)
            values |= {name + of_row: value for name, value in row.items()}
    _common_statement(tuple((kind, len(rows)) for kind, rows in batches)).run(connection, values)


@lru_cache(maxsize=200)
def _common_statement(shape: tuple[tuple[Changed | Added, int], ...]) -> Prepared:
    """Build the statement for this many rows of each kind. Cached: building takes more CPU than running."""
    first, *others = [part for kind, count in shape for part in kind.parts(count)]
    return Prepared(first.add_cte(*(part.cte(f"part_{number}") for number, part in enumerate(others))))


def _expire(db: Session | scoped_session[Session], kind: Changed, keys: Iterable[Any]) -> None:
    """Expire the session's copies, and again after a savepoint's rollback, which the session cannot see."""
    held = [instance for instance in map(db.identity_map.get, keys) if instance is not None]

    def expire(session: Session, _transaction: object = None) -> None:
        for instance in held:
            if instance in session:
                session.expire(instance, kind.columns)

    session = db() if isinstance(db, scoped_session) else db
    expire(session)
    if held and session.in_nested_transaction():
        event.listen(session, "after_soft_rollback", expire, once=True)
