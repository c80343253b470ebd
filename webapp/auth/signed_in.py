"""The signed-in person: who, in which store, with which role. Read from the database on every request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select, true
from sqlalchemy.orm import Session

from webapp.domain.roles import Role
from webapp.domain.settings import DEFAULTS, StoreSettings, load_settings
from webapp.models import Membership, Store, User
from webapp.models.setting import settings_of

_LOAD: Final = (
    select(
        User.username,
        User.language,
        Store.name,
        Store.time_zone,
        Membership.role,
        Membership.tour_ended_at,
        settings_of(Store.id).label("settings"),
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
    row = db.connection().execute(_LOAD, parameters).one_or_none()
    if row is None:
        return None
    return SignedIn(
        user_id=user_id,
        session_epoch=session_epoch,
        username=row.username,
        store_id=store_id,
        store_name=row.name,
        role=row.role,
        language=row.language,
        time_zone=row.time_zone,
        tour_ended=row.tour_ended_at is not None,
        settings=load_settings(row.settings),
    )
