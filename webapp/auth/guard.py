"""The one guard in front of every route.

Each view is either ``@public`` or ``@requires(<roles>)``; a test walks all routes and fails on one that is neither.
Under /api/ only a bearer token counts, everywhere else only the session of a person. Once inside, ``g.store_id``,
``g.actor`` (username, or ``token:<name>``) and ``g.role`` say who asks; pages also find ``g.signed_in``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any, Final, TypeVar

from flask import g, request, session
from flask_login import current_user

from webapp.auth.errors import NotSignedIn
from webapp.auth.signed_in import SignedIn, load_signed_in
from webapp.auth.tokens import TokenBearer, find_token
from webapp.domain.errors import Forbidden
from webapp.domain.roles import Role
from webapp.domain.wording import Wording, say
from webapp.extensions import db, login_manager
from webapp.request_session import READS

View = TypeVar("View", bound=Callable[..., Any])

API_PREFIX: Final = "/api/"
ROLES_MARK: Final = "allowed_roles"
"""Attribute of a guarded view: the roles it lets in, or None for a public one."""
RENEWED: Final = "renewed"
"""Key in the session: when it was last signed, in seconds since 1970."""
RENEW_SECONDS: Final = 300

_ROLE_NAMES: Final[dict[Role, Wording]] = {
    Role.PACKER: say("packer"),
    Role.MANAGER: say("manager"),
    Role.SUPERVISOR: say("supervisor"),
    Role.ADMIN: say("admin"),
}
"""Each role by its value, which programs read in refusals, and which a page can translate."""


def init_app() -> None:
    """Tell Flask-Login how a session becomes a person."""
    login_manager.session_protection = None  # Tablets roam between addresses; the signed cookie carries an epoch.
    login_manager.user_loader(lambda session_id: load_signed_in(db.session(), session_id))


def public(view: View) -> View:
    """Mark a view as open to everybody, signed in or not."""
    setattr(view, ROLES_MARK, None)
    return view


def requires(roles: frozenset[Role]) -> Callable[[View], View]:
    """Let only ``roles`` (see webapp.domain.roles) into a view. Raises NotSignedIn or Forbidden before it runs."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            admit(roles)
            return view(*args, **kwargs)

        setattr(guarded, ROLES_MARK, roles)
        return guarded  # type: ignore[return-value]

    return guard


def admit(roles: frozenset[Role]) -> None:
    """Find out who asks, remember it in ``g``, and refuse everybody who has none of ``roles``."""
    request.environ[READS] = True
    caller = _token_bearer() if is_api_request() else signed_in_person()
    if caller is None:
        raise NotSignedIn(say("A valid token is needed.") if is_api_request() else say("Sign in to go on."))
    g.store_id, g.actor, g.role = caller.store_id, caller.actor, caller.role
    if caller.role not in roles:
        raise Forbidden(
            say("This is not open to the role of %(role)s.", role=_ROLE_NAMES[caller.role]), role=caller.role.value
        )


def is_api_request() -> bool:
    """Tell whether a program asks (JSON, token) rather than a person (pages, session)."""
    return request.path.startswith(API_PREFIX)


def signed_in_person() -> SignedIn | None:
    """Return the person of the session cookie and remember it for the page's header; None when nobody is signed in."""
    person = current_user._get_current_object()
    g.signed_in = person if isinstance(person, SignedIn) else None
    if g.signed_in:
        _renew_session()
    return g.signed_in  # type: ignore[no-any-return]


def _renew_session() -> None:
    """Sign the session anew every few minutes, so that it ends hours after the last request, not after the first.

    Not at each request: signing takes time, and the cookie a quarter of a small answer.
    """
    now = int(time())
    if now - session.get(RENEWED, 0) >= RENEW_SECONDS:
        session[RENEWED] = now


def _token_bearer() -> TokenBearer | None:
    # Not request.authorization: it stumbles over "Basic" with anything but ASCII behind it.
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return find_token(db.session(), token.strip()) if scheme.lower() == "bearer" else None
