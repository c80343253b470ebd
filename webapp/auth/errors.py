"""Refusals of the guard that come before any role is known."""

from __future__ import annotations

from webapp.domain.errors import PackbenchError


class NotSignedIn(PackbenchError):
    """Nobody is signed in, the session is over, or the token is not valid. A page sends the person to sign in."""

    code = "not_signed_in"
    status = 401
