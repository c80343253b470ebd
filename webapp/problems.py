"""Words for errors: every error that leaves a route becomes one Problem, which pages and JSON show.

Our own errors (``webapp.domain.errors``) bring their status and sentence along; errors of libraries get both here. The
sentences are English; pages translate them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from webapp.database.outages import Outage, outage_of
from webapp.domain.errors import PackbenchError
from webapp.domain.wording import say


@dataclass(frozen=True)
class Problem:
    """An error in words: what happened (``title``, ``message``) and what to do about it (``advice``)."""

    status: int
    code: str
    title: str
    message: str
    advice: str
    data: Mapping[str, Any] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Words:
    code: str
    title: str
    message: str
    advice: str


_WORDS: Final[dict[int, _Words]] = {
    400: _Words(
        "bad_request",
        say("That request could not be read"),
        say("The browser sent something this page does not understand. Nothing was changed."),
        say("Go back, reload the page and try again."),
    ),
    401: _Words(
        "not_signed_in", say("You are not signed in"), say("Sign in to go on."), say("Sign in, then try again.")
    ),
    403: _Words(
        "forbidden",
        say("Your role does not allow this"),
        say("You are signed in, but this belongs to another role. Nothing was changed."),
        say("Ask a colleague who may do it, or an administrator to change your role."),
    ),
    404: _Words(
        "not_found",
        say("There is nothing here"),
        say("This store has nothing at this address."),
        say("Check the number, or search for it in the list of orders."),
    ),
    405: _Words(
        "method_not_allowed",
        say("This address cannot be used that way"),
        say("The page exists, but not for this kind of request. Nothing was changed."),
        say("Go back and use the buttons on the page."),
    ),
    409: _Words(
        "conflict",
        say("Something changed in the meantime"),
        say("The order or the stock does not allow this now. Nothing was changed."),
        say("Look at the numbers as they are now, then decide again."),
    ),
    413: _Words(
        "too_large",
        say("That is too much to send"),
        say("The form or file is larger than this page accepts. Nothing was changed."),
        say("Send less at once. Large files are imported with the flask import command."),
    ),
    415: _Words(
        "unsupported_media_type",
        say("That kind of content is not understood"),
        say("The request's content type is not one this address reads. Nothing was changed."),
        say("Send JSON with the content type application/json."),
    ),
    422: _Words(
        "invalid_input",
        say("Something in the form is not right"),
        say("A value could not be used. Nothing was changed."),
        say("Go back, correct it and send it again."),
    ),
    429: _Words(
        "too_many_requests",
        say("Too many tries"),
        say("There were too many failed tries from this address or for this name."),
        say("Wait a minute, then try again."),
    ),
    500: _Words(
        "internal_error",
        say("Something went wrong on our side"),
        say("The request stopped halfway and was undone: nothing was saved."),
        say("Try again. If it fails again, give an administrator the reference below."),
    ),
    503: _Words(
        "unavailable",
        say("The database is busy or out of reach"),
        say("Nothing was lost."),
        say("Wait a moment, then try again: the same request never counts twice."),
    ),
}

_CSRF: Final = Problem(
    400,
    "form_expired",
    say("This form has expired"),
    say("The page was open for too long, or in a session that has ended. Nothing was changed."),
    say("Reload the page, then send it again."),
)

RETRY_SECONDS: Final = "2"
_RETRY_SOON: Final = (("Retry-After", RETRY_SECONDS),)
_TAKES_NO_CHANGES: Final = Problem(
    503,
    "unavailable",
    say("The database takes no changes at the moment"),
    say("Nothing was changed, and nothing was lost."),
    say("Tell an administrator: the disk may be full, or the database may be a copy that is only for reading."),
    headers=_RETRY_SOON,
)


def problem_from(error: BaseException) -> Problem:
    """Return the Problem of ``error``. An unknown error is a 500 that reveals nothing internal."""
    if isinstance(error, CSRFError):
        return _CSRF
    if isinstance(error, PackbenchError):
        words = _words(error.status)
        advice = words.advice if error.advice is None else error.advice
        return Problem(error.status, error.code, words.title, error.message, advice, error.data, _retry_of(error))
    outage = outage_of(error)
    if outage:
        return _TAKES_NO_CHANGES if outage is Outage.TAKES_NO_CHANGES else _plain(503, headers=_RETRY_SOON)
    if isinstance(error, HTTPException) and error.code in _WORDS:
        return _plain(error.code, headers=_kept_headers(error))
    if isinstance(error, HTTPException) and error.code and 400 <= error.code < 500:
        # A rare client error such as 406 or 431: Werkzeug's own sentence suits a program.
        return Problem(error.code, _words(400).code, error.name, error.description or error.name, _words(400).advice)
    return _plain(500)


def for_people(problem: Problem) -> Problem:
    """Replace a library's English sentence by ours, which is translated."""
    words = _words(400)
    return replace(problem, title=words.title, message=words.message) if problem.code == words.code else problem


def _words(status: int) -> _Words:
    return _WORDS.get(status, _WORDS[500])


def _plain(status: int, headers: tuple[tuple[str, str], ...] = ()) -> Problem:
    words = _words(status)
    return Problem(status, words.code, words.title, words.message, words.advice, headers=headers)


def _retry_of(error: PackbenchError) -> tuple[tuple[str, str], ...]:
    if error.retry_after is not None:
        return (("Retry-After", str(error.retry_after)),)
    return _RETRY_SOON if error.status == 503 else ()


def _kept_headers(error: HTTPException) -> tuple[tuple[str, str], ...]:
    """Return headers that belong to the error: Allow of a 405, Retry-After of a 429."""
    return tuple((name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After"))
