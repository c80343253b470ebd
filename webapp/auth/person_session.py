"""A person's session: a signed cookie that names person and store, and expires after hours without a request."""

from __future__ import annotations

from time import time
from typing import Final

from flask import session
from sqlalchemy.orm import Session

from webapp.auth.signed_in import SignedIn, load_signed_in

PERSON: Final = "_user_id"
"""Session key of ``SignedIn.session_id``."""
RENEWED: Final = "renewed"
"""Session key of the time it was last signed, in seconds since 1970."""
RENEW_SECONDS: Final = 300


def begin(person: SignedIn) -> None:
    """Start this person's session. The old session's data, CSRF token included, is discarded."""
    session.clear()
    session.permanent = True
    session[PERSON] = person.session_id


def end() -> None:
    """Forget the person and everything else in the session."""
    session.clear()


def find_person(db: Session) -> SignedIn | None:
    """Return the session's person, read from the database; None without a person, or when the session is over."""
    session_id = session.get(PERSON)
    person = load_signed_in(db, session_id) if session_id else None
    if person:
        _renew()
    return person


def _renew() -> None:
    """Sign the session again every few minutes, so that it expires hours after the last request, not after the first.

    Not on every request: signing takes time, and the cookie is a quarter of a small response.
    """
    now = int(time())
    if now - session.get(RENEWED, 0) >= RENEW_SECONDS:
        session[RENEWED] = now
