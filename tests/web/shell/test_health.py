"""The health checks for load balancers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from webapp.extensions import db


@pytest.mark.both_engines
def test_a_migrated_database_is_ready(app: Flask) -> None:
    answer = app.test_client().get("/readyz")

    assert (answer.status_code, answer.text) == (200, "ready\nbackup: none\n")


@pytest.mark.both_engines
def test_an_empty_database_is_not_ready(make_app: Callable[[str], Flask], empty_database_url: str) -> None:
    client = make_app(empty_database_url).test_client()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "flask db upgrade" in answer.text
    assert client.get("/healthz").status_code == 200


def test_a_database_of_another_revision_is_not_ready(app: Flask) -> None:
    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        db.session.commit()

    assert app.test_client().get("/readyz").status_code == 503


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://nobody@127.0.0.1:1/packbench?connect_timeout=2", "sqlite:////nowhere/packbench.db"]
)
def test_an_unreachable_database_is_not_ready_and_the_process_is_up(make_app: Callable[[str], Flask], url: str) -> None:
    client = make_app(url).test_client()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.text) == (503, "database not reachable\nbackup: none\n")
    assert client.get("/healthz").status_code == 200
