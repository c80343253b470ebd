"""The session of a person: a signed cookie that names who works where, until hours without a request end it."""

from __future__ import annotations

from time import time
from typing import Final

from flask import session
from sqlalchemy.orm import Session

from webapp.auth.signed_in import SignedIn, load_signed_in

PERSON: Final = "_user_id"
"""Key of ``SignedIn.session_id``."""
RENEWED: Final = "renewed"
"""Key of when the session was last signed, in seconds since 1970."""
RENEW_SECONDS: Final = 300


def begin(person: SignedIn) -> None:
    """Start a session of this person. The old one goes as a whole, and with it its CSRF token."""
    session.clear()
    session.permanent = True
    session[PERSON] = person.session_id


def end() -> None:
    """Forget the person and all else that the session held."""
    session.clear()


def find_person(db: Session) -> SignedIn | None:
    """Return the person of this request's session, looked up anew; None when there is none, or the session is over."""
    session_id = session.get(PERSON)
    person = load_signed_in(db, session_id) if session_id else None
    if person:
        _renew()
    return person


def _renew() -> None:
    """Sign the session anew every few minutes, so that it ends hours after the last request, not after the first.

    Not at each request: signing takes time, and the cookie a quarter of a small answer.
    """
    now = int(time())
    if now - session.get(RENEWED, 0) >= RENEW_SECONDS:
        session[RENEWED] = now
