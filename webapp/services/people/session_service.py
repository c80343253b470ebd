"""Begins, lists and ends the sessions of people. Times are the database's, so servers may disagree about theirs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select
from sqlalchemy.orm import Session

from webapp.domain.session_limits import SessionLimits
from webapp.models import Membership, PersonSession, Store, User
from webapp.models.base import table_of
from webapp.models.database_clock import ago
from webapp.models.rows import columns_of, rows_of

MOST_LISTED: Final = 200
"""Sessions on a page, those seen last first."""

_KEPT_LONGER: Final = 7 * 24 * 3600
"""Seconds that a row stays after its session is over: a clock that was wrong for a while ends nothing for good."""

_sessions = table_of(PersonSession)


class OldSession(NamedTuple):
    """The session that a browser had before: its store, and the hash of its token."""

    store_id: int
    token_hash: str


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a browser is about to have: the hash of a new token, and the words for the device."""

    user_id: int
    store_id: int
    token_hash: str
    device: str


class OpenSession(NamedTuple):
    """A session that is not over, as a list shows it."""

    id: int
    username: str
    store_name: str
    device: str
    began_at: datetime
    seen_at: datetime
    last_sign_in_at: datetime | None
    """The person's, in whatever browser; likewise the one before."""
    earlier_sign_in_at: datetime | None


def begin_session(
    db: Session, new: NewSession, limits: SessionLimits, session_epoch: int, old: OldSession | None = None
) -> bool:
    """Begin a session after the right password, in place of the browser's old one. Locks the person.

    Return False if the person may not sign in any more: since the password was checked, somebody changed it, closed the
    account, signed the person out or ended the membership.
    """
    query = select(User.session_epoch).where(User.id == new.user_id, User.is_active).with_for_update(key_share=True)
    if db.scalar(query) != session_epoch or not _is_member(db, new):
        return False
    if old:
        _remove(db, old)
    _forget_old_sessions(db, new.store_id, limits)
    db.execute(insert(_sessions).values(**asdict(new), began_at=ago(0), seen_at=ago(0)))
    return True


def move_session(db: Session, new: NewSession, old: OldSession) -> bool:
    """Go on in another store, as long as the old session would have lasted. Locks the person.

    Return False if the old session or the membership has ended.
    """
    _lock(db, new.user_id)
    began_at = _remove(db, old)
    if began_at is None or not _is_member(db, new):
        return False
    db.execute(insert(_sessions).values(**asdict(new), began_at=began_at, seen_at=ago(0)))
    return True


def sign_out(db: Session, old: OldSession) -> None:
    """End the session of a browser; none has no effect."""
    _remove(db, old)


def end_session(db: Session, session_id: int, user_id: int, store_id: int | None) -> str | None:
    """End a session: the person's own, or with ``store_id`` anybody's of that store.

    Return the name of who was signed in; None if there is no such session.
    """
    allowed = _sessions.c.user_id == user_id
    if store_id is not None:
        allowed = or_(allowed, _sessions.c.store_id == store_id)
    ended = delete(_sessions).where(_sessions.c.id == session_id, allowed)
    person = db.scalar(ended.returning(_sessions.c.user_id))
    return None if person is None else db.scalar(select(User.username).where(User.id == person))


def end_other_sessions(db: Session, user_id: int, session_id: int) -> int:
    """End all sessions of a person but this one; return how many. Locks the person."""
    _lock(db, user_id)
    others = delete(_sessions).where(_sessions.c.user_id == user_id, _sessions.c.id != session_id)
    return len(db.execute(others.returning(_sessions.c.id)).all())


def list_own(db: Session, user_id: int, limits: SessionLimits) -> list[OpenSession]:
    """Return a person's sessions in all stores, the one seen last first."""
    return _list(db, _sessions.c.user_id == user_id, limits)


def list_others(db: Session, store_id: int, user_id: int, limits: SessionLimits) -> list[OpenSession]:
    """Return everybody else's sessions in a store, the one seen last first."""
    return _list(db, and_(_sessions.c.store_id == store_id, _sessions.c.user_id != user_id), limits)


def _list(db: Session, which: ColumnElement[bool], limits: SessionLimits) -> list[OpenSession]:
    of_user = {name: table_of(User).c[name] for name in ("username", "last_sign_in_at", "earlier_sign_in_at")}
    names = {**of_user, "store_name": table_of(Store).c.name}
    result = db.execute(
        select(*columns_of(OpenSession, _sessions, **names))
        .join(User, User.id == _sessions.c.user_id)
        .join(Store, Store.id == _sessions.c.store_id)
        .where(which, User.is_active, _are_kept(limits))
        .order_by(_sessions.c.seen_at.desc(), _sessions.c.id.desc())
        .limit(MOST_LISTED)
    )
    return rows_of(OpenSession, result)


def _are_kept(limits: SessionLimits, longer: int = 0) -> ColumnElement[bool]:
    """Return the condition of sessions that are within both limits, or not over for so many seconds more."""
    return and_(_sessions.c.seen_at > ago(limits.idle + longer), _sessions.c.began_at > ago(limits.longest + longer))


def _lock(db: Session, user_id: int) -> None:
    """Lock a person, as everything does that begins or ends several of their sessions."""
    db.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def _is_member(db: Session, new: NewSession) -> bool:
    of_person = and_(Membership.store_id == new.store_id, Membership.user_id == new.user_id)
    return db.scalar(select(Membership.id).where(of_person)) is not None


def _remove(db: Session, old: OldSession) -> datetime | None:
    """Delete a browser's session; return when it began, None if there is none."""
    of_browser = and_(_sessions.c.store_id == old.store_id, _sessions.c.token_hash == old.token_hash)
    began_at: datetime | None = db.execute(delete(_sessions).where(of_browser).returning(_sessions.c.began_at)).scalar()
    return began_at


def _forget_old_sessions(db: Session, store_id: int, limits: SessionLimits) -> None:
    db.execute(delete(_sessions).where(_sessions.c.store_id == store_id, ~_are_kept(limits, _KEPT_LONGER)))
