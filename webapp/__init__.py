"""Packbench: the order-fulfilment desk of a shop's warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import (
    api,
    cli,
    compression,
    config,
    hosts,
    languages,
    logs,
    paths,
    proxy_headers,
    security,
    storable_input,
    web,
)
from webapp.auth import cookie, sign_in_limits
from webapp.database import engine
from webapp.extensions import csrf, db, migrate
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
    Path(app.instance_path).mkdir(mode=0o700, exist_ok=True)
    hosts.init_app(app)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        # Flask's documented way to wrap an app.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    template_environment.init_app(app)
    languages.init_app(app)
    logs.init_app(app)
    proxy_headers.init_app(app)
    compression.init_app(app)
    security.init_app(app)
    cookie.init_app(app)
    storable_input.init_app(app)
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
    # A list of secrets, the present one last: a form that was open when the secret changed is still valid.
    app.config["WTF_CSRF_SECRET_KEY"] = [*app.config["SECRET_KEY_FALLBACKS"], app.secret_key]
    csrf.init_app(app)
    sign_in_limits.init_app(app)
