"""JSON for programs: versioned routes under /api/, registered here."""

from __future__ import annotations

from flask import Flask

from webapp.api import openapi, order_changes, orders
from webapp.extensions import csrf


def register(app: Flask) -> None:
    """Attach the routes and the document that describes them. A token stands in for CSRF: no browser sends it alone."""
    blueprints = [routes.blueprint for routes in (orders, order_changes, openapi)]
    for blueprint in blueprints:
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint)
    openapi.describe(app, blueprints)
