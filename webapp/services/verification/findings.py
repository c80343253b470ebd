"""The parts of a verification: checks, the violations they find, and the summary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    Subquery,
    Table,
    and_,
    bindparam,
    func,
    null,
    select,
    true,
)
from sqlalchemy import cast as sql_cast

INVARIANTS: Final[dict[int, str]] = {
    1: "stock equals its ledger",
    2: "reservations equal the orders' allocations",
    3: "shipped units equal ledger and parcels",
    4: "each order's status agrees with its items",
    5: "every change has a person and happened once",
    6: "nothing refers to a missing or foreign row",
    0: "the tables' own rules hold",
}
"""Source: docs/contract.md, "Invariants"; 0 stands for the rules of its "Tables", which the models declare."""

_SECONDS_OF_A_DAY: Final = 86_400

STORE: Final = "verified_store_id"
"""Name of the parameter for one store's id."""

Row = dict[str, Any]
"""A row that a query found, by column."""

Finds = Select[*tuple[Any, ...]]
"""A query for the rows that break a rule; see ``Check``."""


@dataclass(frozen=True)
class Scope:
    """The rows to check, and their database: one store's (bound at run time), or every store's."""

    one_store: bool
    dialect: str

    def of(self, source: Any) -> ColumnElement[bool]:
        """Return the condition that keeps this scope's rows of ``source``: a model, an alias, or a table.

        People belong to no store, so one store's scope contains only their memberships.
        """
        if not self.one_store:
            return true()
        store = store_of(source) if isinstance(source, Table) else source.store_id
        return cast(ColumnElement[bool], store == bindparam(STORE, type_=BigInteger))


_WHICH: Final = "store_id", "id", "store"


@dataclass(frozen=True)
class Check:
    """One rule, and the query for the rows that break it.

    ``query`` returns one row per violation: ``store_id`` and ``id`` of the wrong row, ``expected_…`` and ``found_…``
    for what should be and what is, and other columns that help to find it. ``table`` is the table it checks.

    Where SQL cannot tell, ``judge`` gets each row of the query, and returns such columns of a wrong one; None if it is
    right.
    """

    invariant: int
    rule: str
    sentence: str
    table: Table
    query: Callable[[Scope], Finds]
    judge: Callable[[Row], Row | None] | None = None

    def report(self, row: Row) -> Row | None:
        """Return what to report of a row that the query found; None if it is right."""
        if self.judge is None:
            return row
        wrong = self.judge(row)
        return None if wrong is None else {name: row[name] for name in _WHICH if name in row} | wrong


@dataclass(frozen=True)
class Violation:
    """A row that breaks a rule: ``store`` is its store's code, ``id`` the row's id or key.

    ``named``, ``expected`` and ``found`` map names to plain values: what helps to find it, what should be, what is.
    """

    invariant: int
    rule: str
    store_id: int | None
    store: str | None
    table: str
    id: int | str | None
    sentence: str
    named: Mapping[str, Any]
    expected: Mapping[str, Any]
    found: Mapping[str, Any]

    @classmethod
    def from_row(cls, check: Check, row: Mapping[str, Any]) -> Violation:
        """Build a violation from a row of ``check.query`` with the store's code added."""
        values = {name: _plain(value) for name, value in row.items()}
        store_id, store, row_id = (values.pop(name) for name in ("store_id", "store", "id"))
        expected = {name: value for name, value in values.items() if name.startswith("expected_")}
        found = {name: value for name, value in values.items() if name.startswith("found_")}
        return cls(
            invariant=check.invariant,
            rule=check.rule,
            store_id=store_id,
            store=store,
            table=check.table.name,
            id=row_id,
            sentence=check.sentence,
            named={name: value for name, value in values.items() if name not in expected and name not in found},
            expected={name.removeprefix("expected_"): value for name, value in expected.items()},
            found={name.removeprefix("found_"): value for name, value in found.items()},
        )

    @property
    def message(self) -> str:
        """Return the violation as one sentence with its numbers."""
        parts = [f"{name} {value}" for name, value in self.named.items()]
        for word, values in (("expected", self.expected), ("found", self.found)):
            if values:
                parts.append(f"{word} " + ", ".join(f"{name} {_shown(value)}" for name, value in values.items()))
        return self.sentence + (f" ({'; '.join(parts)})" if parts else "")

    def as_dict(self) -> dict[str, Any]:
        """Return the violation for JSON; the keys are those of ``stock verify --json``."""
        return {
            "invariant": self.invariant,
            "rule": self.rule,
            "store_id": self.store_id,
            "store": self.store,
            "table": self.table,
            "id": self.id,
            "message": self.message,
            "named": dict(self.named),
            "expected": dict(self.expected),
            "found": dict(self.found),
        }


@dataclass
class CheckTally:
    """Counts for one invariant: rows by table, rules applied, violations found."""

    rows: dict[str, int] = field(default_factory=dict)
    rules: int = 0
    violations: int = 0


@dataclass
class Summary:
    """What a verification has checked so far, by invariant; complete once all its violations were read."""

    tallies: dict[int, CheckTally] = field(default_factory=lambda: {number: CheckTally() for number in INVARIANTS})

    @property
    def ok(self) -> bool:
        """Return whether no rule is broken."""
        return not self.violations

    @property
    def violations(self) -> int:
        """Rows that break a rule, counted once per rule."""
        return sum(tally.violations for tally in self.tallies.values())

    def as_dict(self) -> dict[str, Any]:
        """Return ``{"1": {"name", "rules", "violations", "rows": {table: rows}}, …}``."""
        return {
            str(number): {
                "name": INVARIANTS[number],
                "rules": tally.rules,
                "violations": tally.violations,
                "rows": tally.rows,
            }
            for number, tally in self.tallies.items()
        }


def row_named(parent: Any, child: Any, reference: Any) -> ColumnElement[bool]:
    """Return the condition that ``child`` refers to ``parent`` by ``reference``, within its store."""
    return and_(parent.store_id == child.store_id, parent.id == reference)


def units_by(scope: Scope, reference: Any, units: Any, *conditions: ColumnElement[bool]) -> Subquery:
    """Sum the ``units`` of a model's rows by the row that ``reference`` refers to, as ``grouped_by``."""
    return grouped_by(scope, reference, func.sum(units).label("units"), *conditions)


def rows_by(scope: Scope, reference: Any, *conditions: ColumnElement[bool]) -> Subquery:
    """Count a model's ``rows`` by the row that ``reference`` refers to, as ``grouped_by``."""
    return grouped_by(scope, reference, func.count().label("rows"), *conditions)


def grouped_by(scope: Scope, reference: Any, value: Any, *conditions: ColumnElement[bool]) -> Subquery:
    """Select a labelled aggregate of a model's rows by the row that ``reference`` refers to; NULL references are left
    out.

    Columns: ``store_id``, ``row_id`` and that of ``value``.
    """
    model = reference.class_
    return (
        select(model.store_id, reference.label("row_id"), value)
        .where(scope.of(model), reference.is_not(None), *conditions)
        .group_by(model.store_id, reference)
        .subquery()
    )


def row_grouped(parent: Any, groups: Subquery) -> ColumnElement[bool]:
    """Return the condition that a group of ``grouped_by`` is that of the row ``parent``."""
    return row_named(parent, groups.c, groups.c.row_id)


def store_of(table: Table) -> ColumnElement[Any]:
    """Return the store of a ``table``'s row, as SQL: its own id for a store, NULL for a person."""
    if "store_id" in table.c:
        return table.c.store_id
    return table.c.id if table.name == "stores" else sql_cast(null(), BigInteger)


def id_of(table: Table) -> ColumnElement[Any]:
    """Return what identifies a ``table``'s row within its store, as SQL; composite keys are joined by ``/``."""
    columns: list[ColumnElement[Any]] = [column for column in table.primary_key if column.name != "store_id"]
    if len(columns) == 1:
        return columns[0]
    named: ColumnElement[Any] = sql_cast(columns[0], String)
    for column in columns[1:]:
        named = named.concat("/").concat(sql_cast(column, String))
    return named


def seconds_between(earlier: Any, later: Any, scope: Scope) -> ColumnElement[Any]:
    """Return the seconds from one time to another, as SQL."""
    if scope.dialect == "sqlite":
        return (func.julianday(later) - func.julianday(earlier)) * _SECONDS_OF_A_DAY
    return func.extract("epoch", later - earlier)


def units(column: Any) -> ColumnElement[Any]:
    """Return the sum of ``column``, as SQL; 0 over no rows."""
    return func.coalesce(func.sum(column), 0)


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON can hold it: PostgreSQL sums 64-bit numbers to NUMERIC."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return value if value is None or isinstance(value, int | float | str) else str(value)


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)
