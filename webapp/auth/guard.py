"""The one guard in front of every route.

Each view is either ``@public`` or ``@requires(<roles>)``; a test walks all routes and fails on one that is neither.
Under /api/ only a bearer token counts, everywhere else only the session of a person. Once inside, ``g.store_id``,
``g.actor`` (username, or ``token:<name>``), ``g.role`` and ``g.settings`` (the store's) are set, for pages also
``g.signed_in``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar, cast

from flask import g, request

from webapp.auth import person_session
from webapp.auth.errors import NotSignedIn
from webapp.auth.security_log import SecurityEvent, record
from webapp.auth.signed_in import SignedIn
from webapp.auth.tokens import TokenBearer, find_token
from webapp.domain.errors import Forbidden
from webapp.domain.roles import ROLE_WORDS, Role
from webapp.domain.wording import say
from webapp.extensions import db
from webapp.request_session import AUTOCOMMIT_READS, RequestSession

View = TypeVar("View", bound=Callable[..., Any])

API_PREFIX: Final = "/api/"
ROLES_MARK: Final = "allowed_roles"
"""Attribute of a guarded view: the roles it admits, or None for a public view."""


def public(view: View) -> View:
    """Mark a view as open to everyone, signed in or not."""
    setattr(view, ROLES_MARK, None)
    return view


def requires(roles: frozenset[Role], *, renews: bool = True) -> Callable[[View], View]:
    """Let only ``roles`` (see webapp.domain.roles) into a view. Raises NotSignedIn or Forbidden before it runs.

    A page asks by itself for a view that does not renew the session: an open page alone keeps nobody signed in.
    Outside of a unit of work the view reads with autocommit; see ``AUTOCOMMIT_READS``.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not renews:
                g.renews = False
            admit(roles)
            return view(*args, **kwargs)

        setattr(guarded, ROLES_MARK, roles)
        return guarded  # type: ignore[return-value]

    return guard


def admit(roles: frozenset[Role]) -> None:
    """Identify who is asking, store it in ``g``, and refuse anyone without one of ``roles``."""
    request.environ[AUTOCOMMIT_READS] = True
    caller = _token_bearer() if is_api_request() else signed_in_person()
    if caller is None:
        raise NotSignedIn(say("A valid token is needed.") if is_api_request() else say("Sign in to go on."))
    g.store_id, g.actor, g.role, g.settings = caller.store_id, caller.actor, caller.role, caller.settings
    if caller.role not in roles:
        record(SecurityEvent.ACCESS, "refused", caller.actor, refused=True, role=caller.role, path=request.path)
        raise Forbidden(
            say("This is not open to the role of %(role)s.", role=ROLE_WORDS[caller.role]), role=caller.role.value
        )
    cast("RequestSession", db.session()).confirm(caller.doubts)


def is_api_request() -> bool:
    """Return whether a program asks (JSON, token) rather than a person (pages, session)."""
    return request.path.startswith(API_PREFIX)


def signed_in_person() -> SignedIn | None:
    """Return the session's person and store it for the page's header; None when nobody is signed in."""
    if "signed_in" not in g:
        g.signed_in = person_session.find_person(db.session(), renews=_is_act_of_a_person())
    return cast("SignedIn | None", g.signed_in)


def _is_act_of_a_person() -> bool:
    """Return whether a person opens a page or sends something. What htmx fetches may be the page's own wish."""
    is_fetched = request.method in ("GET", "HEAD") and request.headers.get("HX-Request") == "true"
    return not is_fetched and g.get("renews", True) is True


def _token_bearer() -> TokenBearer | None:
    # Not request.authorization: it fails on "Basic" followed by non-ASCII characters.
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    bearer = find_token(db.session(), token.strip()) if scheme.lower() == "bearer" else None
    if bearer is None and token:
        record(SecurityEvent.TOKEN_USE, "refused", refused=True, path=request.path)
    return bearer
