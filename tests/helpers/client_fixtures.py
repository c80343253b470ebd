"""Fixtures: the cast with its warehouse, and the test client, signed in or with a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.factories import make_token
from tests.helpers.cast import NAMES, Cast, Part, make_cast
from tests.helpers.warehouse import Warehouse
from webapp import extensions
from webapp.auth import accounts, person_session
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.roles import Role
from webapp.domain.session_limits import SessionLimits
from webapp.models import Store, User
from webapp.services.people import session_service
from webapp.services.people.session_service import NewSession
from webapp.web.entry import SEVERAL_STORES


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
    return lambda part: signed_in(app, NAMES[part])


def signed_in(app: Flask, username: str) -> FlaskClient:
    """Return a client with a session of its own, as signing in begins it, but without the slow check of a password."""
    client = app.test_client()
    with app.app_context(), Session(extensions.db.engine) as db:
        person = db.execute(select(User.id, User.session_epoch).where(User.username == username)).one()
        workplaces = accounts.workplaces_of(db, person.id)
        token, token_hash = person_session.new_token(workplaces[0].store_id)
        new = NewSession(person.id, workplaces[0].store_id, token_hash, "Chrome, Android")
        begun = unit_of_work(db, lambda db: session_service.begin_session(db, new, _LIMITS, person.session_epoch))
        assert begun.result, f"{username} could not sign in"
    with client.session_transaction() as session:
        session.permanent = True
        session[person_session.TOKEN] = token
        if len(workplaces) > 1:
            session[SEVERAL_STORES] = True
    return client


_LIMITS = SessionLimits(3600, 3600)


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
