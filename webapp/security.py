"""Headers that keep a page to itself, and https where it is configured."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
PERMISSIONS_POLICY: Final = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"
"""A tablet's camera may scan barcodes; nothing else is needed."""

_NEVER_REDIRECTED: Final = ("/healthz", "/readyz")
"""Load balancers ask these over plain http, inside the machine room."""

_ALWAYS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    """Add the headers to every answer; with the HTTPS setting, send plain requests to https and say so for a year."""
    always = dict(_ALWAYS)
    if app.config["HTTPS"]:
        always["Strict-Transport-Security"] = "max-age=31536000"
        app.before_request(_to_https)

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        for name, value in always.items():
            headers.setdefault(name, value)
        # Not stored, rather than stored and checked: "back" after a shipment, or after signing out on a shared
        # tablet, must never show numbers of before. Whatever may be kept (static files) has said so already.
        headers.setdefault("Cache-Control", "no-store")
        if response.mimetype == "text/html":
            response.vary.add("HX-Request")  # A page and its panels may share an address.
        return response


def _to_https() -> BaseResponse | None:
    if request.is_secure or request.path in _NEVER_REDIRECTED:
        return None
    return redirect(request.url.replace("http://", "https://", 1), 308)
