"""Warns an operator whose proxy is not trusted: everybody would share the proxy's address, and so one limit."""

from __future__ import annotations

import logging
from typing import Final

from flask import Flask, request

log = logging.getLogger("packbench.security")

_HEADERS: Final = {"HTTP_X_FORWARDED_FOR": "X-Forwarded-For", "HTTP_X_FORWARDED_PROTO": "X-Forwarded-Proto"}
"""As WSGI names them and as people do."""


def init_app(app: Flask) -> None:
    """Watch for a proxy's headers while TRUSTED_PROXIES is 0; warn at the first, once per process."""
    if app.config["TRUSTED_PROXIES"]:
        return
    is_known = False

    @app.before_request
    def warn_once() -> None:
        nonlocal is_known
        if is_known:
            return
        headers = [name for variable, name in _HEADERS.items() if variable in request.environ]
        if headers:
            is_known = True
            log.warning(
                "A request from %s has %s, but TRUSTED_PROXIES is 0, so this header counts for nothing. Behind a proxy "
                "everybody then has the proxy's address, and shares one limit of failed sign-ins. Set TRUSTED_PROXIES "
                "to the number of proxies; if there is none, somebody made the header up.",
                request.remote_addr,
                " and ".join(headers),
            )
