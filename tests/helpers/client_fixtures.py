"""Fixtures: the cast with its warehouse, and the test client, signed in or with a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.factories import PASSWORD, make_token
from tests.helpers.cast import NAMES, Cast, Part, make_cast
from tests.helpers.warehouse import Warehouse
from webapp.domain.roles import Role
from webapp.models import Store


@pytest.fixture
def cast(db: Session) -> Cast:
    """Two stores with their people."""
    return make_cast(db)


@pytest.fixture
def store(cast: Cast) -> Store:
    """The cast's store."""
    return cast.store


@pytest.fixture
def warehouse(db: Session, store: Store) -> Iterator[Warehouse]:
    """The warehouse of the cast's store. After the test its stock must verify."""
    warehouse = Warehouse(db, store)
    yield warehouse
    db.rollback()
    assert warehouse.unsound() == []


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client without a signed-in person."""
    return app.test_client()


@pytest.fixture
def client_as(app: Flask, cast: Cast) -> Callable[[Part], FlaskClient]:
    """Sign one of the cast in: ``client_as("packer")``. Each call is a separate browser."""
    return lambda part: signed_in(app, NAMES[part], PASSWORD)


_sessions: dict[tuple[str, str], tuple[float, str]] = {}
"""By username and password: time and cookie of the last sign-in. Ids are the same in all tests, so cookies can be
reused."""
_FRESH_SECONDS = 120


def signed_in(app: Flask, username: str, password: str) -> FlaskClient:
    """Return a signed-in client, through the form or with the cookie of a recent sign-in."""
    client, who = app.test_client(), (username, password)
    signed_at, cookie = _sessions.get(who, (0.0, ""))
    if app.config["SESSION_COOKIE_SECURE"] or not 0 <= time() - signed_at < _FRESH_SECONDS:
        answer = client.post("/login", data={"username": username, "password": password})
        assert answer.status_code == 303, f"{username} could not sign in: {answer.status}"
        kept = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        _sessions[who] = (time(), kept.value if kept else "")
    else:
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)
    return client


@dataclass(frozen=True)
class ApiClient:
    """A program that uses the JSON API with its token."""

    client: FlaskClient
    token: str

    def get(self, path: str, **query: Any) -> TestResponse:
        """GET ``/api/v1/store`` + ``path``."""
        return self.client.get(f"/api/v1/store{path}", query_string=query, headers=self._headers())

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> TestResponse:
        """POST ``body`` as JSON (None: no body) to ``/api/v1/store`` + ``path``, with or without an idempotency key."""
        headers = self._headers() | ({"Idempotency-Key": key} if key else {})
        content = {} if body is None else {"json": body}
        return self.client.post(f"/api/v1/store{path}", headers=headers, **content)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def api_as(app: Flask, db: Session, cast: Cast) -> Callable[[Part], ApiClient]:
    """Return an API client whose token has the role of one of the cast: ``api_as("manager")``."""

    def connect(part: Part) -> ApiClient:
        outside = part == "outsider"
        role = Role.MANAGER if outside else Role(part)
        return ApiClient(app.test_client(), make_token(db, cast.other_store if outside else cast.store, role))

    return connect
