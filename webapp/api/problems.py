"""Problems as JSON for programs: ``application/problem+json`` (RFC 9457) with a stable ``code``."""

from __future__ import annotations

from flask import Response, current_app

from webapp.problems import Problem


def problem_response(problem: Problem) -> Response:
    """Return the problem with its status; members beside RFC 9457's are ``code`` and the error's own data."""
    members = {
        **problem.data,
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.message,
        "code": problem.code,
    }
    response = Response(current_app.json.dumps(members), status=problem.status, content_type="application/problem+json")
    response.headers.extend(problem.headers)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="packbench"'
    return response
