"""``flask stores`` and ``flask users``."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, make_store, make_user
from webapp.domain.roles import Role
from webapp.models import Membership, Store, User

pytestmark = pytest.mark.both_engines

Run = Callable[..., Result]
OF_MAIN = ("--store", "MAIN")


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

    @pytest.mark.parametrize("name", ["", "two words", "token:anna", "n" * 65, "-", "..", "_", "@anna", "аnna", "annα"])
    def test_a_name_that_would_confuse_the_trail_is_refused(self, run: Run, db: Session, name: str) -> None:
        answer = create_user(run, name, "MAIN", "packer")

        assert answer.exit_code == 1
        assert db.scalar(select(func.count()).select_from(User)) == 0

    @pytest.mark.parametrize("name", ["system", "System", "import", "seed", "TOKEN", "ｉｍｐｏｒｔ", "unknown"])
    def test_a_name_of_the_program_is_refused(self, run: Run, db: Session, name: str) -> None:
        answer = create_user(run, name, "MAIN", "packer")

        assert answer.exit_code == 1
        assert "stands for a program" in answer.output
        assert db.scalar(select(func.count()).select_from(User)) == 0

    @pytest.mark.parametrize("typed", ["ａｎｎａ", "anna"])
    def test_a_name_is_stored_in_its_usual_letters_and_signs_in_either_way(
        self, run: Run, app: Flask, db: Session, typed: str
    ) -> None:
        create_user(run, typed, "MAIN", "packer")

        assert db.scalars(select(User.username)).all() == ["anna"]
        assert can_sign_in(app, "anna")
        assert can_sign_in(app, typed)

    @pytest.mark.parametrize("name", ["Éva", "E\u0301VA", "éva"])
    def test_a_name_in_another_spelling_is_taken(self, run: Run, db: Session, name: str) -> None:
        create_user(run, "éva", "MAIN", "packer")

        assert create_user(run, name, "MAIN", "packer", "quite another password").exit_code == 1
        assert db.scalars(select(User.username)).all() == ["éva"]

    @pytest.mark.parametrize("name", ["import", "-", "..", "ａdmin", "аdmin"])
    def test_an_odd_name_that_is_there_goes_on_working(
        self, run: Run, app: Flask, db: Session, main: Store, name: str
    ) -> None:
        make_user(db, main, Role.PACKER, name)

        assert can_sign_in(app, name, PASSWORD)
        assert run("users", "password", name, "--password-stdin", stdin="the newer password\n").exit_code == 0
        assert can_sign_in(app, name, "the newer password")
        assert create_user(run, "admin", "MAIN", "packer").exit_code == (1 if name == "ａdmin" else 0)

    def test_a_store_that_is_not_there_is_named(self, run: Run) -> None:
        answer = create_user(run, "anna", "NOWHERE", "packer")

        assert answer.exit_code == 1
        assert "NOWHERE" in answer.output

    @pytest.mark.parametrize("password", ["", "   ", "p" * 1025])
    def test_a_password_that_is_none_is_refused(self, run: Run, db: Session, password: str) -> None:
        answer = create_user(run, "anna", "MAIN", "packer", password)

        assert answer.exit_code == 1
        assert db.scalar(select(func.count()).select_from(User)) == 0

    @pytest.mark.parametrize(
        ("password", "role", "sentence"),
        [
            ("short", "packer", "at least 8 characters"),
            ("rT7#kq2xY-a", "manager", "at least 12 characters"),
            ("password1", "packer", "strangers try first"),
            ("anna-2026!", "packer", "the name or the store"),
            ("the Main shop", "packer", "the name or the store"),
        ],
    )
    def test_a_password_that_is_easily_guessed_is_refused(
        self, run: Run, db: Session, main: Store, password: str, role: str, sentence: str
    ) -> None:
        main.name = "Main shop"
        db.commit()

        answer = create_user(run, "anna", "MAIN", role, password)

        assert answer.exit_code == 1
        assert sentence in answer.output
        assert db.scalar(select(func.count()).select_from(User)) == 0

    def test_a_new_password_must_suit_the_highest_role(self, run: Run, app: Flask, db: Session) -> None:
        make_store(db, "WEST")
        create_user(run, "anna", "MAIN", "packer")
        create_user(run, "anna", "WEST", "manager")

        for password, sentence in (("rT7#kq2xY-a", "at least 12 characters"), ("west-anna", "at least 12")):
            answer = run("users", "password", "anna", "--password-stdin", stdin=f"{password}\n")
            assert answer.exit_code == 1
            assert sentence in answer.output

        assert can_sign_in(app, "anna")

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


@pytest.mark.usefixtures("main")
class TestAccounts:
    def test_a_closed_account_signs_nobody_in_until_it_is_opened_again(self, run: Run, app: Flask) -> None:
        create_user(run, "anna", "MAIN", "packer")

        assert run("users", "disable", "anna").stdout == "The account of anna is closed.\n"
        assert "was already closed" in run("users", "disable", "anna").output
        assert not can_sign_in(app, "anna")

        assert run("users", "enable", "anna").stdout == "The account of anna is open.\n"
        assert "was already open" in run("users", "enable", "anna").output
        assert can_sign_in(app, "anna")

    def test_a_role_is_changed_in_one_store_only(self, run: Run, db: Session) -> None:
        make_store(db, "WEST")
        for code in ("MAIN", "WEST"):
            create_user(run, "anna", code, "packer")

        first, again = (run("users", "role", "anna", "manager", "--store", "MAIN") for _ in range(2))

        assert first.stdout == "anna is manager in MAIN and was signed out.\n"
        assert "fewer than 12 characters, give them a new one" in first.stderr
        assert again.stdout == "anna is manager in MAIN already.\n"
        roles = select(Store.code, Membership.role).join(Membership, Membership.store_id == Store.id)
        assert sorted(db.execute(roles).all()) == [("MAIN", Role.MANAGER), ("WEST", Role.PACKER)]

    def test_the_list_names_each_person_with_store_role_and_state(self, run: Run, db: Session) -> None:
        make_store(db, "WEST")
        create_user(run, "anna", "MAIN", "packer")
        create_user(run, "anna", "WEST", "manager")
        create_user(run, "bert", "WEST", "admin")
        run("users", "remove", "anna", "--store", "MAIN")
        run("users", "remove", "bert", "--store", "WEST")
        run("users", "disable", "bert")

        lines = [line.split()[:4] for line in run("users", "list").output.splitlines()]
        assert lines[1:] == [["anna", "WEST", "manager", "open"], ["bert", "none", "none", "closed"]]
        assert run("users", "list", "--store", "MAIN").output.splitlines()[1:] == []

    @pytest.mark.parametrize(
        "words",
        [("disable", "nobody"), ("enable", "nobody"), ("sign-out", "nobody"), ("role", "nobody", "packer", *OF_MAIN)],
    )
    def test_a_person_who_is_not_there_is_named(self, run: Run, words: tuple[str, ...]) -> None:
        answer = run("users", *words)

        assert answer.exit_code == 1
        assert "no such person" in answer.output
