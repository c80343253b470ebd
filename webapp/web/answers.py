"""What answers of all screens are made of: the way on to another page, a page or its panel."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from webapp.web.requests import is_htmx


def go_to(path: str) -> BaseResponse:
    """Lead on to a page; htmx is told to load it, since it would swap a redirect's page into the panel."""
    return Response(status=204, headers={"HX-Redirect": path}) if is_htmx() else redirect(path, 303)


def page_or_panel(page: str, panel: str, *, status: int = 200, **context: Any) -> Response:
    """Render the page, or for htmx the panel that stands in it."""
    return Response(render_template(panel if is_htmx() else page, **context), status=status)


def render_panel(template: str, **context: Any) -> str:
    """Render a panel with what it needs and nothing else: what a page shows around it is not computed."""
    return current_app.jinja_env.get_template(template).render(context)
