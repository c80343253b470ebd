"""A session is a row: what ends it, and what a failure leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from tests.helpers.cast import NAMES, Cast, Part, also_in_other_store
from tests.helpers.failures import Broken, breaking
from tests.helpers.sessions import A_PAGE, SIGN_IN, copied, is_signed_in, let_pass, rows
from tests.helpers.warehouse import Warehouse
from webapp.auth import accounts
from webapp.auth.passwords import hash_password, verify_password
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.roles import Role
from webapp.models import Membership, PersonSession, User
from webapp.services.people import membership_service

pytestmark = pytest.mark.both_engines

HOUR = timedelta(hours=1)


@pytest.fixture
def packer(client_as: Callable[[Part], FlaskClient]) -> FlaskClient:
    return client_as("packer")


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
        also_in_other_store(db, cast, "packer")
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
        also_in_other_store(db, cast, "packer")

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
