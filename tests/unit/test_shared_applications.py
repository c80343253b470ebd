"""Tests take turns with one application: each finds it as it was built."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from flask import Flask

from tests.helpers.applications import SharedApplication
from webapp import extensions

CHANGES: dict[str, Callable[[Flask], object]] = {
    "globals": lambda app: app.jinja_env.globals.update(said="otherwise"),
    "filters": lambda app: app.jinja_env.filters.update(said=str),
    "views": lambda app: app.view_functions.update({"orders.index": lambda: "none"}),
    "addresses": lambda app: app.add_url_rule("/forgotten", view_func=lambda: ""),
    "before_request_funcs": lambda app: app.before_request(lambda: None),
    "template_context_processors": lambda app: app.context_processor(dict),
    "extensions": lambda app: app.extensions.update(said="otherwise"),
    "test client": lambda app: setattr(app, "test_client_class", None),
    "entrance": lambda app: setattr(app, "wsgi_app", None),
}


@pytest.mark.parametrize("part", CHANGES)
def test_a_change_of_the_application_is_found(part: str) -> None:
    shared = SharedApplication()
    app = shared.on("sqlite://")
    assert shared.changes() == []

    CHANGES[part](app)

    assert part in shared.changes()


def test_configuration_levels_and_database_are_the_next_tests_own() -> None:
    shared = SharedApplication()
    app = shared.on("sqlite:///one.db")
    level = logging.getLogger("packbench").level

    app.config["MAX_CONTENT_LENGTH"] = 1
    app.config["OF_ONE_TEST"] = True
    logging.getLogger("packbench").setLevel(logging.CRITICAL)
    shared.on("sqlite:///two.db")

    assert app.config["MAX_CONTENT_LENGTH"] != 1
    assert "OF_ONE_TEST" not in app.config
    assert logging.getLogger("packbench").level == level
    with app.app_context():
        assert extensions.db.engine.url.database == "two.db"
        assert app.config["SQLALCHEMY_DATABASE_URI"] == "sqlite:///two.db"
