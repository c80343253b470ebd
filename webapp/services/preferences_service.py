"""What a person prefers, kept for good: it follows them from tablet to tablet."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.models import User


def set_language(db: Session, user_id: int, language: str) -> None:
    """Keep the language a person chose. ``language`` is a code that the caller has checked."""
    db.execute(update(User).where(User.id == user_id).values(language=language))
