"""The cookie of a session: what was signed once is read again and again, and nothing else is."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from flask import Flask, Request
from werkzeug.test import EnvironBuilder

from webapp.auth import cookie


@dataclass
class Visitor:
    """A browser, and an application that keeps its session."""

    app: Flask = field(default_factory=lambda: Flask("cookies"))

    def __post_init__(self) -> None:
        self.app.secret_key = "the secret of before"
        cookie.init_app(self.app)

    def cookie_with(self, content: dict[str, object]) -> str:
        """Return the signed cookie of a session with this content."""
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(serializer.dumps(content))

    def session(self, sent: str) -> dict[str, object]:
        """Return the session that a request with this cookie has; it is the application's own to change."""
        request = Request(EnvironBuilder(headers=[("Cookie", f"session={sent}")]).get_environ())
        session = self.app.session_interface.open_session(self.app, request)
        assert session is not None
        return session  # type: ignore[return-value]


def test_what_one_request_adds_to_its_session_is_not_in_the_next_one_with_the_same_cookie() -> None:
    visitor = Visitor()
    sent = visitor.cookie_with({"notices": ["Shipped."]})

    first = visitor.session(sent)
    first["notices"].append("Undone.")  # type: ignore[attr-defined]

    assert visitor.session(sent) == {"notices": ["Shipped."]}


@pytest.mark.parametrize("fallbacks", [None, ["the secret of before"]])
def test_a_cookie_that_was_read_before_is_worth_what_the_present_secrets_say(fallbacks: list[str] | None) -> None:
    visitor = Visitor()
    sent = visitor.cookie_with({"session": "a token"})
    assert visitor.session(sent) == {"session": "a token"}

    visitor.app.secret_key, visitor.app.config["SECRET_KEY_FALLBACKS"] = "another secret of now", fallbacks

    assert visitor.session(sent) == ({"session": "a token"} if fallbacks else {})


def test_a_forged_cookie_is_an_empty_session_each_time() -> None:
    visitor = Visitor()
    sent = visitor.cookie_with({"session": "a token"})

    assert visitor.session(sent)
    assert [visitor.session(f"{sent}A") for _ in range(2)] == [{}, {}]
