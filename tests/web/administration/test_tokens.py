"""Tokens of programs on their page."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_token
from tests.helpers.cast import Cast
from tests.helpers.tablet import Answer, Tablet
from webapp.domain.roles import Role
from webapp.models import ApiToken

FORM: dict[str, object] = {"name": "webshop", "role": "packer", "term": "30"}


def make(admin: Tablet, **fields: object) -> Answer:
    return admin.post("/tokens", {**FORM, **fields}, htmx=False)


def secret_on(answer: Answer) -> str:
    assert answer.status == 200
    return answer.root.one("textarea", id="shown-once").words


def opens(admin: Tablet, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    return admin.client.application.test_client().get("/api/v1/store/orders", headers=headers).status_code == 200


def test_a_token_is_shown_once_opens_the_api_and_ends_when_it_is_revoked(
    admin: Tablet, db: Session, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    token = secret_on(make(admin))

    assert re.fullmatch(rf"pb_{cast.store.id}_[\w-]{{43}}", token)
    assert opens(admin, token)
    page = admin.get("/tokens")
    assert token not in page.response.text
    assert "webshop packer" in page.words
    kept = db.scalars(select(ApiToken)).one()
    for _ in range(2):
        admin.post(f"/tokens/{kept.id}/revocation", htmx=False)
    assert not opens(admin, token)
    assert "revoked" in admin.get("/tokens").words
    log = re.findall(r"security: (event=token outcome=\S+ name=\S+) address=\S+ (.*)$", capsys.readouterr().err, re.M)
    assert log == [
        ("event=token outcome=made name=token:webshop", "store=MAIN role=packer by=ada"),
        ("event=token outcome=revoked name=token:webshop", "store=MAIN by=ada"),
    ]


def test_a_form_sent_twice_makes_one_token_and_shows_it_again(admin: Tablet, db: Session) -> None:
    tokens = {secret_on(make(admin, idempotency_key="tap")) for _ in range(2)}

    assert len(tokens) == 1
    assert len(db.scalars(select(ApiToken)).all()) == 1


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"name": ""}, "name", "A token's name is 1 to 58"),
        ({"name": "x" * 59}, "name", "A token's name is 1 to 58"),
        ({"role": "root"}, "role", "Choose one of the roles."),
        ({"term": ""}, "term", "neither a number of days nor a day"),
        ({"term": "0"}, "term", "neither a number of days nor a day"),
        ({"term": "3651"}, "term", "The end must be in the next 3650 days."),
        ({"term": "2020-01-01"}, "term", "The end must be in the next 3650 days."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    admin: Tablet, db: Session, fields: dict[str, object], field: str, sentence: str
) -> None:
    answer = make(admin, **fields)

    assert answer.status == 422
    assert sentence in answer.root.one(id=f"{field}-error").words
    assert db.scalars(select(ApiToken)).all() == []


def test_a_name_is_given_once(admin: Tablet) -> None:
    make(admin)

    answer = make(admin, role="admin")

    assert answer.status == 409
    assert "is or was called “webshop”" in answer.words


def test_another_stores_token_is_as_absent_as_none(admin: Tablet, db: Session, cast: Cast) -> None:
    make_token(db, cast.other_store, Role.MANAGER)
    foreign = db.scalars(select(ApiToken)).one()

    answers = [admin.post(f"/tokens/{token_id}/revocation") for token_id in (foreign.id, 999999)]

    assert [answer.status for answer in answers] == [404, 404]
    assert db.scalars(select(ApiToken)).one().revoked_at is None
    assert foreign.name not in admin.get("/tokens").root.one("main").words
