"""Error pages; for htmx the same words as a notice, for programs as problem+json."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from typing import Final, cast
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, flash, g, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from webapp.api.problems import problem_response
from webapp.auth.errors import NotSignedIn
from webapp.auth.guard import is_api_request, signed_in_person
from webapp.auth.security_log import SecurityEvent, record
from webapp.auth.signed_in import SignedIn
from webapp.domain.errors import PackbenchError
from webapp.domain.wording import say
from webapp.extensions import db
from webapp.languages import _
from webapp.logs import request_id
from webapp.presenters.pieces import Link
from webapp.problems import RETRY_SECONDS, Problem, for_people, problem_from
from webapp.web.links import links
from webapp.web.requests import is_htmx
from webapp.web.sessions import safe_path

log = logging.getLogger("packbench.errors")

_MAY_PASS: Final = (429, 500, 503)
"""Statuses after which retrying the same page may work."""

_OF_VISITORS: Final = ("sessions.create", "joining.create", "setup.create")
"""Forms of those who are not signed in: their session has not ended."""

_DEAD_LINK: Final = say("This link leads nowhere")
_FROM_THE_START: Final = say("It may be old or incomplete. Open the page from its start.")


def register(app: Flask) -> None:
    """Register the handler for every error that leaves a route."""
    for kind in (HTTPException, PackbenchError, DBAPIError, PoolTimeout, sqlite3.OperationalError):
        app.register_error_handler(kind, answer)

    @app.after_request
    def say_when_to_retry(response: Response) -> Response:
        if response.status_code == 503:  # Also where a screen shows the refusal itself.
            response.headers.setdefault("Retry-After", RETRY_SECONDS)
        return response


def answer(error: Exception) -> BaseResponse:
    """Turn an error into a response: a page, a notice for htmx, or problem+json."""
    problem = problem_from(error)
    if problem.status >= 500:
        _log(problem, error)
    if isinstance(error, CSRFError):
        record(SecurityEvent.FORM, "refused", _name_of(_visitor(problem)), refused=True, path=request.path)
    if is_api_request():
        return problem_response(problem)
    if isinstance(error, NotSignedIn) or _is_form_of_an_ended_session(error, problem):
        return to_sign_in()
    problem = for_people(problem)
    if _is_of_a_link(problem):
        problem = replace(problem, title=_DEAD_LINK, advice=_FROM_THE_START)
    try:
        return _fragment(problem) if is_htmx() else _page(problem)
    except Exception:
        # The error page itself may be what broke, so fall back to plain words and the reference.
        log.exception("The error page broke")
        words = f"{problem.title}\n\n{problem.message}\n{problem.advice}\n\nReference: {request_id()}\n"
        return Response(words, status=problem.status, mimetype="text/plain")


def to_sign_in() -> BaseResponse:
    """Redirect to sign-in and back to this page afterwards; warn a person whose POST was lost."""
    if request.method not in ("GET", "HEAD"):
        flash(_("You were signed out, and what you sent last was not done. Sign in, then send it again."), "warning")
    elif is_htmx():  # A background poll: nobody lost any input.
        flash(_("You were signed out. Sign in to go on where you were."), "warning")
    came_from = request.headers.get("HX-Current-URL") or (
        request.url if request.method in ("GET", "HEAD") else request.referrer
    )
    path = _own_path(came_from)
    query = f"?{urlencode({'next': path})}" if path not in ("", "/") else ""
    target = links().sign_in + query
    if is_htmx():
        return Response(status=401, headers={"HX-Redirect": target})
    return redirect(target, 303)


def _is_form_of_an_ended_session(error: Exception, problem: Problem) -> bool:
    """Return whether a form lost its token because the session ended: signing in helps, reloading does not."""
    return isinstance(error, CSRFError) and request.endpoint not in _OF_VISITORS and _visitor(problem) is None


def _page(problem: Problem) -> Response:
    visitor = _visitor(problem)
    html = render_template(
        "pages/shell/error.html",
        problem=problem,
        request_id=request_id(),
        ways=_ways(problem),
        may_search=visitor is not None and problem.status == 404,
    )
    return _finish(html, problem)


def _ways(problem: Problem) -> list[Link]:
    """Return links that lead on from an error, the most useful first; never only the browser's Back."""
    ways = [Link(_("Go to the orders"), links().orders())]
    if request.method in ("GET", "HEAD"):
        if problem.status in _MAY_PASS:
            ways.insert(0, Link(_("Try again"), _own_path(request.url)))
        elif _is_of_a_link(problem) and request.query_string:
            ways.insert(0, Link(_("Open the page from its start"), request.path))
    elif back := _own_path(request.referrer):
        ways.insert(0, Link(_("Back to the page"), back))
    return ways


def _is_of_a_link(problem: Problem) -> bool:
    """Return whether the address itself is wrong, rather than a form's input."""
    return problem.status == 422 and request.method in ("GET", "HEAD")


def _own_path(url: str | None) -> str:
    """Return path and query of an address of this site; an empty string for another site's or a malformed address."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    if parts.netloc not in ("", request.host):
        return ""
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return safe_path(path) or ""


def _fragment(problem: Problem) -> Response:
    """Return the notice that htmx shows in the message area; the panel that sent the request stays as it was."""
    response = _finish(render_template("panels/shell/_error.html", problem=problem, request_id=request_id()), problem)
    response.headers["HX-Retarget"] = "#flash"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _finish(html: str, problem: Problem) -> Response:
    response = make_response(html, problem.status)
    response.headers.extend(problem.headers)
    return response


def _visitor(problem: Problem) -> SignedIn | None:
    """Return the signed-in person for the page's header. When the database is down, do not ask it again."""
    if "signed_in" not in g and problem.status < 500:
        try:
            signed_in_person()
        except SQLAlchemyError:
            db.session.rollback()
    return cast("SignedIn | None", g.get("signed_in"))


def _name_of(person: SignedIn | None) -> str | None:
    return person.username if person else None


def _log(problem: Problem, error: Exception) -> None:
    if problem.status == 503:
        log.warning("Answered 503 (%s): %s", problem.code, error)
    elif not isinstance(error, HTTPException):  # Flask has already logged the traceback of other exceptions.
        log.error("Answered %d", problem.status, exc_info=error)
