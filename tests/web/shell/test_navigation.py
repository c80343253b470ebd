"""The header's links."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.helpers.addresses import all_links
from tests.helpers.cast import Part
from tests.helpers.tablet import Tablet
from webapp.auth.guard import ROLES_MARK
from webapp.domain.roles import Role
from webapp.web.navigation import NAVIGATION, NavigationItem


@pytest.mark.parametrize("item", NAVIGATION, ids=lambda item: f"{item.section}-{item.label}")
def test_a_link_leads_to_its_section_and_shows_to_nobody_who_may_not_follow(app: Flask, item: NavigationItem) -> None:
    endpoint, _ = app.url_map.bind("localhost").match(item.path(all_links()))

    assert endpoint.partition(".")[0] == item.section
    assert item.roles <= getattr(app.view_functions[endpoint], ROLES_MARK)


@pytest.mark.parametrize(
    ("part", "labels"),
    [
        ("packer", ["Orders", "Stock", "Exceptions"]),
        ("manager", ["To decide", "Orders", "Stock", "Import", "Activity"]),
        ("supervisor", ["Activity", "Orders", "Stock", "Exceptions"]),
        ("admin", ["To decide", "Orders", "Stock", "Activity"]),
    ],
)
def test_what_a_role_does_first_stands_first(
    tablet_of: Callable[[Part], Tablet], part: Part, labels: list[str]
) -> None:
    tablet = tablet_of(part)
    links = tablet.get("/stock").root.one("nav", css="navigation").all("a")

    assert [link.words for link in links] == labels
    assert tablet.get("/").location == links[0]["href"]


@pytest.mark.parametrize("part", [role.value for role in Role])
def test_the_current_section_is_marked(client_as: Callable[[Part], FlaskClient], part: Part) -> None:
    client = client_as(part)

    assert client.get("/orders").text.count('aria-current="page"') == 1
    assert 'aria-current="page"' not in client.get("/styleguide").text


def test_who_is_not_signed_in_sees_none(client: FlaskClient) -> None:
    assert "<nav" not in client.get("/login").text
    assert "<nav" not in client.get("/nothing").text
