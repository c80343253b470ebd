"""What a visitor does with a one-time link: join a store, or choose a new password; and what a link does not open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from tests.factories import make_store, make_user
from tests.helpers.cast import NAMES, Cast, Part
from tests.helpers.failures import Broken, breaking
from tests.helpers.markup import parse
from tests.helpers.sessions import A_PAGE
from webapp.auth.one_time import hash_of, link_token
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.clock import utc_now
from webapp.domain.roles import Role
from webapp.models import Membership, OneTimeLink, Store, User
from webapp.services.people import link_service, membership_service

PASSWORD = "purple lantern river"
LATER = timedelta(days=1)


def invited(db: Session, store: Store, role: Role = Role.PACKER, *, mark: str = "x") -> str:
    """Return the token of an invitation under the name pia."""
    token = link_token(store.id, mark * 43)
    ends = utc_now() + LATER
    unit_of_work(db, lambda db: link_service.invite(db, store.id, "pia", role, hash_of(token), ends, "ada"))
    return token


def forgotten(db: Session, store: Store, part: Part = "packer") -> str:
    """Return the token of a link with which one of the cast chooses a new password."""
    token = link_token(store.id, "y" * 43)
    user_id = person(db, NAMES[part]).id
    ends = utc_now() + LATER
    unit_of_work(db, lambda db: link_service.make_password_link(db, store.id, user_id, hash_of(token), ends, "ada"))
    return token


def person(db: Session, username: str) -> User:
    db.rollback()
    return db.scalars(select(User).where(User.username == username)).one()


def people(db: Session) -> int:
    db.rollback()
    return db.scalars(select(func.count()).select_from(User)).one()


def join(client: FlaskClient, token: str, **fields: object) -> tuple[int, str]:
    answer = client.post("/join", data={"link": token, "username": "pia", "password": PASSWORD, **fields})
    return answer.status_code, answer.location or answer.text


def error_of(html: str, field: str) -> str:
    return parse(html).one(id=f"{field}-error").words


class TestANewPerson:
    def test_chooses_a_name_and_a_password_and_is_signed_in(
        self, client: FlaskClient, db: Session, cast: Cast, app: Flask
    ) -> None:
        token = invited(db, cast.store)
        page = parse(client.get(f"/join?link={token}").text)
        assert page.one("h1").words == f"Work in {cast.store.name}"
        assert "ada invites you, as packer." in page.words
        assert page.one("input", id="username")["value"] == "pia"

        assert join(client, token, username="Pia-2") == (303, "/orders")

        assert client.get(A_PAGE).status_code == 200
        membership = db.scalars(select(Membership).where(Membership.user_id == person(db, "Pia-2").id)).one()
        assert (membership.store_id, membership.role) == (cast.store.id, Role.PACKER)
        sign_in = {"username": "Pia-2", "password": PASSWORD}
        assert app.test_client().post("/login", data=sign_in).status_code == 303

    def test_uses_the_link_up(self, client: FlaskClient, db: Session, cast: Cast, app: Flask) -> None:
        token = invited(db, cast.store)
        join(client, token)

        status, words = join(app.test_client(), token, username="another")

        assert status == 404
        assert "This link opens nothing any more" in words
        assert app.test_client().get(f"/join?link={token}").status_code == 404
        assert people(db) == len(NAMES) + 1

    def test_whose_request_fails_keeps_the_link_and_leaves_nothing(
        self, client: FlaskClient, db: Session, cast: Cast, engine: Engine
    ) -> None:
        token = invited(db, cast.store)

        with breaking(engine, "commit", 1), pytest.raises(Broken):
            join(client, token)

        assert people(db) == len(NAMES)
        assert join(client, token) == (303, "/orders")

    @pytest.mark.parametrize(
        ("fields", "field", "sentence"),
        [
            ({"password": ""}, "password", "Enter a new password."),
            ({"password": "short"}, "password", "A password needs at least 8 characters."),
            ({"password": "password1"}, "password", "strangers try first"),
            ({"username": "zoltan-the-great", "password": "zoltan-the-great"}, "password", "little more than the name"),
            ({"username": ""}, "username", "A username is 1 to 64"),
            ({"username": "p" * 65}, "username", "A username is 1 to 64"),
            ({"username": "system"}, "username", "stands for a program"),
        ],
    )
    def test_who_fills_in_nonsense_keeps_the_link(
        self, client: FlaskClient, db: Session, cast: Cast, fields: dict[str, object], field: str, sentence: str
    ) -> None:
        token = invited(db, cast.store)

        status, html = join(client, token, **fields)

        assert status == 422
        assert sentence in error_of(html, field)
        assert PASSWORD not in html
        assert join(client, token) == (303, "/orders")

    def test_whose_name_is_taken_chooses_another(self, client: FlaskClient, db: Session, cast: Cast) -> None:
        token = invited(db, cast.store)

        status, html = join(client, token, username="PAULA")

        assert status == 409
        assert "The name PAULA is taken, perhaps in another spelling." in html
        assert join(client, token) == (303, "/orders")

    def test_has_the_role_and_the_store_of_the_invitation_whatever_the_form_says(
        self, client: FlaskClient, db: Session, cast: Cast
    ) -> None:
        token = invited(db, cast.store)

        join(client, token, role="admin", store_id=cast.other_store.id, user_id="1", content="sample")

        of_person = db.scalars(select(Membership).where(Membership.user_id == person(db, "pia").id)).all()
        assert [(one.store_id, one.role) for one in of_person] == [(cast.store.id, Role.PACKER)]

    def test_who_becomes_an_administrator_needs_a_longer_password(
        self, client: FlaskClient, db: Session, cast: Cast
    ) -> None:
        token = invited(db, cast.store, Role.ADMIN)

        assert "at least 12 characters" in client.get(f"/join?link={token}").text.lower()
        assert join(client, token, password="rare-words!")[0] == 422
        assert join(client, token) == (303, "/exceptions")


class TestALink:
    def test_of_anybodys_guess_opens_nothing(self, client: FlaskClient, db: Session, cast: Cast) -> None:
        token = invited(db, cast.store)
        guesses = ["", "x", token[:-1], token + "x", token.replace("x", "z"), f"{cast.other_store.id}_{'x' * 43}"]
        guesses += ["9" * 30 + "_" + "x" * 43, "\u0661_" + "x" * 43, "'; DROP TABLE users --", "x" * 5000]

        answers = [
            client.get("/join", query_string={"link": guess}, headers={"HX-Request": "true"}) for guess in guesses
        ]
        sent = [client.post("/join", data={"link": guess, "password": PASSWORD}).status_code for guess in guesses]

        assert {answer.status_code for answer in answers} == set(sent) == {404}
        assert people(db) == len(NAMES)

    def test_with_a_nul_is_refused(self, client: FlaskClient) -> None:
        assert client.get("/join?link=%00").status_code == 422
        assert client.post("/join", data={"link": "\0"}).status_code == 422

    def test_that_has_ended_opens_nothing(self, client: FlaskClient, db: Session, cast: Cast) -> None:
        token = invited(db, cast.store)

        with time_machine.travel(utc_now() + LATER + timedelta(seconds=1)):
            assert client.get(f"/join?link={token}").status_code == 404
            assert join(client, token)[0] == 404

    def test_is_in_no_log(
        self, client: FlaskClient, db: Session, cast: Cast, capsys: pytest.CaptureFixture[str]
    ) -> None:
        token = invited(db, cast.store)
        client.get(f"/join?link={token}")
        join(client, token)
        join(client, token)

        log = capsys.readouterr().err
        assert token not in log
        assert PASSWORD not in log
        assert "event=account outcome=made name=pia address=127.0.0.1 store=MAIN role=packer by=ada" in log
        assert "event=link outcome=refused name=- address=127.0.0.1 path=/join" in log

    @pytest.mark.app_config(WTF_CSRF_ENABLED=True)
    def test_is_not_used_by_a_form_of_another_site(self, client: FlaskClient, db: Session, cast: Cast) -> None:
        token = invited(db, cast.store)

        assert join(client, token)[0] == 400
        assert people(db) == len(NAMES)


class TestWhoIsSignedIn:
    def test_joins_with_one_button_and_goes_there(
        self, client_as: Callable[[Part], FlaskClient], db: Session, cast: Cast
    ) -> None:
        outsider, token = client_as("outsider"), invited(db, cast.store)
        assert "Join as otto" in outsider.get(f"/join?link={token}").text

        answer = outsider.post("/join", data={"link": token})

        assert answer.location == "/orders"
        assert cast.store.name in outsider.get("/stock").text
        assert people(db) == len(NAMES)
        assert outsider.post("/join", data={"link": token}).status_code == 404

    def test_and_works_there_already_hears_so_and_leaves_the_link(
        self, client_as: Callable[[Part], FlaskClient], client: FlaskClient, db: Session, cast: Cast
    ) -> None:
        token = invited(db, cast.store)

        for part in ("packer", "admin"):
            answer = client_as(part).post("/join", data={"link": token})
            assert answer.status_code == 409
            assert "already" in answer.text
        assert join(client, token) == (303, "/orders")

    def test_and_works_there_in_another_role_reads_it_in_their_language(
        self, client_as: Callable[[Part], FlaskClient], db: Session, cast: Cast
    ) -> None:
        token = invited(db, cast.store, Role.MANAGER)

        answer = client_as("packer").post("/join", data={"link": token}, headers={"Accept-Language": "de"})

        assert "paula ist schon im Shop" in answer.text
        assert "als Packer." in answer.text


class TestANewPassword:
    def test_is_chosen_once_and_ends_all_other_sessions(
        self, client: FlaskClient, client_as: Callable[[Part], FlaskClient], db: Session, cast: Cast, app: Flask
    ) -> None:
        packer, token = client_as("packer"), forgotten(db, cast.store)
        assert "For paula." in client.get(f"/join?link={token}").text

        answer = client.post("/join", data={"link": token, "password": PASSWORD, "username": "ada"})

        assert answer.location == "/orders"
        assert client.get(A_PAGE).status_code == 200
        assert packer.get(A_PAGE).status_code == 303
        sign_in = {"username": "paula", "password": PASSWORD}
        assert app.test_client().post("/login", data=sign_in).status_code == 303
        assert client.post("/join", data={"link": token, "password": "another lantern"}).status_code == 404

    def test_follows_the_rules_of_all_the_persons_roles(self, client: FlaskClient, db: Session, cast: Cast) -> None:
        token = forgotten(db, cast.store, "manager")

        answer = client.post("/join", data={"link": token, "password": "rare-words"})

        assert answer.status_code == 422
        assert "needs at least 12 characters" in error_of(answer.text, "password")

    @pytest.mark.parametrize("way", ["set_password", "disable", "remove_from_store"])
    def test_is_not_chosen_once_the_account_has_another_one_or_is_closed(
        self, client: FlaskClient, db: Session, cast: Cast, way: str
    ) -> None:
        token = forgotten(db, cast.store)
        more = {"set_password": {"password_hash": "x"}, "remove_from_store": {"store_code": cast.store.code}}
        end = getattr(membership_service, way)
        unit_of_work(db, lambda db: end(db, username="paula", **more.get(way, {})))

        assert client.get(f"/join?link={token}").status_code == 404
        assert client.post("/join", data={"link": token, "password": PASSWORD}).status_code == 404

    def test_is_not_chosen_once_the_person_works_in_a_further_store(
        self, client: FlaskClient, db: Session, cast: Cast
    ) -> None:
        token, code = forgotten(db, cast.store), make_store(db).code
        unit_of_work(db, lambda db: membership_service.add_to_store(db, code, "paula", Role.ADMIN))

        answer = client.post("/join", data={"link": token, "password": PASSWORD})

        assert answer.status_code == 404
        assert db.scalars(select(OneTimeLink.id)).all() == []

    def test_has_one_link_at_a_time(self, client: FlaskClient, db: Session, cast: Cast) -> None:
        forgotten(db, cast.store)
        unit_of_work(db, lambda db: db.execute(update(OneTimeLink).values(token_hash="older")))
        token = forgotten(db, cast.store)

        assert db.scalars(select(OneTimeLink.token_hash)).all() == [hash_of(token)]

    def test_leaves_other_peoples_links_alone(self, client: FlaskClient, db: Session, cast: Cast) -> None:
        other = make_user(db, cast.store)
        token = forgotten(db, cast.store)
        ends = utc_now() + LATER
        unit_of_work(
            db, lambda db: link_service.make_password_link(db, cast.store.id, other.id, hash_of("z"), ends, "ada")
        )

        client.post("/join", data={"link": token, "password": PASSWORD})

        assert db.scalars(select(OneTimeLink.token_hash)).all() == [hash_of("z")]
