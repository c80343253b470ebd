"""Refusals before the guard knows a role."""

from __future__ import annotations

from webapp.domain.errors import PackbenchError


class NotSignedIn(PackbenchError):
    """No valid session or token. A page redirects to sign-in."""

    code = "not_signed_in"
    status = 401
