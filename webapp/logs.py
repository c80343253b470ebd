"""Logs to stderr, each line with its request's id; LOG_LEVEL sets the level."""

from __future__ import annotations

import logging
import re
import time
from typing import Any, Final, TextIO, cast
from urllib.parse import quote
from uuid import uuid4

from flask import Flask, Response, g, has_app_context, request
from flask.logging import wsgi_errors_stream

from webapp.domain.control_characters import escape_controls

_LOGGERS: Final = ("packbench", "webapp")
"""Our logger, and the one under which Flask logs unexpected errors."""

_SECURITY: Final = "packbench.security"
"""Kept whole whatever LOG_LEVEL says: who signed in is as important as who failed to."""

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
_QUIET: Final = ("/static/", "/assets/", "/healthz", "/readyz")

log = logging.getLogger("packbench.requests")


class _RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id() or "-"
        return True


class LineFormatter(logging.Formatter):
    """One line per record. Control characters in names, places and reasons from outside are escaped."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        record.message = escape_controls(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        lines = super().formatException(ei).split("\n")
        return "\n".join(f"  {escape_controls(line)}" for line in lines)  # Indented: not a record.


def init_app(app: Flask) -> None:
    """Send our logs to stderr at the configured level, and log one line per request."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(app.config["LOG_LEVEL"].upper())
        if not logger.handlers:
            logger.addHandler(_handler())
    logging.getLogger(_SECURITY).setLevel(logging.INFO)

    @app.before_request
    def start() -> None:
        header = request.headers.get("X-Request-ID", "") if app.config["TRUSTED_PROXIES"] else ""
        g.request_id = header if _REQUEST_ID.fullmatch(header) else uuid4().hex[:16]
        g.started_at = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "-")
        # Polls without news, static files and health checks would drown everything else.
        quiet = response.status_code == 204 or request.path.startswith(_QUIET)
        level = logging.DEBUG if quiet else logging.INFO
        if not log.isEnabledFor(level):
            return response
        log.log(
            level,
            "%s %s %d %.1f ms %s",
            request.method,
            quote(request.path),  # Quoted, so that a line break in a path cannot forge a log line.
            response.status_code,
            (time.perf_counter() - g.get("started_at", time.perf_counter())) * 1000,
            g.get("actor", "-"),
        )
        return response


def request_id() -> str | None:
    """Return the current request's id, for error pages and log lines; None outside of a request."""
    return g.get("request_id") if has_app_context() else None


def _handler() -> logging.Handler:
    handler: logging.Handler = logging.StreamHandler(cast(TextIO, wsgi_errors_stream))  # Always the current stderr.
    handler.setFormatter(LineFormatter("%(asctime)s [%(request_id)s] %(levelname)s %(message)s"))
    handler.addFilter(_RequestIdFilter())
    return handler
