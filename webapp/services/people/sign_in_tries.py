"""Counts failed sign-ins in the database, for all server processes together.

A try is counted before its password is checked, and taken back when the password was right: a hundred tries at the same
moment are not more than the limit either (ADR 0023).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.clock import utc_now
from webapp.domain.errors import TooManyTries
from webapp.domain.sign_in_limits import Counter, longest, seconds_to_wait
from webapp.models import SignInTries
from webapp.models.base import table_of

_TRIES: Final = table_of(SignInTries)
_PRUNED_AT_ONCE: Final = 100
"""Rows; a try adds at most three."""


def check_tries(db: Session, counters: Sequence[Counter]) -> None:
    """Raise TooManyTries if a limit is reached. Locks nothing, so a flood of tries writes nothing."""
    kept = db.execute(select(_TRIES.c.key, _TRIES.c.tries).where(_TRIES.c.key.in_([one.key for one in counters])))
    _refuse_when_full(counters, {row.key: row.tries for row in kept}, utc_now().timestamp())


def count_try(db: Session, counters: Sequence[Counter]) -> float:
    """Count one try for each counter and return its time, for ``uncount_try``. Locks the counters.

    Raises TooManyTries, and counts nothing, if a limit is reached.
    """
    now = utc_now()
    at = now.timestamp()
    kept = _lock(db, [one.key for one in counters], now)
    _refuse_when_full(counters, kept, at)
    for one in counters:
        recent = [earlier for earlier in kept[one.key] if earlier > at - longest(one.limits)]
        _set(db, one.key, [*recent, at])
    _prune(db, now - timedelta(seconds=max(longest(one.limits) for one in counters)))
    return at


def uncount_try(db: Session, counters: Sequence[Counter], at: float) -> None:
    """Take back the try of time ``at``: its password was right. Other tries stay."""
    for key, tries in _lock(db, [one.key for one in counters], utc_now()).items():
        if at in tries:
            tries.remove(at)
        _set(db, key, tries)


def _refuse_when_full(counters: Iterable[Counter], kept: dict[str, list[float]], now: float) -> None:
    wait = max(seconds_to_wait(kept.get(one.key, []), one.limits, now) for one in counters)
    if wait > 0:
        raise TooManyTries(wait)


def _lock(db: Session, keys: Sequence[str], now: datetime) -> dict[str, list[float]]:
    """Return the tries by key, each row locked and made if it is missing; in one order, so that nobody deadlocks."""
    rows = [{"key": key, "tries": [], "last_try_at": now} for key in sorted(set(keys))]
    add = insert_into(db, _TRIES).values(rows)
    # An update of the row that is there waits for its lock, and for a row that is being pruned.
    locked = add.on_conflict_do_update(index_elements=["key"], set_={"last_try_at": add.excluded.last_try_at})
    return {row.key: list(row.tries) for row in db.execute(locked.returning(_TRIES.c.key, _TRIES.c.tries))}


def _set(db: Session, key: str, tries: list[float]) -> None:
    db.execute(update(_TRIES).where(_TRIES.c.key == key).values(tries=tries))


def _prune(db: Session, before: datetime) -> None:
    """Delete some rows that no limit looks at any more."""
    old = select(_TRIES.c.key).where(_TRIES.c.last_try_at < before).limit(_PRUNED_AT_ONCE)
    db.execute(delete(_TRIES).where(_TRIES.c.key.in_(old.with_for_update(skip_locked=True))))
