"""The JSON API for programs: versioned routes under /api/."""

from __future__ import annotations

from flask import Flask

from webapp.api import openapi, order_changes, orders
from webapp.extensions import csrf


def register(app: Flask) -> None:
    """Register the routes and their OpenAPI document. No CSRF check: a browser never sends a token by itself."""
    parts = (orders, order_changes, openapi)
    for part in parts:
        csrf.exempt(part.blueprint)
        app.register_blueprint(part.blueprint)
    openapi.describe(app, {part.blueprint.name: part.ABOUT for part in parts})
