"""How often servers of Packbench have doubted what the database shows. All read it, so all know of each other's doubts.

A sequence counts, since its numbers show at once: a row would need a COMMIT, which waits for the standby (ADR 0022).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Sequence
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from webapp.models.base import Base

Sequence("doubts", metadata=Base.metadata)


class _NumberOfDoubts(FunctionElement[int]):
    name = "number_of_doubts"
    type = BigInteger()
    inherit_cache = True


def number_of_doubts() -> FunctionElement[int]:
    """Return the number of doubts so far. SQLite serves one host, so there it is always 0."""
    return _NumberOfDoubts()


@compiles(_NumberOfDoubts, "sqlite")
def _on_sqlite(_element: _NumberOfDoubts, _compiler: SQLCompiler, **_: Any) -> str:
    return "0"


@compiles(_NumberOfDoubts, "postgresql")
def _on_postgresql(_element: _NumberOfDoubts, _compiler: SQLCompiler, **_: Any) -> str:
    return "(SELECT last_value + is_called::integer FROM doubts)"
