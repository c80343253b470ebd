"""Packbench: the order-fulfilment desk of a shop's warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import api, cli, compression, config, languages, logs, paths, security, web
from webapp.auth import guard
from webapp.database import engine
from webapp.extensions import csrf, db, limiter, login_manager, migrate
from webapp.web import template_environment


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Build the application: settings, logs, extensions, headers, screens, commands.

    ``overrides`` are configuration values that win over the environment, for tests.
    """
    app = Flask(
        __name__,
        template_folder=str(config.ROOT / "templates"),
        static_folder=str(config.ROOT / "static"),
        instance_path=str(config.ROOT / "instance"),
    )
    app.config.from_mapping(config.settings_from_environment(Path(app.instance_path)))
    app.config.update(overrides or {})
    Path(app.instance_path).mkdir(exist_ok=True)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        # How Flask is wrapped: its own guide assigns the method.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    template_environment.init_app(app)
    languages.init_app(app)
    logs.init_app(app)
    compression.init_app(app)
    security.init_app(app)
    _bind_extensions(app)
    paths.init_app(app)
    web.register(app)
    api.register(app)
    cli.register(app)
    return app


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        engine.prepare(db.engine)
    migrate.init_app(
        app, db, directory=str(config.ROOT / "migrations"), render_as_batch=True, compare_server_default=True
    )
    csrf.init_app(app)
    # Templates get `signed_in` from the guard: looking the person up while a page renders could fail half way.
    login_manager.init_app(app, add_context_processor=False)
    # Nobody is remembered beyond a session. Looking for that at each answer would have browsers keep static files for
    # one cookie only (`Vary: Cookie`), and fetch them again after signing in.
    app.after_request_funcs[None].remove(login_manager._update_remember_cookie)
    guard.init_app()
    limiter.init_app(app)
    if limiter.enabled:
        # Only signing in is limited, and its decorators look for themselves; before all other requests it costs time.
        app.before_request_funcs[None].remove(limiter._check_request_limit)
