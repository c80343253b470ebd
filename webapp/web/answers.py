"""How a form that did its work is answered: on to another page, with htmx or without."""

from __future__ import annotations

from flask import Response, redirect
from werkzeug.wrappers import Response as BaseResponse

from webapp.web.requests import is_htmx


def go_to(path: str) -> BaseResponse:
    """Lead on to a page; htmx is told to load it, since it would swap a redirect's page into the panel."""
    return Response(status=204, headers={"HX-Redirect": path}) if is_htmx() else redirect(path, 303)
