"""HTML for people: one module per screen, registered here."""

from __future__ import annotations

from flask import Flask

from webapp.web import (
    activity,
    assets,
    audit,
    cancellations,
    errors,
    exceptions,
    health,
    item_cancellations,
    languages,
    matching,
    navigation,
    orders,
    picking,
    pictures,
    returns,
    saved_filters,
    sessions,
    shipments,
    shortages,
    shortcuts,
    statuses,
    stock,
    styleguide,
    template_words,
    tours,
)

_SCREENS = (
    activity,
    audit,
    cancellations,
    exceptions,
    health,
    item_cancellations,
    languages,
    matching,
    orders,
    picking,
    pictures,
    returns,
    saved_filters,
    sessions,
    shipments,
    shortages,
    shortcuts,
    statuses,
    stock,
    styleguide,
    tours,
)


def register(app: Flask) -> None:
    """Attach the screens, the error pages and what every page shows."""
    assets.register(app)
    errors.register(app)
    navigation.register(app)
    template_words.register(app)
    for screen in _SCREENS:
        app.register_blueprint(screen.blueprint)
