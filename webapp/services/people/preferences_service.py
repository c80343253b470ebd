"""A person's preferences, stored so that they follow from tablet to tablet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.models import Membership, User


def set_language(db: Session, user_id: int, language: str) -> None:
    """Store the language a person chose. ``language`` is a code that the caller has checked."""
    db.execute(update(User).where(User.id == user_id).values(language=language))


def end_tour(db: Session, store_id: int, user_id: int) -> None:
    """Close the tour of a person's role in a store for good. Closing it again changes nothing visible."""
    _set_tour(db, store_id, user_id, utc_now())


def begin_tour(db: Session, store_id: int, user_id: int) -> None:
    """Show the tour again."""
    _set_tour(db, store_id, user_id, None)


def _set_tour(db: Session, store_id: int, user_id: int, ended_at: datetime | None) -> None:
    person = (Membership.store_id == store_id) & (Membership.user_id == user_id)
    db.execute(update(Membership).where(person).values(tour_ended_at=ended_at))
