"""Compress responses with gzip. ADR 0012 says why gzip, and how secrets stay safe."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Final

from flask import Flask, Response, request
from werkzeug.http import parse_accept_header

LEAST_BYTES: Final = 1000
"""A smaller response fits into one packet with its headers, so compressing it saves no time."""

_ANSWERS_LEVEL: Final = 6
_FILES_LEVEL: Final = 9
_TYPES: Final = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/manifest+json",
        "application/problem+json",
        "application/wasm",
        "image/svg+xml",
    }
)
_BODILESS: Final = frozenset({204, 206, 304})
"""Statuses without a body, or with a byte range of one."""


def init_app(app: Flask) -> None:
    """Compress every response that gets smaller. Call this before other modules register their ``after_request``."""

    @app.after_request
    def compress_answer(response: Response) -> Response:
        if is_compressible(response.mimetype or ""):
            response.vary.add("Accept-Encoding")
            if _gains(response) and accepts_gzip() and not _asked_by_another_site():
                response.set_data(gzip.compress(response.get_data(), _ANSWERS_LEVEL, mtime=0))
                response.headers["Content-Encoding"] = "gzip"
        return response


def is_compressible(mimetype: str) -> bool:
    """Return whether this type gets smaller: text and SVG do; photographs and archives are already compressed."""
    return mimetype.startswith("text/") or mimetype in _TYPES


def compress_file(content: bytes) -> bytes:
    """Return the gzip of a file that is compressed once and sent often; equal content gives equal bytes."""
    return gzip.compress(content, _FILES_LEVEL, mtime=0)


def accepts_gzip() -> bool:
    """Return whether the client accepts gzip, and does not prefer an uncompressed response."""
    return _prefers_gzip(request.headers.get("Accept-Encoding", ""))


@lru_cache(maxsize=64)
def _prefers_gzip(accept_encoding: str) -> bool:
    return parse_accept_header(accept_encoding).best_match(("gzip", "identity")) == "gzip"


def _gains(response: Response) -> bool:
    """Return whether compressing pays and is still to do. Static files arrive compressed."""
    return (
        not response.is_streamed
        and response.status_code not in _BODILESS
        and "Content-Encoding" not in response.headers
        and "ETag" not in response.headers
        and (response.calculate_content_length() or 0) >= LEAST_BYTES
    )


def _asked_by_another_site() -> bool:
    """Return whether another site's page sent this request.

    Such a page could repeat a signed-in browser's request with guesses in the address, and read from the compressed
    length whether a guess occurs in the page (BREACH). Browsers send this header on https only; on http an eavesdropper
    sees everything anyway.
    """
    return request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
