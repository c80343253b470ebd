"""The header's links."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.helpers.cast import Part
from webapp.auth.guard import ROLES_MARK
from webapp.domain.roles import Role
from webapp.web.navigation import NAVIGATION, NavigationItem


@pytest.mark.parametrize("item", NAVIGATION, ids=lambda item: item.section)
def test_a_link_leads_to_its_section_and_shows_to_exactly_those_who_may_follow(
    app: Flask, item: NavigationItem
) -> None:
    path, section, roles = item.path, item.section, item.roles
    endpoint, _ = app.url_map.bind("localhost").match(path)

    assert endpoint.partition(".")[0] == section
    assert getattr(app.view_functions[endpoint], ROLES_MARK) == roles


@pytest.mark.parametrize("part", [role.value for role in Role])
def test_the_current_section_is_marked(client_as: Callable[[Part], FlaskClient], part: Part) -> None:
    client = client_as(part)

    assert client.get("/orders").text.count('aria-current="page"') == 1
    assert 'aria-current="page"' not in client.get("/styleguide").text


def test_who_is_not_signed_in_sees_none(client: FlaskClient) -> None:
    assert "<nav" not in client.get("/login").text
    assert "<nav" not in client.get("/nothing").text
