"""A session is a row: what ends it, how long it lasts, and whose clock says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from tests.factories import PASSWORD
from tests.helpers.cast import NAMES, Cast, Part
from tests.helpers.databases import close
from tests.helpers.failures import Broken, breaking
from tests.helpers.statements import counted
from tests.helpers.warehouse import Warehouse
from webapp import create_app
from webapp.auth import accounts
from webapp.auth.passwords import hash_password, verify_password
from webapp.config import settings_from_environment
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.roles import Role
from webapp.models import Membership, PersonSession, User
from webapp.services.people import membership_service

pytestmark = pytest.mark.both_engines

SIGN_IN = {"username": NAMES["packer"], "password": PASSWORD}
A_PAGE = "/styleguide"
HOUR = timedelta(hours=1)


@pytest.fixture
def packer(client_as: Callable[[Part], FlaskClient]) -> FlaskClient:
    return client_as("packer")


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


class TestTheEnd:
    def test_signing_out_ends_a_copied_cookie_too(self, app: Flask, packer: FlaskClient, warehouse: Warehouse) -> None:
        order = warehouse.processing((warehouse.product(A1=9), 5))
        thief = copied(app, packer)
        assert is_signed_in(thief)

        packer.post("/logout")

        item = warehouse.item(order).id
        fields = {"quantity": "1", "seen_shipped": "0", "idempotency_key": "k1"}
        assert not is_signed_in(thief)
        assert thief.post(f"/orders/{order.id}/items/{item}/shipments", data=fields).location.startswith("/login")
        warehouse.db.rollback()
        assert warehouse.item(order).shipped_quantity == 0

    def test_leaving_a_store_ends_it_even_by_hand_and_coming_back_revives_nothing(
        self, packer: FlaskClient, db: Session, cast: Cast
    ) -> None:
        person = db.scalars(select(User.id).where(User.username == NAMES["packer"])).one()
        db.execute(delete(Membership).where(Membership.user_id == person))
        db.commit()
        db.add(Membership(store_id=cast.store.id, user_id=person, role=Role.PACKER))
        db.commit()

        assert rows(db) == []
        assert not is_signed_in(packer)

    @pytest.mark.parametrize("way", ["password", "disable", "role", "sign_out", "remove"])
    def test_what_an_administrator_changes_ends_it_at_the_next_request(
        self, packer: FlaskClient, client_as: Callable[[Part], FlaskClient], db: Session, way: str
    ) -> None:
        manager, name = client_as("manager"), NAMES["packer"]
        act: Callable[[Session], object] = {
            "password": lambda db: membership_service.set_password(db, name, hash_password("another one")),
            "disable": lambda db: membership_service.disable(db, name),
            "role": lambda db: membership_service.change_role(db, "MAIN", name, Role.MANAGER),
            "sign_out": lambda db: membership_service.sign_out(db, name),
            "remove": lambda db: membership_service.remove_from_store(db, "MAIN", name),
        }[way]

        unit_of_work(db, act)

        assert not is_signed_in(packer)
        assert is_signed_in(manager)
        assert len(rows(db)) == 1

    def test_a_sign_in_that_began_before_a_new_password_begins_no_session(
        self, app: Flask, cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def slow(password_hash: str | None, password: str) -> bool:
            matches = verify_password(password_hash, password)
            unit_of_work(db, lambda db: membership_service.set_password(db, NAMES["packer"], hash_password("new one")))
            return matches

        monkeypatch.setattr(accounts, "verify_password", slow)
        client = app.test_client()
        answer = client.post("/login", data=SIGN_IN)

        assert (answer.status_code, answer.location) == (303, "/login")
        assert rows(db) == []
        assert not is_signed_in(client)

    @pytest.mark.usefixtures("cast")
    def test_signing_in_again_in_the_same_browser_ends_the_session_before(self, app: Flask, db: Session) -> None:
        tablet = app.test_client()
        tablet.post("/login", data=SIGN_IN)
        thief = copied(app, tablet)

        tablet.post("/login", data={**SIGN_IN, "username": NAMES["manager"]})

        assert len(rows(db)) == 1
        assert is_signed_in(tablet)
        assert not is_signed_in(thief)

    def test_changing_stores_goes_on_in_a_new_session_that_lasts_no_longer(
        self, app: Flask, packer: FlaskClient, db: Session, cast: Cast
    ) -> None:
        person = db.scalars(select(User.id).where(User.username == NAMES["packer"])).one()
        db.add(Membership(store_id=cast.other_store.id, user_id=person, role=Role.PACKER))
        db.commit()
        let_pass(db, began=50 * HOUR)
        began_at = rows(db)[0].began_at
        thief = copied(app, packer)

        assert packer.post("/store", data={"store_id": str(cast.other_store.id)}).status_code == 303

        assert [(row.store_id, row.began_at) for row in rows(db)] == [(cast.other_store.id, began_at)]
        assert is_signed_in(packer)
        assert not is_signed_in(thief)


@pytest.mark.usefixtures("cast")
class TestAFailure:
    def test_of_signing_in_leaves_no_session(self, app: Flask, engine: Engine, db: Session) -> None:
        client = app.test_client()
        with breaking(engine, "commit", 1), pytest.raises(Broken):
            client.post("/login", data=SIGN_IN)

        assert rows(db) == []
        assert not is_signed_in(client)

    def test_of_signing_out_leaves_the_person_signed_in_so_that_it_can_be_repeated(
        self, packer: FlaskClient, engine: Engine
    ) -> None:
        with breaking(engine, "commit", 1), pytest.raises(Broken):
            packer.post("/logout")

        assert is_signed_in(packer)
        assert packer.post("/logout").status_code == 303
        assert not is_signed_in(packer)

    def test_of_changing_stores_leaves_the_person_where_they_were(
        self, packer: FlaskClient, engine: Engine, db: Session, cast: Cast
    ) -> None:
        person = db.scalars(select(User.id).where(User.username == NAMES["packer"])).one()
        db.add(Membership(store_id=cast.other_store.id, user_id=person, role=Role.PACKER))
        db.commit()

        with breaking(engine, "commit", 1), pytest.raises(Broken):
            packer.post("/store", data={"store_id": str(cast.other_store.id)})

        assert [row.store_id for row in rows(db)] == [cast.store.id]
        assert is_signed_in(packer)

    @pytest.mark.engines("sqlite")
    def test_of_writing_the_time_of_the_last_request_costs_the_person_nothing(
        self, packer: FlaskClient, engine: Engine, db: Session
    ) -> None:
        let_pass(db, seen=HOUR)
        with engine.begin() as connection:
            stop = "CREATE TRIGGER stop BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'no'); END"
            connection.exec_driver_sql(stop)

        assert packer.get(A_PAGE, buffered=True).status_code == 200


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
def test_only_the_hash_of_the_token_is_kept_and_the_devices_words(app: Flask, db: Session) -> None:
    tablet = app.test_client()
    agent = "Mozilla/5.0 (Linux; Android 14; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"
    tablet.post("/login", data=SIGN_IN, headers={"User-Agent": agent})
    with tablet.session_transaction() as session:
        token = session["session"]

    row = rows(db)[0]
    assert row.device == "Chrome, Android"
    assert len(row.token_hash) == 64
    assert row.token_hash not in token
    assert db.scalar(select(func.count()).select_from(PersonSession).where(PersonSession.token_hash == token)) == 0


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
