"""One-time links of a store: somebody is invited to work there, or chooses a new password. Each link works once.

Who uses a link takes its row away in the same transaction as what it is for: of two at once, one wins.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import String, and_, delete, func, insert, or_, select, type_coerce
from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.domain.errors import LinkOver, NameTaken
from webapp.domain.names import read_username
from webapp.domain.roles import Role
from webapp.domain.wording import say
from webapp.models import OneTimeLink, Store, User
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of
from webapp.services.people import membership_service

_links = table_of(OneTimeLink)


class OpenInvitation(NamedTuple):
    """An invitation that nobody has used yet."""

    id: int
    username: str
    role: Role
    made_by: str
    created_at: datetime
    expires_at: datetime


class OpenLink(NamedTuple):
    """What a valid link is for: a role in the store under a name that it proposes, or a person's new password."""

    id: int
    store_id: int
    store_code: str
    store_name: str
    username: str
    role: Role | None
    user_id: int | None
    made_by: str
    expires_at: datetime


_role = type_coerce(_links.c.role, _links.c.role.type)
_proposed = type_coerce(_links.c.username, String)

_OPEN_LINK: Final = (
    select(
        *columns_of(
            OpenLink,
            _links,
            store_code=table_of(Store).c.code,
            store_name=table_of(Store).c.name,
            username=func.coalesce(_links.c.username, table_of(User).c.username),
        )
    )
    .join(Store, Store.id == _links.c.store_id)
    .outerjoin(User, User.id == _links.c.user_id)
    .where(or_(_links.c.user_id.is_(None), User.is_active))
)


def invite(
    db: Session, store_id: int, username: str, role: Role, token_hash: str, expires_at: datetime, actor: str
) -> int:
    """Keep an invitation to work in the store; return its id. Raises InvalidInput for a name nobody may have.

    Use the occasion to delete those of the store that have ended.
    """
    db.execute(delete(_links).where(_links.c.store_id == store_id, _links.c.expires_at <= utc_now()))
    return _add(db, store_id, token_hash, expires_at, actor, username=read_username(username), role=role)


def make_password_link(
    db: Session, store_id: int, user_id: int, token_hash: str, expires_at: datetime, actor: str
) -> int:
    """Keep a link with which a person of the store chooses a new password, in place of earlier ones; return its id."""
    db.execute(delete(_links).where(_links.c.store_id == store_id, _links.c.user_id == user_id))
    return _add(db, store_id, token_hash, expires_at, actor, user_id=user_id)


def withdraw(db: Session, store_id: int, link_id: int) -> str | None:
    """End an invitation; return the name that it proposed, None if it is used, over or withdrawn already."""
    invitation = and_(_links.c.store_id == store_id, _links.c.id == link_id, _links.c.role.is_not(None))
    return db.scalar(delete(_links).where(invitation).returning(_links.c.username))


def list_invitations(db: Session, store_id: int) -> list[OpenInvitation]:
    """Return the store's invitations that are still valid, the newest first."""
    are_open = and_(_links.c.store_id == store_id, _links.c.role.is_not(None), _links.c.expires_at > utc_now())
    rows = select(*columns_of(OpenInvitation, _links, role=_role, username=_proposed)).where(are_open)
    return rows_of(OpenInvitation, db.execute(rows.order_by(_links.c.id.desc())))


def find_link(db: Session, store_id: int, token_hash: str) -> OpenLink:
    """Return what a link is for. Raises LinkOver if it is unknown, used, over or withdrawn, or its person's account is
    closed."""
    valid = and_(_links.c.store_id == store_id, _links.c.token_hash == token_hash, _links.c.expires_at > utc_now())
    links = rows_of(OpenLink, db.execute(_OPEN_LINK.where(valid)))
    if not links:
        raise LinkOver
    return links[0]


def accept_invitation(db: Session, store_id: int, token_hash: str, username: str, password_hash: str) -> int:
    """Use an invitation for a new person; return their id. Raises LinkOver, InvalidInput, NameTaken."""
    link = _take(db, store_id, token_hash)
    if link.role is None:
        raise LinkOver
    user_id = membership_service.create_user(db, link.store_code, username, password_hash, link.role)
    membership_service.note_sign_in(db, user_id)
    return user_id


def join_store(db: Session, store_id: int, token_hash: str, username: str) -> None:
    """Use an invitation for somebody who is signed in already. Raises LinkOver, NameTaken if they work there."""
    link = _take(db, store_id, token_hash)
    if link.role is None:
        raise LinkOver
    if not membership_service.add_to_store(db, link.store_code, username, link.role):
        raise NameTaken(say("You work in this store already. Give the link to whom it is for."))


def choose_password(db: Session, store_id: int, token_hash: str, password_hash: str) -> None:
    """Use a link for a person's new password, which ends all their sessions. Raises LinkOver."""
    link = _take(db, store_id, token_hash)
    if link.user_id is None:
        raise LinkOver
    membership_service.set_password(db, link.username, password_hash)
    membership_service.note_sign_in(db, link.user_id)


def _take(db: Session, store_id: int, token_hash: str) -> OpenLink:
    """Take a link's row away; who comes second finds none. Raises LinkOver."""
    link = find_link(db, store_id, token_hash)
    taking = delete(_links).where(_links.c.store_id == store_id, _links.c.id == link.id)
    if db.scalar(taking.returning(_links.c.id)) is None:
        raise LinkOver
    return link


def _add(db: Session, store_id: int, token_hash: str, expires_at: datetime, actor: str, **what: object) -> int:
    new = {"store_id": store_id, "token_hash": token_hash, "made_by": actor, "expires_at": expires_at, **what}
    link_id: int = db.execute(insert(_links).values(**new, created_at=utc_now()).returning(_links.c.id)).scalar_one()
    return link_id
