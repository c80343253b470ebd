"""Problems as JSON for programs: ``application/problem+json`` (RFC 9457) with a stable ``code``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask import Response

from webapp.api.answers import json_answer
from webapp.problems import Problem

CONTENT_TYPE: Final = "application/problem+json"

_DETAILS: Final = {
    "bad_request": "The request could not be read.",
    "not_found": "There is nothing at this address.",
    "method_not_allowed": "This address does not take this method.",
    "too_large": "The body is too large.",
    "unsupported_media_type": "The body must be JSON, with the content type application/json.",
    "internal_error": "Something broke on our side. The request was undone as a whole.",
}
"""Sentences for programs, where the page's sentence speaks of pages."""

_CHALLENGE: Final = {"WWW-Authenticate": {"description": "How to show a token.", "schema": {"type": "string"}}}
_RETRY: Final = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}

URI_TOO_LONG: Final = 414

PROBLEMS: Final[dict[int, tuple[str, dict[str, Any]]]] = {
    401: ("There is no valid token.", _CHALLENGE),
    403: ("The token's role does not allow this.", {}),
    404: ("Nothing of this id is in the token's store.", {}),
    409: ("The order's state, or the stock, does not allow this now.", {}),
    413: ("The body is too large.", {}),
    URI_TOO_LONG: ("The address is too long; said by the server itself, in plain text.", {}),
    415: ("The body is not JSON, or does not say so.", {}),
    422: ("Something in the request is not right.", {}),
    500: ("Something broke on our side; nothing of the request was kept.", {}),
    503: ("The database is busy, out of reach, or did not confirm the change.", _RETRY),
}
"""Each status's meaning in this API, and the headers that come with it."""


def problem_response(problem: Problem) -> Response:
    """Return the problem as JSON."""
    detail = _DETAILS.get(problem.code, problem.message)
    if problem.status == 503:
        detail = f"{problem.title}. {detail}"
    return problem_answer(problem.status, problem.code, detail, problem.data, problem.headers)


def problem_answer(
    status: int, code: str, detail: str, data: Mapping[str, Any], headers: Iterable[tuple[str, str]] = ()
) -> Response:
    """Return a problem with its status. It has RFC 9457's members, ``code``, and the error's own ``data``.

    Nothing in it depends on the requested address, so a store cannot find out what another store has.
    """
    # Encoded and decoded like a stored refusal, so that the first answer and its replays have equal bytes.
    own = json.loads(json.dumps(dict(data), default=str))
    if "status" in own:
        own["order_status"] = own.pop("status")
    members = {
        **own,
        "type": f"urn:packbench:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
    }
    response = json_answer(members, status, CONTENT_TYPE)
    response.headers.extend(headers)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="packbench"'
    return response
