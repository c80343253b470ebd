"""Devices on which a person signed in before: a signed cookie that is sent only with a sign-in, and opens nothing.

It keeps a stranger who guesses passwords from locking the person out (``webapp.auth.sign_in_limits``). A tablet that
several people share names them all.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.accounts import Person

COOKIE: Final = "packbench_device"
_PATH: Final = "/login"
_SECONDS: Final = 400 * 86400
"""Browsers keep no cookie longer; each sign-in starts it again."""
_MOST_PEOPLE: Final = 30
"""People that a device remembers, those who signed in last."""


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device on which the person signed in before; ``is_current`` if that was with the present password."""

    id: str
    is_current: bool


def find(person: Person) -> KnownDevice | None:
    """Return this request's device if the person signed in on it before."""
    device, people = _read()
    epoch = people.get(str(person.id))
    return None if epoch is None else KnownDevice(device, epoch == person.session_epoch)


def remember(response: BaseResponse, user_id: int, session_epoch: int) -> None:
    """Let the device know the person who has just signed in."""
    device, people = _read()
    people.pop(str(user_id), None)  # The last one comes last.
    people[str(user_id)] = session_epoch
    kept = dict(list(people.items())[-_MOST_PEOPLE:])
    response.set_cookie(
        COOKIE,
        _serializer().dumps([device, kept]),
        max_age=_SECONDS,
        path=_PATH,
        httponly=True,
        samesite="Strict",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def _read() -> tuple[str, dict[str, int]]:
    """Return the device's id, and by person the number of their password when they signed in; else a new device."""
    try:
        device, people = _serializer().loads(request.cookies.get(COOKIE, ""))  # Its age is the browser's business.
        return str(device), dict(people)
    except (BadData, TypeError, ValueError):
        return secrets.token_urlsafe(9), {}


def _serializer() -> URLSafeTimedSerializer:
    keys: list[Any] = [*(current_app.config.get("SECRET_KEY_FALLBACKS") or ()), current_app.secret_key]
    return URLSafeTimedSerializer(keys, salt="known device")
