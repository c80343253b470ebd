"""A person's session: a row of ``sessions``, and a cookie with its token. The row says whether it has ended."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Final

from flask import current_app, session
from sqlalchemy.orm import Session

from webapp.auth.last_use import write_after_answer
from webapp.auth.signed_in import SEEN, SignedIn, load_signed_in
from webapp.domain.session_limits import SessionLimits

TOKEN: Final = "session"  # noqa: S105 - a key, not a token
"""Session key of ``<store id>_<43 characters>``; the database keeps only the SHA-256 of the token."""

SEEN_SECONDS: Final = 300
"""How old the time of the last request may get before it is written again."""

_TOKEN: Final = re.compile(r"([1-9][0-9]{0,17})_[A-Za-z0-9_-]{43}", re.ASCII)


def new_token(store_id: int) -> tuple[str, str]:
    """Return a token for a new session in a store, and its hash to store."""
    token = f"{store_id}_{secrets.token_urlsafe(32)}"
    return token, _hash(token)


def begin(token: str) -> None:
    """Put the new session's token into the cookie. The old cookie's content, CSRF token included, is discarded."""
    session.clear()
    session.permanent = True
    session[TOKEN] = token


def end() -> None:
    """Forget the token and everything else in the cookie."""
    session.clear()


def present() -> tuple[int, str] | None:
    """Return store and hash of the cookie's token, whether or not its session has ended; None without a token."""
    kept = session.get(TOKEN)
    match = _TOKEN.fullmatch(kept) if isinstance(kept, str) else None
    return (int(match[1]), _hash(match[0])) if match else None


def find_person(db: Session, *, renews: bool) -> SignedIn | None:
    """Return the cookie's person, read from the database; None without a person, or when the session is over.

    With ``renews`` the request is the person's own act, with which the idle time starts over.
    """
    token = present()
    if token is None:
        return None
    person = load_signed_in(db, *token, limits(), SEEN_SECONDS)
    if person and person.is_seen_long_ago and renews:
        write_after_answer(SEEN, {"of_store": person.store_id, "of_session": person.session_id, "seen": SEEN_SECONDS})
    return person


def limits() -> SessionLimits:
    """Return how long a session lasts, as the settings say."""
    idle, longest = current_app.config["SESSION_IDLE"], current_app.config["SESSION_LONGEST"]
    return SessionLimits(int(idle.total_seconds()), int(longest.total_seconds()))


def _hash(token: str) -> str:
    """Return the SHA-256 (hex). A token has 256 random bits and cannot be guessed, so a slow hash is not needed."""
    return hashlib.sha256(token.encode()).hexdigest()
