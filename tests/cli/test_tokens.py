"""``flask tokens``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.factories import make_store, make_token
from webapp.auth.tokens import find_token
from webapp.domain.roles import Role
from webapp.models import ApiToken, Store

pytestmark = pytest.mark.both_engines

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run a command: ``run("tokens", "list")``."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=words)


@pytest.fixture
def main(db: Session) -> Store:
    return make_store(db, "MAIN", time_zone="Europe/Luxembourg")


def create(run: Run, *words: str, role: str = "packer") -> Result:
    return run("tokens", "create", "--store", "MAIN", "--role", role, *words)


def token_of(answer: Result) -> str:
    """The token that ``tokens create`` printed."""
    assert answer.exit_code == 0, answer.output
    return str(answer.stdout.splitlines()[-1])


def rows(listed: Result) -> list[list[str]]:
    """The cells of each line below the heading."""
    assert listed.exit_code == 0, listed.output
    return [re.split(r"\s{2,}", line) for line in listed.stdout.splitlines()[1:]]


class TestMaking:
    @pytest.mark.parametrize("role", list(Role))
    def test_the_last_line_is_the_token_alone_and_opens_the_store(
        self, run: Run, main: Store, db: Session, role: Role
    ) -> None:
        token = token_of(create(run, "--name", "erp", role=role.value))
        bearer = find_token(db, token)

        assert re.fullmatch(rf"pb_{main.id}_[A-Za-z0-9_-]{{43}}", token)
        assert bearer is not None
        assert (bearer.store_id, bearer.role, bearer.actor) == (main.id, role, "token:erp")

    def test_only_its_hash_is_kept(self, run: Run, main: Store, db: Session) -> None:
        token = token_of(create(run))
        kept = db.scalars(select(ApiToken).where(ApiToken.store_id == main.id)).one()

        assert token not in (kept.name, kept.token_hash)
        assert re.fullmatch("[0-9a-f]{64}", kept.token_hash)

    @pytest.mark.usefixtures("main")
    def test_without_a_name_each_gets_one_of_its_own_and_says_so(self, run: Run, db: Session) -> None:
        answers = [create(run) for _ in range(3)]

        bearers = [find_token(db, token_of(answer)) for answer in answers]
        assert [bearer and bearer.actor for bearer in bearers] == ["token:api", "token:api-2", "token:api-3"]
        assert "“api-3”" in answers[2].stderr

    @pytest.mark.usefixtures("main")
    def test_a_name_of_a_token_of_the_store_is_refused_even_of_one_that_ended(self, run: Run, db: Session) -> None:
        create(run, "--name", "erp")
        run("tokens", "revoke", "erp", "--store", "MAIN")

        answer = create(run, "--name", "erp")

        assert answer.exit_code == 1
        assert "is or was called “erp”" in answer.output
        assert db.scalar(select(func.count()).select_from(ApiToken)) == 1

    @pytest.mark.usefixtures("main")
    def test_stores_have_names_of_their_own(self, run: Run, db: Session) -> None:
        make_token(db, make_store(db, "WEST"), name="erp")

        assert create(run, "--name", "erp").exit_code == 0

    @pytest.mark.usefixtures("main")
    @pytest.mark.parametrize("name", ["", "two words", "a:b", "n" * 59])
    def test_a_name_that_would_confuse_the_trail_is_refused(self, run: Run, db: Session, name: str) -> None:
        answer = create(run, "--name", name)

        assert answer.exit_code == 1
        assert db.scalar(select(func.count()).select_from(ApiToken)) == 0

    def test_a_store_that_is_not_there_is_named(self, run: Run) -> None:
        answer = run("tokens", "create", "--store", "NOWHERE", "--role", "packer")

        assert answer.exit_code == 1
        assert "NOWHERE" in answer.output


@pytest.mark.usefixtures("main")
class TestItsEnd:
    def test_comes_after_a_year_unless_it_is_set(self, run: Run, db: Session) -> None:
        create(run)
        kept = db.scalars(select(ApiToken)).one()

        assert timedelta(days=364) < kept.expires_at - kept.created_at < timedelta(days=366)

    def test_is_a_number_of_days_or_the_end_of_a_day_in_the_store(self, run: Run, db: Session) -> None:
        create(run, "--name", "days", "--expires", "90")
        create(run, "--name", "until", "--expires", f"{datetime.now(UTC).year + 2}-03-31")
        days, until = db.scalars(select(ApiToken).order_by(ApiToken.name))

        assert timedelta(days=89) < days.expires_at - days.created_at < timedelta(days=91)
        assert until.expires_at == datetime(datetime.now(UTC).year + 2, 3, 31, 22, tzinfo=UTC)

    @pytest.mark.parametrize("term", ["0", "-1", "3651", "2020-01-01", "2999-01-01", "soon", "", "2027-02-30"])
    def test_that_cannot_be_is_refused(self, run: Run, db: Session, term: str) -> None:
        answer = create(run, "--expires", term)

        assert answer.exit_code == 1
        assert db.scalar(select(func.count()).select_from(ApiToken)) == 0

    @pytest.mark.parametrize(
        ("term", "sentence"),
        [("9999-12-31", "must be in the next"), ("2999-01-01", "must be in the next"), ("2027-02-30", "neither a")],
    )
    def test_that_is_too_far_away_is_told_apart_from_what_is_no_day(self, run: Run, term: str, sentence: str) -> None:
        assert sentence in create(run, "--expires", term).output

    def test_ends_what_it_opens(self, run: Run, db: Session) -> None:
        token = token_of(create(run))
        db.execute(update(ApiToken).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
        db.commit()

        assert find_token(db, token) is None
        assert rows(run("tokens", "list"))[0][-1] == "over"


class TestRevoking:
    def test_ends_a_token_and_no_other(self, run: Run, main: Store, db: Session) -> None:
        lost, kept = (token_of(create(run, "--name", name)) for name in ("lost", "kept"))
        elsewhere = make_token(db, make_store(db, "WEST"), name="lost")

        answer = run("tokens", "revoke", "lost", "--store", "MAIN")

        assert answer.stdout == "Token “lost” of store MAIN is revoked.\n"
        assert find_token(db, lost) is None
        assert find_token(db, kept) is not None
        assert find_token(db, elsewhere) is not None

    def test_again_changes_nothing(self, run: Run, main: Store, db: Session) -> None:
        create(run, "--name", "lost")
        first, again = (run("tokens", "revoke", "lost", "--store", "MAIN") for _ in range(2))

        assert (first.exit_code, again.exit_code) == (0, 0)
        assert "was already revoked" in again.output

    def test_a_name_that_no_token_has_is_refused(self, run: Run, main: Store) -> None:
        answer = run("tokens", "revoke", "erp", "--store", "MAIN")

        assert answer.exit_code == 1
        assert "no token of this name" in answer.output


def test_the_list_names_each_token_with_its_role_and_state(run: Run, main: Store, db: Session) -> None:
    make_token(db, make_store(db, "WEST"), name="theirs")
    create(run, "--name", "shop", role="manager")
    create(run, "--name", "lost")
    run("tokens", "revoke", "lost", "--store", "MAIN")

    listed = rows(run("tokens", "list", "--store", "MAIN"))
    everybodys = rows(run("tokens", "list"))

    assert [(row[0], row[1], row[2], row[4], row[6]) for row in listed] == [
        ("MAIN", "lost", "packer", "never", "revoked"),
        ("MAIN", "shop", "manager", "never", "valid"),
    ]
    assert [row[1] for row in everybodys] == ["lost", "shop", "theirs"]


class TestWhoBearsAToken:
    def test_a_token_of_another_store_with_the_same_secret_is_nobody(self, run: Run, main: Store, db: Session) -> None:
        other = make_store(db, "WEST")
        token = token_of(create(run))

        assert find_token(db, token.replace(f"pb_{main.id}_", f"pb_{other.id}_")) is None

    @pytest.mark.parametrize("malformed", ["", "pb_", "pb_1_short", f"pb_0_{'a' * 43}", f"pb_١_{'a' * 43}", "x" * 9999])
    def test_what_is_no_token_is_nobody(self, db: Session, malformed: str) -> None:
        assert find_token(db, malformed) is None


class TestTheTimeOfLastUse:
    def ask(self, app: Flask, token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return app.test_client().get("/api/v1/store/orders", headers=headers, buffered=True).status_code

    def used_at(self, db: Session) -> datetime | None:
        db.rollback()
        return db.scalars(select(ApiToken.used_at)).one()

    def test_is_written_at_most_once_an_hour(self, app: Flask, main: Store, db: Session) -> None:
        token = make_token(db, main)
        assert self.used_at(db) is None

        assert self.ask(app, token) == 200
        first = self.used_at(db)
        assert first is not None
        self.ask(app, token)
        assert self.used_at(db) == first

        db.execute(update(ApiToken).values(used_at=first - timedelta(hours=2)))
        db.commit()
        self.ask(app, token)
        last = self.used_at(db)
        assert last is not None
        assert last >= first

    def test_is_not_written_for_a_token_that_ended(self, app: Flask, main: Store, db: Session) -> None:
        token = make_token(db, main)
        db.execute(update(ApiToken).values(revoked_at=datetime.now(UTC)))
        db.commit()

        assert self.ask(app, token) == 401
        assert self.used_at(db) is None
