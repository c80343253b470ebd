"""Signing in and out, and what ends a session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, make_store, make_token, make_user
from tests.helpers.cast import NAMES, Cast, Part
from tests.helpers.markup import parse
from tests.helpers.sessions import A_PAGE, SIGN_IN, is_signed_in
from tests.helpers.statements import counted
from webapp.auth.passwords import hash_password
from webapp.auth.person_session import TOKEN
from webapp.config import settings_from_environment
from webapp.demo.people import PEOPLE
from webapp.domain.roles import Role
from webapp.languages import LANGUAGES
from webapp.models import User
from webapp.services.people import membership_service
from webapp.web.sessions import safe_path

LANDINGS = {"packer": "/orders", "manager": "/exceptions", "supervisor": "/activity", "admin": "/exceptions"}


@pytest.fixture
def packer(client_as: Callable[[Part], FlaskClient]) -> FlaskClient:
    return client_as("packer")


@pytest.mark.usefixtures("cast")
class TestSigningIn:
    @pytest.mark.parametrize(("part", "landing"), LANDINGS.items())
    def test_the_right_password_leads_to_what_the_person_does_first(
        self, client: FlaskClient, part: Part, landing: str
    ) -> None:
        answer = client.post("/login", data={**SIGN_IN, "username": NAMES[part]})

        assert (answer.status_code, answer.location) == (303, landing)
        assert client.get("/").location == landing
        assert client.get("/login").location == landing
        assert client.get(landing).status_code == 200

    @pytest.mark.parametrize(
        "typed",
        [
            {"username": NAMES["packer"], "password": "wrong"},
            {"username": "nobody", "password": PASSWORD},
            {"username": "control\x01character", "password": PASSWORD},
            {"username": "n" * 65, "password": PASSWORD},
            {"username": NAMES["packer"], "password": "p" * 1025},
        ],
    )
    def test_a_wrong_name_and_a_wrong_password_get_the_same_sentence(
        self, client: FlaskClient, typed: dict[str, str]
    ) -> None:
        answer = client.post("/login", data=typed)

        assert answer.status_code == 422
        assert "Wrong username or password." in answer.text
        assert not is_signed_in(client)

    def test_the_name_stays_in_the_field_and_the_password_does_not(self, client: FlaskClient) -> None:
        answer = client.post("/login", data={"username": NAMES["packer"], "password": "a-wrong-one"})

        assert f'value="{NAMES["packer"]}"' in answer.text
        assert "a-wrong-one" not in answer.text

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"username": "", "password": PASSWORD}, "Enter your username."),
            ({"username": NAMES["packer"], "password": ""}, "Enter your password."),
        ],
    )
    def test_a_blank_field_is_named(self, client: FlaskClient, typed: dict[str, str], sentence: str) -> None:
        answer = client.post("/login", data=typed)

        assert answer.status_code == 422
        assert sentence in answer.text

    def test_a_space_that_a_tablet_keyboard_adds_is_forgiven(self, client: FlaskClient) -> None:
        client.post("/login", data={**SIGN_IN, "username": f"{NAMES['packer']} "})

        assert is_signed_in(client)

    def test_an_account_that_was_closed_stays_outside(self, client: FlaskClient, db: Session) -> None:
        user = db.scalars(select(User).where(User.username == NAMES["packer"])).one()
        user.is_active = False
        db.commit()

        assert client.post("/login", data=SIGN_IN).status_code == 422

    def test_a_person_without_a_store_is_told_so(self, client: FlaskClient, db: Session) -> None:
        make_user(db, None, username="stranded")

        answer = client.post("/login", data={"username": "stranded", "password": PASSWORD})

        assert answer.status_code == 422
        assert "belongs to no store" in answer.text

    def test_signing_in_leads_back_to_the_page_one_wanted(self, client: FlaskClient) -> None:
        sent_away = client.get(f"{A_PAGE}?q=1")
        form = client.get(sent_away.location)
        answer = client.post("/login", data={**SIGN_IN, "next": f"{A_PAGE}?q=1"})

        assert sent_away.location == "/login?next=%2Fstyleguide%3Fq%3D1"
        assert f'value="{A_PAGE}?q=1"' in form.text
        assert answer.location == f"{A_PAGE}?q=1"

    def test_signing_in_leads_to_no_other_site(self, client: FlaskClient) -> None:
        answer = client.post("/login", data={**SIGN_IN, "next": "//elsewhere.example/orders"})

        assert answer.location == "/orders"

    def test_a_link_fills_in_no_name(self, client: FlaskClient) -> None:
        page = parse(client.get("/login?username=paula&password=secret&next=/stock").text)
        fields = page.one("form", css="sign-in__form").fields

        assert (fields["username"], fields["password"], fields["next"]) == ("", "", "/stock")

    def test_who_is_signed_in_sees_no_form(self, packer: FlaskClient) -> None:
        assert packer.get("/login").location == "/orders"

    def test_the_session_is_a_new_one_after_signing_in(self, client: FlaskClient) -> None:
        with client.session_transaction() as session:
            session["planted"] = "by somebody else"

        client.post("/login", data=SIGN_IN)

        with client.session_transaction() as session:
            assert "planted" not in session


@pytest.mark.usefixtures("cast")
class TestTheDemoStoresPeople:
    @pytest.mark.app_config(SHOW_DEMO_PEOPLE=True)
    def test_are_listed_with_their_passwords_where_a_setting_says_so(self, client: FlaskClient) -> None:
        page = parse(client.get("/login?next=/stock").text)
        ways = [form.fields for form in page.one(css="demo-people").all("form")]

        assert [(way["username"], way["password"]) for way in ways] == [(one.username, one.password) for one in PEOPLE]
        assert {way["next"] for way in ways} == {"/stock"}

    def test_are_not_listed_by_default(self, client: FlaskClient) -> None:
        assert "-demo" not in client.get("/login").text

    @pytest.mark.parametrize(("name", "shown"), [("development", True), ("production", False)])
    def test_are_never_listed_in_production(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, shown: bool
    ) -> None:
        monkeypatch.setenv("PACKBENCH_ENV", name)
        monkeypatch.setenv("DEMO", "1")
        monkeypatch.setenv("TRUSTED_HOSTS", "packbench.shop.example")

        assert settings_from_environment(tmp_path)["SHOW_DEMO_PEOPLE"] is shown


def test_every_language_is_offered_before_signing_in_and_leads_back_to_the_form(client: FlaskClient) -> None:
    form = parse(client.get("/login?next=/stock").text).one("form", css="sign-in__languages")

    assert [button["value"] for button in form.all("button")] == list(LANGUAGES)
    answer = client.post(form["action"], data={**form.fields, "language": "de"})
    assert (answer.status_code, answer.location) == (303, "/login?next=/stock")
    assert '<html lang="de">' in client.get("/login").text


@pytest.mark.parametrize(
    ("path", "is_safe"),
    [
        ("/orders", True),
        ("/orders?status=pending#top", True),
        ("", False),
        (None, False),
        ("orders", False),
        ("//elsewhere.example", False),
        ("/\\elsewhere.example", False),
        ("https://elsewhere.example/", False),
        ("/orders\r\nSet-Cookie: a=b", False),
    ],
)
def test_only_a_path_of_this_site_is_followed(path: str | None, is_safe: bool) -> None:
    assert (safe_path(path) == path) is (is_safe or path is None)


class TestWhatEndsASession:
    def test_signing_out(self, packer: FlaskClient) -> None:
        answer = packer.post("/logout")

        assert (answer.status_code, answer.location) == (303, "/login")
        assert not is_signed_in(packer)

    def test_signing_out_leaves_nothing_in_the_session(self, packer: FlaskClient) -> None:
        with packer.session_transaction() as session:
            session["planted"] = "by somebody else"

        packer.post("/logout")

        with packer.session_transaction() as session:
            assert dict(session) == {}

    def test_signing_out_again_is_harmless(self, packer: FlaskClient) -> None:
        packer.post("/logout")

        assert packer.post("/logout").status_code == 303

    def test_signing_out_by_a_link_is_not_possible(self, packer: FlaskClient) -> None:
        assert packer.get("/logout").status_code == 405
        assert is_signed_in(packer)

    def test_a_new_password(self, packer: FlaskClient, db: Session) -> None:
        membership_service.set_password(db, NAMES["packer"], hash_password("another one"))
        db.commit()

        assert not is_signed_in(packer)

    def test_an_account_that_is_closed_even_after_it_is_opened_again(self, packer: FlaskClient, db: Session) -> None:
        membership_service.disable(db, NAMES["packer"])
        membership_service.enable(db, NAMES["packer"])
        db.commit()

        assert not is_signed_in(packer)

    def test_a_new_role(self, packer: FlaskClient, db: Session) -> None:
        membership_service.change_role(db, "MAIN", NAMES["packer"], Role.SUPERVISOR)
        db.commit()

        assert not is_signed_in(packer)

    def test_a_command_that_signs_the_person_out(self, packer: FlaskClient, db: Session) -> None:
        membership_service.sign_out(db, NAMES["packer"])
        db.commit()

        assert not is_signed_in(packer)

    def test_the_end_of_the_membership(self, packer: FlaskClient, db: Session) -> None:
        membership_service.remove_from_store(db, "MAIN", NAMES["packer"])
        db.commit()

        assert not is_signed_in(packer)

    def test_the_end_of_the_account(self, packer: FlaskClient, db: Session) -> None:
        db.scalars(select(User).where(User.username == NAMES["packer"])).one().is_active = False
        db.commit()

        assert not is_signed_in(packer)

    def test_the_cookie_is_not_sent_with_every_answer(self, packer: FlaskClient) -> None:
        packer.get(A_PAGE)

        assert "Set-Cookie" not in packer.get(A_PAGE).headers

    def test_a_session_that_was_tampered_with(self, packer: FlaskClient) -> None:
        cookie = packer.get_cookie("packbench_session")
        assert cookie is not None
        packer.set_cookie("packbench_session", cookie.value[:-2] + "xx")

        assert not is_signed_in(packer)

    @pytest.mark.parametrize("token", ["", "1", "1:1:1", "1_short", f"1_{'a' * 43}", f"999_{'a' * 43}", 7, ["1"], None])
    def test_a_token_that_is_nobodys(self, packer: FlaskClient, token: object) -> None:
        with packer.session_transaction() as session:
            session[TOKEN] = token

        assert not is_signed_in(packer)
        assert packer.post("/logout").status_code == 303

    def test_a_token_with_the_number_of_another_store(self, packer: FlaskClient, cast: Cast) -> None:
        with packer.session_transaction() as session:
            session[TOKEN] = session[TOKEN].replace(f"{cast.store.id}_", f"{cast.other_store.id}_", 1)

        assert not is_signed_in(packer)

    def test_an_update_from_cookies_without_a_row(self, client: FlaskClient, cast: Cast) -> None:
        with client.session_transaction() as session:
            session.update({"_user_id": "1:1:1", "_permanent": True, "renewed": 1_790_000_000})

        assert client.get(A_PAGE).status_code == 303
        assert client.post("/login", data=SIGN_IN).status_code == 303

    def test_htmx_is_told_where_to_sign_in_and_comes_back_to_the_page(self, client: FlaskClient) -> None:
        headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/orders/7/pick"}

        answer = client.get(A_PAGE, headers=headers)

        assert answer.status_code == 401
        assert answer.headers["HX-Redirect"] == "/login?next=%2Forders%2F7%2Fpick"
        assert "You were signed out. Sign in to go on where you were." in client.get("/login").text

    def test_who_opens_a_page_for_the_first_time_was_not_signed_out(self, client: FlaskClient) -> None:
        client.get(A_PAGE)

        assert "signed out" not in client.get("/login").text

    def test_a_form_leads_back_to_the_page_it_was_on(self, client: FlaskClient) -> None:
        answer = client.post("/store", headers={"Referer": "http://localhost/orders/7"})

        assert (answer.status_code, answer.location) == (303, "/login?next=%2Forders%2F7")

    def test_who_sent_a_form_after_the_session_ended_is_told_that_it_was_not_done(self, client: FlaskClient) -> None:
        client.post("/orders/7/items/1/shipments", headers={"HX-Request": "true"})

        first, later = client.get("/login").text, client.get("/login").text

        assert "what you sent last was not done" in first
        assert "what you sent last was not done" not in later

    def test_another_site_is_no_page_to_come_back_to(self, client: FlaskClient) -> None:
        answer = client.post("/store", headers={"Referer": "http://elsewhere.example/orders/7"})

        assert answer.location == "/login"


class TestTwoWaysInThatDoNotMix:
    def test_a_session_does_not_open_the_api(self, packer: FlaskClient) -> None:
        answer = packer.get("/api/v1/store/orders")

        assert answer.status_code == 401

    def test_a_token_does_not_open_a_page(self, client: FlaskClient, db: Session, cast: Cast) -> None:
        token = make_token(db, cast.store, Role.ADMIN)

        answer = client.get(A_PAGE, headers={"Authorization": f"Bearer {token}"})

        assert (answer.status_code, answer.location) == (303, "/login?next=%2Fstyleguide")


def test_knowing_who_asks_takes_one_statement(packer: FlaskClient, engine: Engine) -> None:
    with counted(engine) as statements:
        packer.get(A_PAGE)

    assert len(statements) == 1
    assert "memberships" in statements[0]


def test_unrelated_people_of_the_same_store_keep_their_sessions(
    client_as: Callable[[Part], FlaskClient], db: Session
) -> None:
    make_store(db, "THIRD")
    manager = client_as("manager")

    membership_service.set_password(db, NAMES["packer"], hash_password("another one"))
    db.commit()

    assert is_signed_in(manager)
