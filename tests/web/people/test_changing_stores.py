"""People who work in several stores."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests.helpers.cast import Cast, Part, also_in_other_store
from tests.helpers.sessions import A_PAGE, SIGN_IN
from webapp.domain.roles import Role
from webapp.models import Membership


@pytest.fixture
def packer(client_as: Callable[[Part], FlaskClient]) -> FlaskClient:
    return client_as("packer")


@pytest.fixture
def several(client: FlaskClient, db: Session, cast: Cast) -> FlaskClient:
    """The packer, who is a manager in the other store, too; signed in."""
    also_in_other_store(db, cast, "packer", Role.MANAGER)
    client.post("/login", data=SIGN_IN)
    return client


def test_the_header_offers_it_to_those_with_several_stores(
    several: FlaskClient, client_as: Callable[[Part], FlaskClient]
) -> None:
    assert "Change store" in several.get(A_PAGE).text
    assert "Change store" not in client_as("manager").get(A_PAGE).text


def test_one_works_in_the_other_store_with_the_role_there(several: FlaskClient, cast: Cast) -> None:
    answer = several.post("/store", data={"store_id": str(cast.other_store.id)})
    page = several.get("/store").text

    assert answer.status_code == 303
    assert f"{cast.other_store.code}, as manager" in page
    assert cast.other_store.name in page


def test_only_own_stores_are_listed(packer: FlaskClient, cast: Cast) -> None:
    page = packer.get("/store").text

    assert cast.store.name in page
    assert cast.other_store.name not in page


def test_a_store_of_others_is_as_unknown_as_one_that_is_not_there(packer: FlaskClient, cast: Cast) -> None:
    answers = [
        packer.post("/store", data={"store_id": store_id}, headers={"HX-Request": "true"})
        for store_id in (str(cast.other_store.id), "999", "x", "")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1


def test_the_end_of_one_membership_leaves_the_other(several: FlaskClient, db: Session, cast: Cast) -> None:
    db.execute(delete(Membership).where(Membership.store_id == cast.store.id))
    db.commit()

    assert several.get(A_PAGE).status_code == 303
    assert several.post("/login", data=SIGN_IN).status_code == 303
    assert cast.other_store.name in several.get(A_PAGE).text
