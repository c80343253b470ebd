"""Engine options for each database, and the settings of each new connection."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Dialect, Engine, ExceptionContext, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from webapp.database.doubts import doubt
from webapp.database.patience import OF_PEOPLE
from webapp.database.postgresql_connection import ConfirmedConnection
from webapp.database.sqlite_connection import GatedConnection
from webapp.database.write_gate import gate_for

_POSTGRESQL_OPTIONS = f"-c timezone=UTC -c random_page_cost=1.1 -c jit=off -c lock_timeout={OF_PEOPLE:.0f}s"
"""Times in UTC, and plans for a database that lies in memory or on an SSD: rows looked up by an index instead of whole
tables read, and nothing compiled for statements of milliseconds. Nobody waits for a lock longer than a person would."""


def normalise_url(url: str) -> str:
    """Return ``url`` with our driver; hosting platforms spell it in several ways."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def engine_options(url: str, *, pool_size: int) -> dict[str, Any]:
    """Return ``create_engine`` options for ``url``: a connection for each server thread, UTC, our connection class.

    Errors do not contain statements' values, since these include names and searches, and errors are logged.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return {
            "connect_args": {"factory": GatedConnection, "timeout": 5.0, "check_same_thread": False},
            "hide_parameters": True,
            **({} if _is_memory(make_url(url)) else {"pool_size": pool_size, "max_overflow": 8}),
        }
    return {
        "connect_args": {"options": _POSTGRESQL_OPTIONS},
        "hide_parameters": True,
        "pool_size": pool_size,
        "max_overflow": 8,
    }


def prepare(engine: Engine) -> None:
    """Attach event listeners to the engine. Call it once per engine."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)


def _prepare_sqlite(engine: Engine) -> None:
    gate = None if _is_memory(engine.url) else gate_for(str(engine.url.database))

    @event.listens_for(engine, "connect")
    def settings(dbapi: GatedConnection, _record: ConnectionPoolEntry) -> None:
        dbapi.isolation_level = None  # We begin transactions ourselves, to choose their mode.
        for pragma in (f"busy_timeout={OF_PEOPLE * 1000:.0f}", "foreign_keys=ON", "synchronous=FULL"):
            sqlite_execute(dbapi, f"PRAGMA {pragma}")
        # The file keeps its mode, so only a new file's first connection waits at the gate: others may come to read.
        if gate is not None and sqlite_value(dbapi, "PRAGMA journal_mode") != "wal":
            gate.enter(30.0)
            try:
                sqlite_execute(dbapi, "PRAGMA journal_mode=WAL")
            finally:
                gate.leave()
        dbapi.gate = gate

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        dbapi = connection.connection.dbapi_connection
        options = connection.get_execution_options()
        dbapi.begin(options.get("sqlite_begin", "DEFERRED"), options.get("patience"))  # type: ignore[union-attr]


def sqlite_execute(dbapi: GatedConnection, statement: str) -> None:
    """Run one statement on the raw connection."""
    dbapi.cursor().execute(statement).close()


def sqlite_value(dbapi: GatedConnection, statement: str) -> object:
    """Run one statement on the raw connection and return its only value."""
    cursor = dbapi.cursor().execute(statement)
    [value] = cursor.fetchone()
    cursor.close()
    return value


def _prepare_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Dialect, _record: object, arguments: list[Any], options: dict[str, Any]) -> Any:
        connection = ConfirmedConnection.connect(*arguments, **options)
        connection.reached_by = arguments, options
        return connection

    @event.listens_for(engine, "checkout")
    def replace_closed(dbapi: ConfirmedConnection, _record: object, _fairy: object) -> None:
        if dbapi.is_closed_by_server():
            doubt()
            raise InvalidatePoolError("the server closed the connection while it was idle")

    @event.listens_for(engine, "handle_error")
    def note_loss(context: ExceptionContext) -> None:
        if context.is_disconnect:
            doubt()


def _is_memory(url: URL) -> bool:
    return url.database in (None, "", ":memory:") or "mode=memory" in str(url)
