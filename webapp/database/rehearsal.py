"""Tries a change out: the same work in the same kind of transaction, of which nothing stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from sqlalchemy.orm import Session

from webapp.database.unit_of_work import Once, Outcome, unit_of_work

T = TypeVar("T")


class _Rehearsed(Exception):
    """Ends the transaction of a rehearsal; carries what the work returned."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


def rehearse(session: Session, work: Callable[[Session], T], once: Once | None, patience: float) -> Outcome[T]:
    """Return what ``unit_of_work`` would return, and roll everything back. Raises what it would raise."""

    def tried(db: Session) -> NoReturn:
        result = work(db)
        db.flush()  # The database has its say, as before a COMMIT.
        raise _Rehearsed(result)

    try:
        return unit_of_work(session, tried, once, patience)
    except _Rehearsed as rehearsed:
        return Outcome(rehearsed.result)
