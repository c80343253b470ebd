"""Sessions of people, as tests of them look at and change them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories import PASSWORD
from tests.helpers.cast import NAMES
from webapp.models import PersonSession

SIGN_IN: Final = {"username": NAMES["packer"], "password": PASSWORD}
"""The packer's form."""

A_PAGE: Final = "/styleguide"
"""A page that everybody in a store may see."""


def is_signed_in(client: FlaskClient) -> bool:
    return client.get(A_PAGE).status_code == 200


def copied(app: Flask, client: FlaskClient) -> FlaskClient:
    """Another browser with the same cookie."""
    thief, name = app.test_client(), app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    thief.set_cookie(name, cookie.value)
    return thief


def rows(db: Session) -> list[PersonSession]:
    db.rollback()
    return list(db.scalars(select(PersonSession).order_by(PersonSession.id)))


def let_pass(db: Session, *, seen: timedelta = timedelta(0), began: timedelta = timedelta(0)) -> None:
    """Move the times of all sessions into the past, or with a negative time into the future."""
    now = datetime.now(UTC)
    db.rollback()
    db.execute(update(PersonSession).values(seen_at=now - seen, began_at=now - began))
    db.commit()
