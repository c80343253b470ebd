"""Run one change of stock or orders: all of it or none of it, once per idempotency key."""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from webapp.database.doubts import end_doubt, in_doubt, present_doubt
from webapp.database.durability import postgresql_connection, write_mark
from webapp.database.key_checksums import checksum_of
from webapp.database.outages import Outage, outage_of
from webapp.database.patience import OF_PEOPLE
from webapp.database.postgresql_connection import ConfirmedConnection
from webapp.domain.clock import utc_now
from webapp.domain.errors import Busy, IdempotencyKeyOfAnother, IdempotencyKeyReused, PackbenchError, Unavailable
from webapp.domain.operation_ids import new_operation_id
from webapp.domain.wording import say
from webapp.models import IdempotencyKey
from webapp.models.base import table_of
from webapp.models.prepared import Prepared

T = TypeVar("T")

_ATTEMPTS = 6
_SERIALIZATION_FAILURE, _DEADLOCK, _LOCK_TIMEOUT = "40001", "40P01", "55P03"
OPERATION = "operation_id"
"""Key in ``Session.info`` of the operation id that joins the rows of one request."""


_KEYS = table_of(IdempotencyKey)
_NEW_KEY = ("store_id", "key", "actor", "fingerprint", "operation_id", "created_at", "status", "checksum")
_TAKE_KEY = {
    name: Prepared(
        dialect.insert(_KEYS)
        .values({column: bindparam(column, type_=_KEYS.c[column].type) for column in _NEW_KEY})
        .on_conflict_do_nothing()
        .returning(_KEYS.c.key)
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_ANSWER = Prepared(
    update(_KEYS)
    .where(_KEYS.c.store_id == bindparam("of_store"), _KEYS.c.key == bindparam("of_key"))
    .values(status=bindparam("status"), result=bindparam("result"), checksum=bindparam("checksum"))
)
# Built once: each change of stock runs both.


@dataclass(frozen=True)
class Once:
    """An idempotency key in use: ``key`` with ``fingerprint`` has its effect once in a store, for ``actor``."""

    store_id: int
    key: str
    actor: str
    fingerprint: str
    keep_refusals: bool = False
    """Store a refusal (4xx) as the answer too: the JSON API replays the first answer, whatever it was."""
    of_anybody: bool = False
    """The key may be used by any actor: a file is imported once, no matter by whom."""


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """The result of the work; for a repeated key the first request's answer."""

    result: T
    replayed: bool = False
    status: int = 200


def fingerprint(*parts: Any) -> str:
    """Return the SHA-256 (hex) of a request's parts: method, path and body, as canonical JSON."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def unit_of_work(
    session: Session, work: Callable[[Session], T], once: Once | None = None, patience: float = OF_PEOPLE
) -> Outcome[T]:
    """Run ``work`` in one transaction that holds the write lock, commit once, and return its outcome.

    ``work`` flushes and never commits. It may run again: a deadlock or a serialization failure is retried up to six
    times. With ``once``, the same transaction takes the key, and ``work`` must return something that JSON can hold. A
    repeat waits for the first request and returns its answer; the same key with a different request raises
    IdempotencyKeyReused; the same request by another actor raises IdempotencyKeyOfAnother. Raises what ``work`` raises,
    after a rollback; Busy when a lock does not come within ``patience`` seconds; Unavailable when it is unknown whether
    the COMMIT succeeded.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _attempt(session, work, once, patience)
        except PackbenchError as refusal:
            session.rollback()
            if (
                once
                and once.keep_refusals
                and 400 <= refusal.status < 500
                and not isinstance(refusal, IdempotencyKeyReused)
            ):
                return _keep_refusal(session, once, refusal)
            raise
        except DBAPIError as error:
            session.rollback()
            if getattr(error.orig, "sqlstate", None) == _LOCK_TIMEOUT:
                raise Busy from error
            if attempt == _ATTEMPTS or not _may_retry(error):
                raise
            time.sleep(random.uniform(0.002, 0.02) * attempt)  # noqa: S311 - jitter, not a secret
        except BaseException:
            session.rollback()
            raise
    raise AssertionError("unreachable")  # pragma: no cover


def begin_write(session: Session, patience: float = OF_PEOPLE, once: Once | None = None) -> None:
    """Begin a transaction that writes; on SQLite it takes the write lock at once.

    Its operation's id tells whether ``once`` has a key for it. Raises Busy when the lock does not come within
    ``patience`` seconds.
    """
    session.rollback()  # Loading the user has already begun a read.
    check_patience = getattr(session, "check_patience", None)  # Only a request's own session has it.
    if check_patience:
        check_patience()
    session.info[OPERATION] = new_operation_id(once.key if once else None)
    try:
        connection = session.connection(execution_options={"sqlite_begin": "IMMEDIATE", "patience": patience})
        if patience != OF_PEOPLE and connection.dialect.name == "postgresql":  # Theirs is the connection's own.
            _be_patient(patience).run(connection, {})
    except BaseException as error:
        del session.info[OPERATION]
        # Our own BEGIN raised it, so SQLAlchemy does not wrap it.
        if isinstance(error, sqlite3.OperationalError) and outage_of(error) is Outage.BUSY:
            raise Busy from error
        raise


@cache
def _be_patient(seconds: float) -> Prepared:
    return Prepared(text(f"SET LOCAL lock_timeout = '{seconds * 1000:.0f}ms'"))


def operation_id(session: Session) -> str:
    """Return the id of the open unit of work; a new id when the caller runs without one."""
    return str(session.info.get(OPERATION) or new_operation_id())


def _attempt(session: Session, work: Callable[[Session], T], once: Once | None, patience: float) -> Outcome[T]:
    begin_write(session, patience, once)
    try:
        key = _take_key_or_replay(session, once) if once else None
        if isinstance(key, Outcome):
            _commit(session, with_mark=True)
            return key
        result = work(session)
        session.flush()
        if key and result is not None:  # A new key already stands at status 200 without a result.
            _store(session, key, 200, result)
        _commit(session)
        return Outcome(result)
    finally:
        session.info.pop(OPERATION, None)


Key = dict[str, Any]
"""The values of a key's row without its answer."""


def _take_key_or_replay(session: Session, once: Once) -> Outcome[Any] | Key:
    """Insert the key and return its values, or return the first request's answer if the key exists."""
    key = {
        "store_id": once.store_id,
        "key": once.key,
        "actor": once.actor,
        "fingerprint": once.fingerprint,
        "operation_id": session.info[OPERATION],
        "created_at": utc_now(),
    }
    while not _take_key(session, key):
        if replay := _replay(session, once):
            return replay
        # An old key, deleted between the two statements.
    return key


def _take_key(session: Session, key: Key) -> bool:
    """Insert the key; return False when it exists. On PostgreSQL this waits for a first request that is still open."""
    take = _TAKE_KEY[session.get_bind().dialect.name]
    new = key | {"status": 200}
    new["checksum"] = checksum_of(new | {"result": None})
    return bool(take.run(session.connection(), new).rows)


def _store(session: Session, key: Key, status: int, result: Any) -> None:
    answer = {"status": status, "result": result}
    named = {"of_store": key["store_id"], "of_key": key["key"], "checksum": checksum_of(key | answer)}
    _ANSWER.run(session.connection(), answer | named)


def _replay(session: Session, once: Once) -> Outcome[Any] | None:
    first = session.execute(
        select(IdempotencyKey.actor, IdempotencyKey.fingerprint, IdempotencyKey.status, IdempotencyKey.result).where(
            IdempotencyKey.store_id == once.store_id, IdempotencyKey.key == once.key
        )
    ).one_or_none()
    if first is None:
        return None
    if first.fingerprint != once.fingerprint:
        raise IdempotencyKeyReused
    if first.actor != once.actor and not once.of_anybody:
        raise IdempotencyKeyOfAnother
    return Outcome(first.result, replayed=True, status=first.status)


def _keep_refusal(session: Session, once: Once, refusal: PackbenchError) -> Outcome[Any]:
    """Store the refusal as the key's answer and raise it; an answer stored in the meantime wins."""
    begin_write(session, once=once)
    try:
        key = _take_key_or_replay(session, once)
        if not isinstance(key, Outcome):
            problem = {"code": refusal.code, "message": refusal.message, "data": refusal.data}
            _store(session, key, refusal.status, json.loads(json.dumps(problem, default=str)))
            _commit(session)
            raise refusal
        _commit(session, with_mark=True)
    finally:
        session.rollback()
        session.info.pop(OPERATION, None)
    return key


def _commit(session: Session, *, with_mark: bool = False) -> None:
    """Commit. Raises Unavailable when the outcome is unknown (connection lost, standby not confirmed).

    A transaction that changed nothing waits for nothing; ``with_mark`` lets it wait until what it read is durable, as a
    new commit would. So does a doubt (ADR 0022).
    """
    connection, moment = session.connection(), present_doubt()
    postgresql = postgresql_connection(connection)
    if with_mark or in_doubt():
        write_mark(connection)
    try:
        session.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            _tell_others(postgresql)
            raise _unknown_outcome() from error
        raise
    if postgresql and postgresql.in_doubt:
        _tell_others(postgresql)
        raise _unknown_outcome()
    end_doubt(moment)


def _tell_others(postgresql: ConfirmedConnection | None) -> None:
    if postgresql:
        postgresql.tell_others()


def _unknown_outcome() -> Unavailable:
    return Unavailable(
        say("The database did not confirm the change. Send the same request again: it is safe to repeat.")
    )


def _may_retry(error: DBAPIError) -> bool:
    """Return whether nothing of the transaction can have been committed and a retry may succeed."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in (
        _SERIALIZATION_FAILURE,
        _DEADLOCK,
    )
