"""HTML screens for people, one module per screen. Every module with a ``blueprint`` is registered."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint, Flask

from webapp.web import assets, errors, links, navigation, remembered, template_sentences, template_words


def register(app: Flask) -> None:
    """Register the screens, the error pages, and what all templates use."""
    assets.register(app)
    errors.register(app)
    navigation.register(app)
    template_sentences.register(app)
    template_words.register(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    links.register(app)
    remembered.register(app)


def blueprints() -> Iterator[Blueprint]:
    """Yield every screen's blueprint."""
    for module in iter_modules(__path__):
        blueprint = getattr(import_module(f"{__name__}.{module.name}"), "blueprint", None)
        if blueprint:
            yield blueprint
