"""What failed sign-ins are counted for, and how many may fail (LOGIN_RATE_LIMIT); ADR 0023 says why."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Final
from unicodedata import normalize

from flask import Flask, current_app, request

from webapp.auth import known_devices
from webapp.auth.accounts import Person
from webapp.domain.sign_in_limits import Counter, TryLimit, origin_of, read_limits

_EXTENSION: Final = "sign_in_limits"
_WIDER: Final = 3
"""How many times the limit may fail for a name from anywhere, or at an address for any name."""


def init_app(app: Flask) -> None:
    """Read the limits. Raises ValueError for a malformed setting."""
    app.extensions[_EXTENSION] = read_limits(app.config["LOGIN_RATE_LIMIT"])


def counters_of_sign_in(username: str, person: Person | None) -> tuple[Counter, ...]:
    """Return what a try of this request counts for. ``person`` is who has the name, if anybody.

    A device on which the person signed in before has a count of its own: no stranger can use it up.
    """
    limits: tuple[TryLimit, ...] = current_app.extensions[_EXTENSION]
    device = known_devices.find(person) if person else None
    if person and device:
        own = _counter(f"device:{device.id}:{person.id}", limits)
        # Somebody who knew an earlier password may have made any number of devices known.
        return (own,) if device.is_current else (own, _counter(f"earlier devices:{person.id}", limits, _WIDER))
    name, origin = normalize("NFKC", username).casefold(), origin_of(request.remote_addr)
    return (
        _counter(f"name and address:{origin}:{name}", limits),
        _counter(f"name:{name}", limits, _WIDER),
        _counter(f"address:{origin}", limits, _WIDER),
    )


def counters_of_own_password(person: Person) -> tuple[Counter, ...]:
    """Return what a try of somebody's present password counts for, when they are signed in and choose a new one."""
    return (_counter(f"own password:{person.id}", current_app.extensions[_EXTENSION]),)


def _counter(what: str, limits: tuple[TryLimit, ...], factor: int = 1) -> Counter:
    """Return a counter whose key tells nobody what it is for: a person may type a password in place of the name."""
    secret = str(current_app.secret_key).encode()
    key = hmac.new(secret, f"sign-in tries:{what}".encode("utf-8", "surrogatepass"), sha256).hexdigest()
    return Counter(key, tuple(limit.times(factor) for limit in limits))
