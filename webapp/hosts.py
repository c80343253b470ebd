"""Refuses a request whose Host is odd or not this shop's, and keeps redirects from repeating a Host.

Health checks are answered under any host: load balancers call them by address.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("packbench.requests")

HEALTH_CHECKS: Final = ("/healthz", "/readyz")

_HOST: Final = re.compile(
    r"(?P<name>(?=[^:]{1,253}(?::|$))[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*\.?|\[[0-9a-f:.]{2,45}\])"
    r"(?::[0-9]{1,5})?",
    re.ASCII | re.IGNORECASE,
)
_REFUSAL: Final = b"This address is not served under that host name.\n"


def init_app(app: Flask) -> None:
    """Check the Host of every request; call this before a proxy's headers are read, so that it runs after that."""
    app.wsgi_app = _with_known_hosts(app.wsgi_app, app.config["HOSTS"])  # type: ignore[method-assign, assignment]  # How Flask is wrapped.

    @app.after_request
    def name_no_host(response: Response) -> Response:
        location = response.headers.get("Location", "")
        if location and location.startswith(own := request.host_url):
            response.headers["Location"] = "/" + location.removeprefix(own).lstrip("/")
        return response


def host_name(host: str) -> str | None:
    """Return the name in a Host header, in lower case without port and final dot; None if it is none."""
    match = _HOST.fullmatch(host)
    return match["name"].lower().rstrip(".") if match else None


def is_trusted(name: str, hosts: Collection[str]) -> bool:
    """Return whether a host is one of ``hosts``, where ``.shop.example`` stands for every name below it; without
    ``hosts`` all are."""
    return not hosts or any(name == host or (host.startswith(".") and name.endswith(host)) for host in hosts)


def _with_known_hosts(application: WSGIApplication, hosts: Collection[str]) -> WSGIApplication:
    def with_known_hosts(variables: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if variables.get("PATH_INFO") in HEALTH_CHECKS:
            variables["HTTP_HOST"] = "localhost"  # Whatever it was, nothing depends on it.
            return application(variables, start_response)
        host = variables.get("HTTP_HOST") or variables["SERVER_NAME"]
        name = host_name(host)
        if name is not None and is_trusted(name, hosts):
            return application(variables, start_response)
        log.info("Refused a request for the host %r: it is odd, or not in TRUSTED_HOSTS", host)
        length = str(len(_REFUSAL))
        start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", length)])
        return [_REFUSAL]

    return with_known_hosts
