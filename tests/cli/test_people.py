"""``flask stores``, ``flask users`` and ``flask tokens``."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import make_store
from webapp.auth.tokens import find_token
from webapp.domain.roles import Role
from webapp.models import ApiToken, Membership, Store, User

pytestmark = pytest.mark.both_engines

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run a command: ``run("users", "create", …, stdin="password")``."""
    runner = app.test_cli_runner()

    def command(*words: str, stdin: str = "") -> Result:
        return runner.invoke(args=words, input=stdin)

    return command


@pytest.fixture
def main(db: Session) -> Store:
    return make_store(db, "MAIN")


def create_user(run: Run, name: str, store: str, role: str, password: str = "a good long password") -> Result:
    return run("users", "create", name, "--store", store, "--role", role, "--password-stdin", stdin=f"{password}\n")


def can_sign_in(app: Flask, name: str, password: str = "a good long password") -> bool:
    answer = app.test_client().post("/login", data={"username": name, "password": password})
    return answer.status_code == 303


class TestStores:
    def test_a_setting_is_set_and_listed_with_the_defaults_of_the_rest(self, run: Run, main: Store) -> None:
        assert run("stores", "set", "MAIN", "undo_minutes", "60").output == "undo_minutes = 60\n"

        listed = run("stores", "settings", "MAIN").output
        assert "undo_minutes = 60 " in listed
        assert "low_stock = 5 " in listed

    def test_a_setting_that_cannot_be_is_refused_in_a_sentence(self, run: Run, main: Store) -> None:
        refused = run("stores", "set", "MAIN", "undo_minutes", "soon")

        assert refused.exit_code == 1
        assert "not a whole number" in refused.output

    def test_a_store_is_made_once(self, run: Run, db: Session) -> None:
        first, again = (run("stores", "create", "MAIN", "The main store") for _ in range(2))

        assert (first.exit_code, again.exit_code) == (0, 0)
        assert "is there already" in again.output
        assert [(store.code, store.name) for store in db.scalars(select(Store))] == [("MAIN", "The main store")]

    def test_a_code_that_another_store_has_is_refused(self, run: Run, main: Store, db: Session) -> None:
        answer = run("stores", "create", "MAIN", "Another one")

        assert answer.exit_code == 1
        assert main.name in answer.output
        assert db.scalar(select(func.count()).select_from(Store)) == 1

    @pytest.mark.parametrize(("code", "name"), [("", "Name"), ("two words", "Name"), ("C" * 33, "Name"), ("C", " ")])
    def test_what_cannot_be_a_store_is_refused(self, run: Run, db: Session, code: str, name: str) -> None:
        answer = run("stores", "create", code, name)

        assert answer.exit_code == 1
        assert db.scalar(select(func.count()).select_from(Store)) == 0


@pytest.mark.usefixtures("main")
class TestPeople:
    @pytest.mark.parametrize("role", list(Role))
    def test_a_person_can_sign_in_at_once(self, run: Run, app: Flask, db: Session, role: Role) -> None:
        answer = create_user(run, "anna", "MAIN", role.value)

        assert answer.exit_code == 0, answer.output
        assert can_sign_in(app, "anna")
        assert db.scalars(select(Membership.role)).all() == [role]

    def test_the_password_is_stored_as_a_hash_only(self, run: Run, db: Session) -> None:
        create_user(run, "anna", "MAIN", "packer")

        assert db.scalars(select(User.password_hash)).one().startswith("$argon2id$v=19$m=19456,t=2,p=1$")

    def test_creating_somebody_again_changes_nothing(self, run: Run, db: Session) -> None:
        create_user(run, "anna", "MAIN", "packer")

        answer = create_user(run, "anna", "MAIN", "packer")

        assert answer.exit_code == 0
        assert db.scalar(select(func.count()).select_from(Membership)) == 1

    def test_somebody_joins_a_second_store_with_their_own_password(self, run: Run, db: Session) -> None:
        make_store(db, "WEST")
        create_user(run, "anna", "MAIN", "packer")

        answer = create_user(run, "anna", "WEST", "manager")

        assert answer.exit_code == 0
        assert set(db.scalars(select(Membership.role))) == {Role.PACKER, Role.MANAGER}

    @pytest.mark.parametrize("name", ["anna", "ANNA"])
    def test_a_name_of_somebody_else_is_refused(self, run: Run, db: Session, name: str) -> None:
        create_user(run, "anna", "MAIN", "packer")

        answer = create_user(run, name, "MAIN", "packer", "quite another password")

        assert answer.exit_code == 1
        assert "is taken" in answer.output
        assert db.scalar(select(func.count()).select_from(User)) == 1

    def test_another_role_in_the_same_store_is_refused(self, run: Run, db: Session) -> None:
        create_user(run, "anna", "MAIN", "packer")

        answer = create_user(run, "anna", "MAIN", "manager")

        assert answer.exit_code == 1
        assert db.scalars(select(Membership.role)).all() == [Role.PACKER]

    @pytest.mark.parametrize("name", ["", "two words", "token:anna", "system", "System", "n" * 65])
    def test_a_name_that_would_confuse_the_trail_is_refused(self, run: Run, db: Session, name: str) -> None:
        answer = create_user(run, name, "MAIN", "packer")

        assert answer.exit_code == 1
        assert db.scalar(select(func.count()).select_from(User)) == 0

    def test_a_store_that_is_not_there_is_named(self, run: Run) -> None:
        answer = create_user(run, "anna", "NOWHERE", "packer")

        assert answer.exit_code == 1
        assert "NOWHERE" in answer.output

    @pytest.mark.parametrize("password", ["", "   ", "p" * 1025])
    def test_a_password_that_is_none_is_refused(self, run: Run, db: Session, password: str) -> None:
        answer = create_user(run, "anna", "MAIN", "packer", password)

        assert answer.exit_code == 1
        assert db.scalar(select(func.count()).select_from(User)) == 0

    def test_a_short_password_is_taken_with_a_warning(self, run: Run, app: Flask) -> None:
        answer = create_user(run, "anna", "MAIN", "packer", "short")

        assert answer.exit_code == 0
        assert "easily guessed" in answer.stderr
        assert can_sign_in(app, "anna", "short")

    def test_without_the_option_the_password_is_asked_for_twice(self, run: Run, app: Flask) -> None:
        answer = run(
            "users", "create", "anna", "--store", "MAIN", "--role", "packer", stdin="typed in full\ntyped in full\n"
        )

        assert answer.exit_code == 0
        assert can_sign_in(app, "anna", "typed in full")

    def test_a_new_password_replaces_the_old(self, run: Run, app: Flask) -> None:
        create_user(run, "anna", "MAIN", "packer")

        answer = run("users", "password", "anna", "--password-stdin", stdin="the newer password\n")

        assert answer.exit_code == 0
        assert can_sign_in(app, "anna", "the newer password")
        assert not can_sign_in(app, "anna")

    def test_who_is_removed_from_the_store_stays_outside(self, run: Run, app: Flask) -> None:
        create_user(run, "anna", "MAIN", "packer")

        answer = run("users", "remove", "anna", "--store", "MAIN")

        assert answer.exit_code == 0
        assert not can_sign_in(app, "anna")

    @pytest.mark.parametrize(
        "words", [("users", "remove", "nobody", "--store", "MAIN"), ("users", "password", "nobody", "--password-stdin")]
    )
    def test_a_person_who_is_not_there_is_named(self, run: Run, words: tuple[str, ...]) -> None:
        answer = run(*words, stdin="a good long password\n")

        assert answer.exit_code == 1
        assert "no such person" in answer.output


class TestTokens:
    @pytest.mark.parametrize("role", list(Role))
    def test_the_last_line_is_the_token_alone_and_opens_the_store(
        self, run: Run, main: Store, db: Session, role: Role
    ) -> None:
        answer = run("tokens", "create", "--store", "MAIN", "--role", role.value, "--name", "erp")
        token = answer.stdout.splitlines()[-1]
        bearer = find_token(db, token)

        assert answer.exit_code == 0
        assert re.fullmatch(rf"pb_{main.id}_[A-Za-z0-9_-]{{43}}", token)
        assert bearer is not None
        assert (bearer.store_id, bearer.role, bearer.actor) == (main.id, role, "token:erp")

    def test_only_its_hash_is_kept(self, run: Run, main: Store, db: Session) -> None:
        token = run("tokens", "create", "--store", "MAIN", "--role", "packer").stdout.splitlines()[-1]
        kept = db.scalars(select(ApiToken).where(ApiToken.store_id == main.id)).one()

        assert token not in (kept.name, kept.token_hash)
        assert re.fullmatch("[0-9a-f]{64}", kept.token_hash)

    @pytest.mark.usefixtures("main")
    @pytest.mark.parametrize("name", ["", "two words", "a:b", "n" * 59])
    def test_a_name_that_would_confuse_the_trail_is_refused(self, run: Run, db: Session, name: str) -> None:
        answer = run("tokens", "create", "--store", "MAIN", "--role", "packer", "--name", name)

        assert answer.exit_code == 1
        assert db.scalar(select(func.count()).select_from(ApiToken)) == 0

    def test_a_store_that_is_not_there_is_named(self, run: Run) -> None:
        answer = run("tokens", "create", "--store", "NOWHERE", "--role", "packer")

        assert answer.exit_code == 1
        assert "NOWHERE" in answer.output


class TestWhoBearsAToken:
    def test_a_token_of_another_store_with_the_same_secret_is_nobody(self, run: Run, main: Store, db: Session) -> None:
        other = make_store(db, "WEST")
        token = run("tokens", "create", "--store", "MAIN", "--role", "packer").stdout.splitlines()[-1]

        assert find_token(db, token.replace(f"pb_{main.id}_", f"pb_{other.id}_")) is None

    def test_a_revoked_token_is_nobody(self, run: Run, main: Store, db: Session) -> None:
        token = run("tokens", "create", "--store", "MAIN", "--role", "packer").stdout.splitlines()[-1]
        kept = db.scalars(select(ApiToken).where(ApiToken.store_id == main.id)).one()
        kept.revoked_at = kept.created_at
        db.commit()

        assert find_token(db, token) is None

    @pytest.mark.parametrize("malformed", ["", "pb_", "pb_1_short", f"pb_0_{'a' * 43}", f"pb_١_{'a' * 43}", "x" * 9999])
    def test_what_is_no_token_is_nobody(self, db: Session, malformed: str) -> None:
        assert find_token(db, malformed) is None
