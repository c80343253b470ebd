"""What an administrator of a store does with its people. The same services as the commands', behind three rules.

Who acts must still be an administrator; a store keeps one who can sign in; and what reaches into other stores is for
those who administer all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.errors import ConflictError, Forbidden, LastAdministrator, UserNotFound, WorksElsewhere
from webapp.domain.roles import Role
from webapp.domain.wording import say
from webapp.models import Membership, User
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of
from webapp.services.people import link_service, membership_service
from webapp.services.people.membership_service import Member
from webapp.services.people.store_lookup import lock_stores


class Administrator(NamedTuple):
    """Who acts, and in which store."""

    user_id: int
    username: str
    store_id: int


class _Job(NamedTuple):
    """A person's role in one store."""

    store_id: int
    role: Role


_JOB = columns_of(_Job, table_of(Membership))


def find_member(db: Session, store_id: int, user_id: int) -> Member:
    """Return a person of the store. Raises UserNotFound, also for a person of other stores only."""
    people = membership_service.list_people(db, store_id, user_id)
    if not people:
        raise UserNotFound
    return people[0]


def works_elsewhere(db: Session, admin: Administrator, user_id: int) -> bool:
    """Return whether the person also works in a store where the administrator is none."""
    administered = {job.store_id for job in _jobs(db, admin.user_id) if job.role is Role.ADMIN}
    return not {job.store_id for job in _jobs(db, user_id)} <= administered


def change_role(db: Session, admin: Administrator, user_id: int, role: Role) -> bool:
    """Give a person another role in the store, which ends their sessions there; return False if they have it."""
    person = _lock(db, admin, user_id, [admin.store_id])
    if role is not Role.ADMIN:
        _keep_an_administrator(db, [admin.store_id], user_id)
    return membership_service.change_role(db, person.store_code or "", person.username, role)


def remove(db: Session, admin: Administrator, user_id: int) -> str:
    """Take a person out of the store; return their name. What they did stays in its trails."""
    person = _lock(db, admin, user_id, [admin.store_id])
    _keep_an_administrator(db, [admin.store_id], user_id)
    membership_service.remove_from_store(db, person.store_code or "", person.username)
    return person.username


def close_account(db: Session, admin: Administrator, user_id: int) -> bool:
    """Close a person's account and end their sessions everywhere; return False if it is closed."""
    person = _lock_everywhere(db, admin, user_id)
    _keep_an_administrator(db, [job.store_id for job in _jobs(db, user_id)], user_id)
    return membership_service.disable(db, person.username)


def open_account(db: Session, admin: Administrator, user_id: int) -> bool:
    """Open a closed account again; return False if it is open."""
    return membership_service.enable(db, _lock_everywhere(db, admin, user_id).username)


def sign_out(db: Session, admin: Administrator, user_id: int) -> None:
    """End every session of a person."""
    membership_service.sign_out(db, _lock_everywhere(db, admin, user_id).username)


def make_password_link(db: Session, admin: Administrator, user_id: int, token_hash: str, expires_at: datetime) -> int:
    """Keep a link with which a person chooses a new password; return its id.

    Nobody makes one for themselves: it would spare them their present password, which a tablet left alone lacks.
    """
    if user_id == admin.user_id:
        raise ConflictError(say("You change your own password in the menu with your name, with the present one."))
    _lock_everywhere(db, admin, user_id)
    return link_service.make_password_link(db, admin.store_id, user_id, token_hash, expires_at, admin.username)


def invite(db: Session, admin: Administrator, username: str, role: Role, token_hash: str, expires_at: datetime) -> int:
    """Keep an invitation to work in the store; return its id."""
    lock_administrator(db, admin)
    return link_service.invite(db, admin.store_id, username, role, token_hash, expires_at, admin.username)


def withdraw(db: Session, admin: Administrator, link_id: int) -> str | None:
    """End an invitation; return the name that it proposed, None if it is over already."""
    lock_administrator(db, admin)
    return link_service.withdraw(db, admin.store_id, link_id)


def lock_administrator(db: Session, admin: Administrator) -> None:
    """Lock the store of who acts. Raises Forbidden if they are no administrator of it any more."""
    lock_stores(db, [admin.store_id])
    _check_acts(db, admin)


def _lock_everywhere(db: Session, admin: Administrator, user_id: int) -> Member:
    """Lock all stores of a person. Raises WorksElsewhere unless who acts administers all of them."""
    person = _lock(db, admin, user_id, [job.store_id for job in _jobs(db, user_id)])
    db.execute(select(User.id).where(User.id == user_id).with_for_update())  # Who joins a store locks the same row.
    if works_elsewhere(db, admin, user_id):
        raise WorksElsewhere
    return person


def _lock(db: Session, admin: Administrator, user_id: int, store_ids: Iterable[int]) -> Member:
    """Lock the stores, then check who acts, and return the person."""
    lock_stores(db, [admin.store_id, *store_ids])
    _check_acts(db, admin)
    return find_member(db, admin.store_id, user_id)


def _check_acts(db: Session, admin: Administrator) -> None:
    """Raise Forbidden if who acts is no administrator any more: another one may have been quicker."""
    if admin.store_id not in {job.store_id for job in _jobs(db, admin.user_id) if job.role is Role.ADMIN}:
        raise Forbidden(say("You are no administrator of this store any more."))


def _keep_an_administrator(db: Session, store_ids: Iterable[int], user_id: int) -> None:
    """Raise LastAdministrator if the person is the only administrator of one of the stores who can sign in."""
    for store_id in store_ids:
        admins = select(Membership.user_id).join(User, User.id == Membership.user_id)
        able = admins.where(Membership.store_id == store_id, Membership.role == Role.ADMIN, User.is_active)
        if set(db.scalars(able)) == {user_id}:
            raise LastAdministrator


def _jobs(db: Session, user_id: int) -> list[_Job]:
    """Return the stores and roles of a person who can sign in, or not."""
    return rows_of(_Job, db.execute(select(*_JOB).where(Membership.user_id == user_id)))
