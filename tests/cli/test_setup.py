"""``flask setup-link``, and sample data in a store of one's own."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import make_product, make_store, make_user
from webapp.cli.setup import link_at_start
from webapp.models import Order, SetupLink, User

pytestmark = pytest.mark.both_engines


class TestTheLink:
    def test_is_printed_while_nobody_can_sign_in(self, app: Flask, client: FlaskClient) -> None:
        printed = app.test_cli_runner().invoke(args=["setup-link", "--at", "https://tea.example"])

        link = re.fullmatch(r"https://tea\.example(/setup\?link=[\w-]{43})\n", printed.output)
        assert link
        assert client.get(link[1]).status_code == 200

    def test_is_refused_once_somebody_can(self, app: Flask, db: Session) -> None:
        make_user(db, make_store(db))

        printed = app.test_cli_runner().invoke(args=["setup-link"])

        assert printed.exit_code == 1
        assert "This database has people already" in printed.output
        assert link_at_start(app, "http://127.0.0.1:8000") is None

    def test_of_every_start_opens(self, app: Flask, client: FlaskClient, db: Session) -> None:
        links = [link_at_start(app, "http://127.0.0.1:8000") or "" for _ in range(2)]

        assert [client.get(link.removeprefix("http://127.0.0.1:8000")).status_code for link in links] == [200, 200]
        assert db.scalar(select(func.count()).select_from(SetupLink)) == 2


def test_sample_data_comes_without_people_into_an_empty_store_alone(app: Flask, db: Session) -> None:
    make_store(db, "tea")
    full = make_store(db, "full")
    make_product(db, full)
    run = app.test_cli_runner()

    assert "is now in store tea" in run.invoke(args=["demo", "--into", "tea"]).output
    assert "was already in store tea" in run.invoke(args=["demo", "--into", "tea"]).output
    refused = run.invoke(args=["demo", "--into", "full"])

    assert refused.exit_code == 1
    assert "goods or orders of its own" in refused.output
    assert len(db.scalars(select(Order.id)).all()) > 20
    assert db.scalar(select(func.count()).select_from(User)) == 0
    assert run.invoke(args=["stock", "verify"]).exit_code == 0
