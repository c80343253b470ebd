"""The tour: new people see it, closing it lasts, it can be restarted, and it points at existing elements."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, make_user
from tests.helpers.cast import NAMES, Cast, Part
from tests.helpers.markup import Element, parse
from tests.helpers.tablet import Tablet
from webapp.domain.roles import Role
from webapp.models import Membership, User

STEPS = {"packer": 4, "manager": 4, "supervisor": 3, "admin": 3}


@pytest.fixture
def newcomer(db: Session, cast: Cast) -> None:
    """Nobody of the cast has closed the tour."""
    db.execute(update(Membership).values(tour_ended_at=None))
    db.commit()


def steps(tablet: Tablet, path: str) -> list[Element]:
    return [element for element in tablet.get(path).root.all("li") if "data-tour-step" in element.attributes]


@pytest.mark.usefixtures("newcomer")
@pytest.mark.parametrize(("part", "count"), STEPS.items())
def test_who_is_new_is_shown_around_where_the_work_begins(
    tablet_of: Callable[[Part], Tablet], part: Part, count: int
) -> None:
    tablet = tablet_of(part)

    tour = steps(tablet, tablet.get("/").location)

    assert len(tour) == count
    assert tour[0]["data-tour-step"]
    assert [at for at, step in enumerate(tour) if "data-shown" in step.attributes] == [0]
    assert steps(tablet, "/stock") == []


@pytest.mark.usefixtures("newcomer")
def test_a_tour_that_is_ended_stays_away_and_leaves_one_on_the_page(
    packer: Tablet, tablet_of: Callable[[Part], Tablet]
) -> None:
    (form,) = packer.get("/orders?status=all").root.one("aside", css="tour").all("form")

    answer = packer.send(form, htmx=False)

    assert (answer.status, answer.location) == (303, "/orders?status=all")
    assert steps(packer, "/orders") == []
    assert steps(tablet_of("packer"), "/orders") == []
    assert steps(tablet_of("manager"), "/exceptions") != []


def test_a_tour_can_be_taken_again_from_the_menu(tablet_of: Callable[[Part], Tablet]) -> None:
    manager = tablet_of("manager")
    form = next(form for form in manager.get("/stock").root.all("form") if form["action"] == "/tour")

    answer = manager.send(form, htmx=False, action="begin")

    assert (answer.status, answer.location) == (303, "/exceptions")
    assert len(steps(manager, "/exceptions")) == STEPS["manager"]


@pytest.mark.usefixtures("newcomer")
@pytest.mark.parametrize("action", ["", "pause"])
def test_nothing_else_can_be_done_with_a_tour(packer: Tablet, action: str) -> None:
    assert packer.post("/tour", {"action": action}, htmx=False).status == 422
    assert steps(packer, "/orders") != []


def test_a_tour_is_of_one_store(client: FlaskClient, db: Session, cast: Cast) -> None:
    user = make_user(db, cast.store, Role.PACKER, "nina", tour_ended=False)
    db.add(Membership(store_id=cast.other_store.id, user_id=user.id, role=Role.MANAGER))
    db.commit()
    client.post("/login", data={"username": "nina", "password": PASSWORD})

    client.post("/tour", data={"action": "end"})

    ended = select(Membership.store_id).join(User, User.id == Membership.user_id)
    left = db.scalars(ended.where(User.username == "nina", Membership.tour_ended_at.is_(None))).all()
    assert len(left) == 1


def test_the_cast_knows_its_way_about(client: FlaskClient, cast: Cast) -> None:
    client.post("/login", data={"username": NAMES["packer"], "password": PASSWORD})

    assert parse(client.get("/orders").text).all("aside", css="tour") == []
