"""Statements that are built once and run all day: compiled once per engine, then run on the driver's own cursor.

For each run SQLAlchemy looks a statement up, and makes a context and a result for it: eight times the instructions of
the driver's own work for an UPDATE of one row. Here columns convert as their types say, listeners on the engine are
called, and errors are SQLAlchemy's: ADR 0042.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar, cast

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]
P = TypeVar("P")


class Fetched(NamedTuple):
    """All rows that a statement returned, and the names of their columns."""

    names: tuple[str, ...]
    rows: Sequence[Sequence[Any]]

    def keys(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return self.names

    def all(self) -> Sequence[Sequence[Any]]:
        """Return the rows."""
        return self.rows


class Prepared:
    """A statement whose text is always the same. Lists of parameters are refused at first use, and so are columns with
    a default that SQLAlchemy makes in Python."""

    def __init__(self, statement: Executable) -> None:
        self.statement: Final = statement
        self._forms: dict[str, _Form] = {}

    def run(self, connection: Connection, values: Values) -> Fetched:
        """Run it with these values, and return all rows. Raises what SQLAlchemy raises."""
        form = self._form(connection.dialect)
        rows = _run(connection, form.sql, form.arguments(values), fetch=bool(form.names))
        return Fetched(form.names, form.converted(rows))

    def run_each(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Run it for each row of values."""
        form = self._form(connection.dialect)
        _run(connection, form.sql, [form.arguments(values) for values in rows], each=True)

    def _form(self, dialect: Dialect) -> _Form:
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _Form(self.statement, dialect)
        return form


class _Form:
    """A statement as one engine's driver takes it."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled = cast(SQLCompiler, cast(ClauseElement, statement).compile(dialect=dialect))
        if compiled.insert_prefetch or compiled.update_prefetch or compiled.post_compile_params:
            raise TypeError(f"this statement has other text or values each time: {compiled}")
        columns = getattr(statement, "exported_columns", ())
        self.sql: Final = str(compiled)
        self.names: Final = tuple(str(getattr(column, "name", "")) for column in columns)
        self._order = compiled.positiontup if compiled.positional else None
        self._fixed = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
        self._outward = _only_some(
            (name, bind.type.dialect_impl(dialect).bind_processor(dialect)) for name, bind in compiled.binds.items()
        )
        self._inward = _only_some(
            (place, column.type.dialect_impl(dialect).result_processor(dialect, None))
            for place, column in enumerate(columns)
        )

    def arguments(self, values: Values) -> Any:
        """Return the values as the driver takes them; a missing one is an error here, or the driver's."""
        named = {**self._fixed, **values}
        for name, convert in self._outward:
            named[name] = convert(named[name])
        return named if self._order is None else tuple(map(named.__getitem__, self._order))

    def converted(self, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """Return the driver's rows with Python's values."""
        if not self._inward:
            return rows
        changed = [list(row) for row in rows]
        for row in changed:
            for place, convert in self._inward:
                row[place] = convert(row[place])
        return changed


def _only_some(conversions: Iterable[tuple[P, Convert | None]]) -> list[tuple[P, Convert]]:
    return [(place, convert) for place, convert in conversions if convert]


def _run(
    connection: Connection, sql: str, arguments: Any, *, each: bool = False, fetch: bool = False
) -> Sequence[Sequence[Any]]:
    """Run a statement on the driver's cursor, with the engine's listeners, and SQLAlchemy's judgement of errors."""
    if not connection.in_transaction():
        connection.begin()
    listeners: Any = connection.engine.dispatch
    cursor = connection.connection.cursor()
    try:
        for listener in listeners.before_cursor_execute:
            sql, arguments = listener(connection, cursor, sql, arguments, None, each)
        if each:
            cursor.executemany(sql, arguments)
        else:
            cursor.execute(sql, arguments)
        listeners.after_cursor_execute(connection, cursor, sql, arguments, None, each)
        rows = cursor.fetchall() if fetch else ()
        cursor.close()
    except BaseException as error:
        is_drivers = isinstance(error, connection.dialect.loaded_dbapi.Error)
        # What follows from an error: is the connection lost, and what may a caller retry?
        connection._handle_dbapi_exception(error, sql if is_drivers else None, arguments, cursor, None)
    return rows
