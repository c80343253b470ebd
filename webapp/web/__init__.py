"""HTML for people: one module per screen, registered here."""

from __future__ import annotations

from flask import Flask

from webapp.web import (
    assets,
    errors,
    health,
    navigation,
    orders,
    picking,
    sessions,
    shipments,
    shortages,
    statuses,
    styleguide,
)
from webapp.web.whitespace import CompactWhitespace


def register(app: Flask) -> None:
    """Attach the screens, the error pages and what every page shows."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True  # A list of 50 orders is half as long on the wire.
    app.jinja_env.add_extension(CompactWhitespace)
    assets.register(app)
    errors.register(app)
    navigation.register(app)
    for screen in (health, orders, picking, sessions, shipments, shortages, statuses, styleguide):
        app.register_blueprint(screen.blueprint)
