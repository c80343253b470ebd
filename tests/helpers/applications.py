"""Applications for tests: one for many tests in turn, each on its own database; building one takes longer than most
tests."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import MethodType
from typing import Any, cast

from flask import Flask
from sqlalchemy import Engine, create_engine

from tests.helpers.databases import settings, share_compiled_statements
from tests.helpers.page_lint import LintingClient
from tests.helpers.templates import CompiledTemplates
from webapp import create_app, extensions
from webapp.database import engine as engines
from webapp.web.remembered import Remembered

_LOGGERS = ("packbench", "webapp")
_HOOKS = ("before_request_funcs", "after_request_funcs", "teardown_request_funcs", "template_context_processors")


def build(url: str, config: Mapping[str, Any]) -> Flask:
    """Build an application on the database at ``url``, with this configuration."""
    app = create_app({**settings(url), **config})
    app.jinja_env.bytecode_cache = CompiledTemplates()
    app.test_client_class = LintingClient
    with app.app_context():
        share_compiled_statements(extensions.db.engine)
    return app


class SharedApplication:
    """An application with the tests' configuration. A test may change its configuration, and nothing else."""

    def __init__(self) -> None:
        self._app = build("sqlite://", {})
        self._config = dict(self._app.config)
        self._levels = {name: logging.getLogger(name).level for name in _LOGGERS}
        self._parts = _parts(self._app)

    def on(self, url: str) -> Flask:
        """Return the application as it was built, with an engine of its own on the database at ``url``."""
        database = settings(url)
        self._app.config.clear()
        self._app.config.update(self._config | database)
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)  # An application of a test's own may have set another.
        engine = create_engine(url, **cast(dict[str, Any], database["SQLALCHEMY_ENGINE_OPTIONS"]))
        engines.prepare(engine)
        share_compiled_statements(engine)
        with self._app.app_context():
            cast(dict[str | None, Engine], extensions.db.engines)[None] = engine
        _forget_panels(self._app)
        return self._app

    def changes(self) -> list[str]:
        """Return which parts of it a test has changed."""
        now = _parts(self._app)
        return [name for name in now if now[name] != self._parts[name]]


def _parts(app: Flask) -> dict[str, object]:
    """Return what a test could change in an application besides its configuration."""
    environment = app.jinja_env
    return {
        "globals": dict(environment.globals),
        "filters": dict(environment.filters),
        "views": dict(app.view_functions),
        "addresses": [str(rule) for rule in app.url_map.iter_rules()],
        "extensions": dict(app.extensions),
        "test client": app.test_client_class,
        "entrance": app.wsgi_app,
        **{name: repr(getattr(app, name)) for name in _HOOKS},
    }


def _forget_panels(app: Flask) -> None:
    """Forget rendered panels: a test may replace what templates call."""
    render = cast(MethodType, app.jinja_env.globals["remembered"])
    cast(Remembered, render.__self__)._kept.cache_clear()
