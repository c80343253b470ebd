"""The page of sessions: where a person is signed in, and for an administrator who else is in the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from webapp.languages import _
from webapp.presenters.phrases.moments import Moment, moment


class Session(Protocol):
    """What the page reads of a session."""

    @property
    def id(self) -> int: ...
    @property
    def username(self) -> str: ...
    @property
    def store_name(self) -> str: ...
    @property
    def device(self) -> str: ...
    @property
    def began_at(self) -> datetime: ...
    @property
    def seen_at(self) -> datetime: ...
    @property
    def last_sign_in_at(self) -> datetime | None: ...
    @property
    def earlier_sign_in_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One browser in which somebody is signed in."""

    id: int
    title: str
    place: str
    began: Moment
    seen: Moment
    is_here: bool
    sign_out: str
    """What its button does, in full, for those who do not see the row."""


@dataclass(frozen=True, slots=True)
class SessionListScreen:
    own: Sequence[SessionRow]
    others: Sequence[SessionRow] | None
    """Everybody else's in the store; None for those who may not see them."""
    store_name: str
    last: Moment | None
    """When the person last gave their password; None for never."""
    earlier: Moment | None
    """When they did before that, so that they notice a sign-in that was not theirs."""

    @property
    def is_elsewhere(self) -> bool:
        """Return whether the person is signed in in another browser as well."""
        return any(not row.is_here for row in self.own)


def present_sessions(
    own: Sequence[Session], others: Iterable[Session] | None, session_id: int, store_name: str, now: datetime
) -> SessionListScreen:
    """Return the person's sessions, the one of this browser first, the others', and the last two sign-ins."""
    rows = sorted((_own(one, session_id, now) for one in own), key=lambda row: not row.is_here)
    return SessionListScreen(
        own=rows,
        others=None if others is None else [_other(one, now) for one in others],
        store_name=store_name,
        last=next((moment(one.last_sign_in_at, now) for one in own if one.last_sign_in_at), None),
        earlier=next((moment(one.earlier_sign_in_at, now) for one in own if one.earlier_sign_in_at), None),
    )


def _own(session: Session, session_id: int, now: datetime) -> SessionRow:
    device = _device(session)
    return SessionRow(
        id=session.id,
        title=device,
        place=session.store_name,
        began=moment(session.began_at, now),
        seen=moment(session.seen_at, now),
        is_here=session.id == session_id,
        sign_out=_("Sign out: %(device)s", device=device),
    )


def _other(session: Session, now: datetime) -> SessionRow:
    device = _device(session)
    return SessionRow(
        id=session.id,
        title=session.username,
        place=device,
        began=moment(session.began_at, now),
        seen=moment(session.seen_at, now),
        is_here=False,
        sign_out=_("Sign out: %(name)s, %(device)s", name=session.username, device=device),
    )


def _device(session: Session) -> str:
    return session.device or _("Unknown browser")
