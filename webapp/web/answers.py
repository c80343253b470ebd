"""Builds the responses of screens: redirects, pages and panels."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from webapp.web.requests import is_htmx


def go_to(path: str) -> BaseResponse:
    """Redirect to a page. htmx gets a header to load it, since it would swap a redirect's page into the panel."""
    return Response(status=204, headers={"HX-Redirect": path}) if is_htmx() else redirect(path, 303)


def page_or_panel(page: str, panel: str, *, status: int = 200, **context: Any) -> Response:
    """Render the page, or for htmx the panel within it."""
    return Response(render_template(panel if is_htmx() else page, **context), status=status)


def render_panel(template: str, **context: Any) -> str:
    """Render a panel alone; what the page shows around it is not computed."""
    return current_app.jinja_env.get_template(template).render(context)
