"""The signed cookie that holds a visitor's session token, language and notices. It has no clock of its own.

Flask's own cookie is invalid where a server's clock is behind that of the server that signed it, and ends at a time of
the day that the server chose. Here the browser counts the days (Max-Age), and a row in the database says whether a
person is still signed in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin, session_json_serializer
from itsdangerous import BadSignature

_MOST: Final = 512
"""Cookies whose signature is remembered: of the people who work here, each with some hundred bytes."""


def init_app(app: Flask) -> None:
    """Let the application keep its visitors' sessions in this cookie."""
    app.session_interface = _ClocklessCookies(app)


class _ClocklessCookies(SecureCookieSessionInterface):
    def __init__(self, app: Flask) -> None:
        @lru_cache(_MOST)
        def signed(content: str, _secret: object, _earlier: object) -> str:
            serializer = self.get_signing_serializer(app)
            if serializer is None:
                raise BadSignature("nothing is signed without a secret")
            return session_json_serializer.dumps(serializer.loads(content))

        self._signed = signed

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """Read the cookie. Its signature is checked once: the same bytes stay valid under the same secrets."""
        content = request.cookies.get(self.get_cookie_name(app))
        if not content:
            return self.session_class()
        try:
            signed = self._signed(content, app.secret_key, tuple(app.config["SECRET_KEY_FALLBACKS"] or ()))
        except BadSignature:
            return self.session_class()
        return self.session_class(session_json_serializer.loads(signed))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.accessed:
            response.vary.add("Cookie")
        if not session.modified:
            return
        response.vary.add("Cookie")
        serializer, is_kept = self.get_signing_serializer(app), session.permanent
        response.set_cookie(
            self.get_cookie_name(app),
            serializer.dumps(dict(session)) if serializer and session else "",
            max_age=(app.permanent_session_lifetime if is_kept else None) if session else 0,
            path="/",
            secure=self.get_cookie_secure(app),
            httponly=self.get_cookie_httponly(app),
            samesite=self.get_cookie_samesite(app),
        )
