"""The signed-in person: who, in which store, with which role. Read from the database on every request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, case, select, true, update
from sqlalchemy.orm import Session

from webapp.domain.roles import Role
from webapp.domain.session_limits import SessionLimits
from webapp.domain.settings import DEFAULTS, StoreSettings, load_settings
from webapp.models import Membership, PersonSession, Store, User
from webapp.models.base import table_of
from webapp.models.database_clock import ago
from webapp.models.database_doubts import number_of_doubts
from webapp.models.prepared import Prepared
from webapp.models.rows import columns_of, rows_of
from webapp.models.setting import settings_of

_users, _stores, _memberships = table_of(User), table_of(Store), table_of(Membership)
_sessions = table_of(PersonSession)

_IS_SEEN_LONG_AGO: Final = ~_sessions.c.seen_at.between(ago(bindparam("seen")), ago(0))
"""Also of a time to come, which a clock that was ahead has left."""


class _Member(NamedTuple):
    """What the database says of a session, and of its person in its store."""

    session_id: int
    is_seen_long_ago: bool
    user_id: int
    username: str
    language: str | None
    store_code: str
    store_name: str
    time_zone: str
    role: Role
    tour_ended_at: datetime | None
    settings: Any
    doubts: int


_LOAD: Final = Prepared(
    select(
        *columns_of(
            _Member,
            _users,
            session_id=_sessions.c.id,
            is_seen_long_ago=_IS_SEEN_LONG_AGO,
            user_id=_sessions.c.user_id,
            store_code=_stores.c.code,
            store_name=_stores.c.name,
            time_zone=_stores.c.time_zone,
            role=_memberships.c.role,
            tour_ended_at=_memberships.c.tour_ended_at,
            settings=settings_of(Store.id),
            doubts=number_of_doubts(),
        )
    )
    .select_from(PersonSession)
    .join(User, User.id == PersonSession.user_id)
    .join(Membership, and_(Membership.store_id == PersonSession.store_id, Membership.user_id == PersonSession.user_id))
    .join(Store, Store.id == PersonSession.store_id)
    .where(
        PersonSession.store_id == bindparam("store_id"),
        PersonSession.token_hash == bindparam("token_hash"),
        PersonSession.seen_at > ago(bindparam("idle")),
        PersonSession.began_at > ago(bindparam("longest")),
        User.is_active == true(),
    )
)

SEEN: Final = (
    update(_sessions)
    .where(_sessions.c.store_id == bindparam("of_store"), _sessions.c.id == bindparam("of_session"), _IS_SEEN_LONG_AGO)
    .values(seen_at=ago(0), began_at=case((_sessions.c.began_at > ago(0), ago(0)), else_=_sessions.c.began_at))
)
"""Sets the time of the last request. A beginning in the future, which a wrong clock has left, becomes the present."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person signed in to one store."""

    session_id: int
    """The session's row."""
    user_id: int
    username: str
    store_id: int
    store_name: str
    role: Role
    language: str | None = None
    """The language the person chose; None means the browser's."""
    time_zone: str = "UTC"
    """The store's IANA time zone."""
    tour_ended: bool = True
    """True when the person has closed their role's tour."""
    store_code: str = ""
    settings: StoreSettings = DEFAULTS
    """The store's settings."""
    is_seen_long_ago: bool = False
    """The time of the last request is to be written again."""
    doubts: int = 0
    """How many doubts there were of what the database shows."""

    @property
    def actor(self) -> str:
        """Return the person's name as the trail shows it."""
        return self.username


def load_signed_in(db: Session, store_id: int, token_hash: str, limits: SessionLimits, seen: int) -> SignedIn | None:
    """Return the person whose session has this token, in one statement; None when the session is over.

    ``seen`` is how many seconds old its time of the last request may get.
    """
    parameters = {"store_id": store_id, "token_hash": token_hash, "seen": seen, **limits._asdict()}
    members = rows_of(_Member, _LOAD.run(db.connection(), parameters))
    if not members:
        return None
    member = members[0]
    return SignedIn(
        session_id=member.session_id,
        user_id=member.user_id,
        username=member.username,
        store_id=store_id,
        store_name=member.store_name,
        store_code=member.store_code,
        role=member.role,
        language=member.language,
        time_zone=member.time_zone,
        tour_ended=member.tour_ended_at is not None,
        settings=load_settings(member.settings),
        is_seen_long_ago=member.is_seen_long_ago,
        doubts=member.doubts,
    )
