"""Lets a person in: gives the browser a session of its own, and takes it away at sign-out."""

from __future__ import annotations

from typing import Final

from flask import g, request, session
from sqlalchemy.orm import Session

from webapp.auth import person_session
from webapp.auth.accounts import Account, Workplace
from webapp.auth.errors import NotSignedIn
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.devices import device_words
from webapp.domain.wording import say
from webapp.extensions import db
from webapp.services.people import session_service
from webapp.services.people.session_service import NewSession, OldSession

SEVERAL_STORES: Final = "several_stores"
"""Session key: the person works in several stores, so the header can offer a change without a query."""

_NOT_ANY_MORE: Final = say("Sign in to go on.")


def begin(account: Account, store_id: int | None = None) -> Workplace:
    """Begin a session after the right password, in a store of the person's, or without ``store_id`` in the first.

    Raises NotSignedIn if they may not sign in any more.
    """
    chosen = (one for one in account.workplaces if one.store_id == store_id)
    workplace = next(chosen, account.workplaces[0])
    token, new = _new_session(account.user_id, workplace)
    limits, old = person_session.limits(), _old_session()

    def work(db: Session) -> bool:
        return session_service.begin_session(db, new, limits, account.session_epoch, old)

    if not unit_of_work(db.session(), work).result:
        raise NotSignedIn(_NOT_ANY_MORE)
    _give(token, account.workplaces)
    return workplace


def move(workplaces: tuple[Workplace, ...], workplace: Workplace) -> None:
    """Go on in another of the signed-in person's stores. Raises NotSignedIn if the session ended meanwhile."""
    token, new = _new_session(g.signed_in.user_id, workplace)
    old = _old_session()
    if old is None or not unit_of_work(db.session(), lambda db: session_service.move_session(db, new, old)).result:
        raise NotSignedIn(_NOT_ANY_MORE)
    _give(token, workplaces)


def leave() -> None:
    """End the browser's session. If the database cannot say so, the cookie stays, to be sent again."""
    if old := _old_session():
        unit_of_work(db.session(), lambda db: session_service.sign_out(db, old))
    person_session.end()


def _new_session(user_id: int, workplace: Workplace) -> tuple[str, NewSession]:
    token, token_hash = person_session.new_token(workplace.store_id)
    return token, NewSession(user_id, workplace.store_id, token_hash, device_words(request.user_agent.string))


def _old_session() -> OldSession | None:
    """Return the session that this browser has or had."""
    present = person_session.present()
    return OldSession(*present) if present else None


def _give(token: str, workplaces: tuple[Workplace, ...]) -> None:
    person_session.begin(token)
    note_stores(workplaces)


def note_stores(workplaces: tuple[Workplace, ...]) -> None:
    """Let the header offer a change of stores to who works in several."""
    if len(workplaces) > 1:
        session[SEVERAL_STORES] = True
