"""The signed-in person: who, in which store, with which role. Read from the database on every request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, select, true
from sqlalchemy.orm import Session

from webapp.domain.roles import Role
from webapp.domain.settings import DEFAULTS, StoreSettings, load_settings
from webapp.models import Membership, Store, User
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of
from webapp.models.setting import settings_of

_users, _stores, _memberships = table_of(User), table_of(Store), table_of(Membership)


class _Member(NamedTuple):
    """What the database says of a person in a store."""

    username: str
    language: str | None
    store_name: str
    time_zone: str
    role: Role
    tour_ended_at: datetime | None
    settings: Any


_LOAD: Final = (
    select(
        *columns_of(
            _Member,
            _users,
            store_name=_stores.c.name,
            time_zone=_stores.c.time_zone,
            role=_memberships.c.role,
            tour_ended_at=_memberships.c.tour_ended_at,
            settings=settings_of(Store.id),
        )
    )
    .join(Membership, Membership.user_id == User.id)
    .join(Store, Store.id == Membership.store_id)
    .where(
        User.id == bindparam("user_id"),
        User.session_epoch == bindparam("session_epoch"),
        User.is_active == true(),
        Membership.store_id == bindparam("store_id"),
    )
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person signed in to one store."""

    user_id: int
    session_epoch: int
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
    settings: StoreSettings = DEFAULTS
    """The store's settings."""

    @property
    def actor(self) -> str:
        """Return the person's name as the trail shows it."""
        return self.username

    @property
    def session_id(self) -> str:
        """Return the text that the session cookie carries: user, store, and a number that a new password changes."""
        return f"{self.user_id}:{self.store_id}:{self.session_epoch}"


def load_signed_in(db: Session, session_id: str) -> SignedIn | None:
    """Return the person of a ``SignedIn.session_id``, in one statement.

    None when the session is over: the password changed, the membership or the account ended, or the id is malformed.
    """
    try:
        user_id, store_id, session_epoch = map(int, session_id.split(":"))
    except ValueError:
        return None
    parameters = {"user_id": user_id, "store_id": store_id, "session_epoch": session_epoch}
    members = rows_of(_Member, db.connection().execute(_LOAD, parameters))
    if not members:
        return None
    member = members[0]
    return SignedIn(
        user_id=user_id,
        session_epoch=session_epoch,
        username=member.username,
        store_id=store_id,
        store_name=member.store_name,
        role=member.role,
        language=member.language,
        time_zone=member.time_zone,
        tour_ended=member.tour_ended_at is not None,
        settings=load_settings(member.settings),
    )
