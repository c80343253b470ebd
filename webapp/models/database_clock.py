"""The database's own clock. Several servers judge by it alike, however far apart their own clocks are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from webapp.models.base import UtcDateTime


class _Ago(FunctionElement[Any]):
    name = "ago"
    type = UtcDateTime()
    inherit_cache = True


def ago(seconds: ColumnElement[int] | int) -> FunctionElement[Any]:
    """Return the time so many seconds before the database's present; 0 is the present."""
    return _Ago(cast(seconds, Integer))


@compiles(_Ago, "sqlite")
def _on_sqlite(element: _Ago, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses.clauses[0], **kw)
    return f"strftime('%Y-%m-%d %H:%M:%f', 'now', (-{seconds}) || ' seconds')"


@compiles(_Ago, "postgresql")
def _on_postgresql(element: _Ago, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses.clauses[0], **kw)
    return f"(CURRENT_TIMESTAMP - make_interval(secs => {seconds}))"
