"""JSON for programs: versioned routes under /api/, registered here."""

from __future__ import annotations

from flask import Flask

from webapp.api import openapi, order_changes, orders
from webapp.extensions import csrf


def register(app: Flask) -> None:
    """Attach the routes and the document that describes them. A token stands in for CSRF: no browser sends it alone."""
    parts = (orders, order_changes, openapi)
    for part in parts:
        csrf.exempt(part.blueprint)
        app.register_blueprint(part.blueprint)
    openapi.describe(app, {part.blueprint.name: part.ABOUT for part in parts})
