"""Sets up an empty database: the first store and its first person, with a one-time link that the server prints."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.domain.errors import AlreadySetUp, LinkOver
from webapp.domain.roles import Role
from webapp.models import SetupLink, User
from webapp.models.base import table_of
from webapp.services.people import membership_service
from webapp.services.people.store_lookup import store_with_code
from webapp.services.people.store_settings import change_setting

_links = table_of(SetupLink)


def has_people(db: Session) -> bool:
    """Return whether anybody can sign in, or could once."""
    return db.scalar(select(User.id).limit(1)) is not None


def add_link(db: Session, token_hash: str, expires_at: datetime) -> bool:
    """Keep a link for the set-up; return False, and keep none, once there is a person."""
    if has_people(db):
        return False
    db.execute(delete(_links).where(_links.c.expires_at <= utc_now()))
    db.execute(insert(_links).values(token_hash=token_hash, created_at=utc_now(), expires_at=expires_at))
    return True


def check_link(db: Session, token_hash: str) -> None:
    """Raise LinkOver unless the link still sets the database up."""
    valid = select(_links.c.id).where(_links.c.token_hash == token_hash, _links.c.expires_at > utc_now())
    if db.scalar(valid) is None or has_people(db):
        raise LinkOver


def set_up(
    db: Session,
    token_hash: str,
    *,
    code: str,
    name: str,
    time_zone: str,
    administrator: str,
    manager: str,
    password_hash: str,
    starts_orders: bool = False,
) -> None:
    """Make the first store and its administrator, and end all links. Of several people at once, one does it.

    With a name for a ``manager`` the same person gets a second account: an administrator moves no goods (ADR 0007).
    ``starts_orders``: imported orders are started by themselves.
    Raises LinkOver, AlreadySetUp, InvalidInput, NameTaken for a code that a command gave to another store.
    """
    # Who waits here for another person's set-up finds no link afterwards.
    locked = select(_links.c.token_hash).order_by(_links.c.id).with_for_update()
    db.execute(locked).all()
    if has_people(db):
        raise AlreadySetUp
    check_link(db, token_hash)
    membership_service.create_store(db, code, name, time_zone)
    accounts = [(administrator, Role.ADMIN)] + ([(manager, Role.MANAGER)] if manager else [])
    own = [membership_service.create_user(db, code, one, password_hash, role) for one, role in accounts]
    if db.scalar(select(User.id).where(User.id.not_in(own)).limit(1)) is not None:
        raise AlreadySetUp  # A command added a person in this very moment.
    if starts_orders and (store := store_with_code(db, code)):
        change_setting(db, store.id, "start_imported_orders", "yes", administrator)
    db.execute(delete(_links))
