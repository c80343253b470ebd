"""HTML for people: one module per screen, registered here."""

from __future__ import annotations

from flask import Flask

from webapp.web import (
    assets,
    audit,
    cancellations,
    errors,
    exceptions,
    health,
    item_cancellations,
    matching,
    navigation,
    orders,
    picking,
    returns,
    sessions,
    shipments,
    shortages,
    statuses,
    stock,
    styleguide,
)
from webapp.web.whitespace import CompactWhitespace

_SCREENS = (
    audit,
    cancellations,
    exceptions,
    health,
    item_cancellations,
    matching,
    orders,
    picking,
    returns,
    sessions,
    shipments,
    shortages,
    statuses,
    stock,
    styleguide,
)


def register(app: Flask) -> None:
    """Attach the screens, the error pages and what every page shows."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True  # A list of 50 orders is half as long on the wire.
    app.jinja_env.add_extension(CompactWhitespace)
    assets.register(app)
    errors.register(app)
    navigation.register(app)
    for screen in _SCREENS:
        app.register_blueprint(screen.blueprint)
