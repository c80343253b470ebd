"""How long a session lasts, whose clock says so, and what a new secret does to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.helpers.cast import Part
from tests.helpers.databases import close
from tests.helpers.sessions import A_PAGE, SIGN_IN, copied, is_signed_in, let_pass, rows
from tests.helpers.statements import counted
from tests.helpers.warehouse import Warehouse
from webapp import create_app
from webapp.config import settings_from_environment

pytestmark = pytest.mark.both_engines

HOUR = timedelta(hours=1)


@pytest.fixture
def packer(client_as: Callable[[Part], FlaskClient]) -> FlaskClient:
    return client_as("packer")


class TestHowLongItLasts:
    @pytest.mark.parametrize(
        ("seen", "began", "lasts"),
        [(11.9, 11.9, True), (12.1, 12.1, False), (0, 167.9, True), (0, 168.1, False)],
    )
    def test_hours_without_a_request_and_days_in_all(
        self, packer: FlaskClient, db: Session, seen: float, began: float, lasts: bool
    ) -> None:
        let_pass(db, seen=seen * HOUR, began=began * HOUR)

        assert is_signed_in(packer) is lasts

    def test_the_limits_are_settings(self, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
        monkeypatch.setenv("SESSION_HOURS", "2")
        monkeypatch.setenv("SESSION_DAYS", "1")
        settings = settings_from_environment(tmp_path)  # type: ignore[arg-type]

        assert settings["SESSION_IDLE"] == 2 * HOUR
        assert settings["SESSION_LONGEST"] == settings["PERMANENT_SESSION_LIFETIME"] == 24 * HOUR

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_a_page_or_a_form_starts_the_idle_time_over(self, packer: FlaskClient, db: Session, method: str) -> None:
        let_pass(db, seen=11 * HOUR)

        packer.open(A_PAGE if method == "GET" else "/tour", method=method, data={"action": "begin"}, buffered=True)

        assert rows(db)[0].seen_at > datetime.now(UTC) - HOUR

    @pytest.mark.parametrize(
        ("path", "headers"),
        [
            ("/orders/news", {}),
            ("/orders/{order}/shipment-status", {}),
            ("/pictures/none.png", {}),
            ("/orders", {"HX-Request": "true"}),
            ("/orders/{order}", {"HX-Request": "true"}),
            ("/orders/{order}/items?ids=1", {"HX-Request": "true"}),
        ],
    )
    def test_what_a_page_asks_by_itself_does_not(
        self, packer: FlaskClient, db: Session, warehouse: Warehouse, path: str, headers: dict[str, str]
    ) -> None:
        order = warehouse.order((warehouse.product(A1=9), 5))
        let_pass(db, seen=11 * HOUR)
        before = rows(db)[0].seen_at

        answer = packer.get(path.format(order=order.id), headers=headers, buffered=True)

        assert answer.status_code in (200, 204, 404)
        assert rows(db)[0].seen_at == before

    def test_the_time_of_the_last_request_is_written_every_few_minutes_and_after_the_answer(
        self, packer: FlaskClient, db: Session, engine: Engine
    ) -> None:
        let_pass(db, seen=timedelta(minutes=6))
        with counted(engine) as statements:
            answer = packer.get(A_PAGE)
            assert len(statements) == 1
            answer.close()
        assert any("UPDATE sessions" in statement for statement in statements)

        with counted(engine) as statements:
            packer.get(A_PAGE, buffered=True)
        assert len(statements) == 1

    def test_rows_of_sessions_that_were_over_long_ago_go_with_the_next_sign_in(
        self, app: Flask, client_as: Callable[[Part], FlaskClient], db: Session
    ) -> None:
        for part in ("packer", "manager", "supervisor"):
            client_as(part)
        kept, over, over_long_ago = rows(db)
        for row, days in ((kept, 0), (over, 3), (over_long_ago, 30)):
            row.seen_at = datetime.now(UTC) - timedelta(days=days)
        db.commit()

        app.test_client().post("/login", data=SIGN_IN)

        assert {row.id for row in rows(db)} & {kept.id, over.id, over_long_ago.id} == {kept.id, over.id}


class TestWhoseClock:
    @pytest.mark.usefixtures("cast")
    @pytest.mark.parametrize("hours", [-30, -1, 1, 30])
    def test_servers_whose_clocks_differ_know_each_others_sessions(self, app: Flask, hours: int) -> None:
        tablet = app.test_client()
        with time_machine.travel(datetime.now(UTC) + hours * HOUR):
            signed_in = tablet.post("/login", data=SIGN_IN)
            cookie = next(one for one in signed_in.headers.getlist("Set-Cookie") if "session" in one)
            assert is_signed_in(copied(app, tablet))

        assert "Max-Age=604800" in cookie  # Browsers prefer it to Expires, which Werkzeug adds.
        assert is_signed_in(copied(app, tablet))

    @pytest.mark.parametrize("days", [1, 400])
    def test_a_clock_of_the_database_that_is_set_back_signs_nobody_out_and_is_forgotten(
        self, packer: FlaskClient, db: Session, days: int
    ) -> None:
        let_pass(db, seen=-timedelta(days=days), began=-timedelta(days=days))

        assert packer.get(A_PAGE, buffered=True).status_code == 200

        row, soon = rows(db)[0], datetime.now(UTC) + timedelta(minutes=1)
        assert row.seen_at < soon
        assert row.began_at < soon
        assert is_signed_in(packer)


@pytest.mark.usefixtures("cast")
class TestANewSecret:
    def server(self, app: Flask, **settings: object) -> Flask:
        return create_app({**app.config, "WTF_CSRF_ENABLED": True, **settings})

    def form_of(self, client: FlaskClient, path: str) -> str:
        return client.get(path).text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]

    @pytest.mark.parametrize(("fallbacks", "lasts"), [(["the secret of before"], True), ([], False)])
    def test_signs_nobody_out_and_spoils_no_form_while_the_old_one_is_kept(
        self, app: Flask, fallbacks: list[str], lasts: bool
    ) -> None:
        before = self.server(app, SECRET_KEY="the secret of before", SECRET_KEY_FALLBACKS=[])
        after = self.server(app, SECRET_KEY="another secret of now", SECRET_KEY_FALLBACKS=fallbacks)
        first = before.test_client()
        first.post("/login", data={**SIGN_IN, "csrf_token": self.form_of(first, "/login")})
        form = self.form_of(first, "/store")

        then = copied(after, first)

        assert is_signed_in(then) is lasts
        begun = then.post("/tour", data={"action": "begin", "csrf_token": form})
        assert (begun.location == "/orders") is lasts
        for server in (before, after):
            close(server)
