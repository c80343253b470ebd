"""The addresses of all screens, for presenter tests that need no application or database."""

from __future__ import annotations

from functools import cache

from flask import Flask

from webapp import paths
from webapp.presenters.links import Links
from webapp.web import blueprints
from webapp.web.links import build_links


@cache
def all_links() -> Links:
    """Return the addresses as the routes define them."""
    app = Flask("links")
    paths.init_app(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    return build_links(app)
