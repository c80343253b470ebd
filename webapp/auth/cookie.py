"""The signed cookie that holds a visitor's session token, language and notices. It has no clock of its own.

Flask's own cookie is invalid where a server's clock is behind that of the server that signed it, and ends at a time of
the day that the server chose. Here the browser counts the days (Max-Age), and a row in the database says whether a
person is still signed in.
"""

from __future__ import annotations

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature


def init_app(app: Flask) -> None:
    """Let the application keep its visitors' sessions in this cookie."""
    app.session_interface = _ClocklessCookies()


class _ClocklessCookies(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        content = request.cookies.get(self.get_cookie_name(app))
        serializer = self.get_signing_serializer(app) if content else None
        if serializer is None or not content:
            return self.session_class()
        try:
            return self.session_class(serializer.loads(content))
        except BadSignature:
            return self.session_class()

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
