"""Answers compressed on their way to the browser. Why gzip, and what keeps secrets safe: ADR 0012."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Final

from flask import Flask, Response, request
from werkzeug.http import parse_accept_header

LEAST_BYTES: Final = 1000
"""With its headers a smaller answer fits into one packet, so compressing it would save nobody any time."""

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
"""Answers with nothing to compress, or with a part of what the browser counted in bytes."""


def init_app(app: Flask) -> None:
    """Compress every answer that gains by it; to be called before other functions that change answers register."""

    @app.after_request
    def compress_answer(response: Response) -> Response:
        if is_compressible(response.mimetype or ""):
            response.vary.add("Accept-Encoding")
            if _gains(response) and accepts_gzip() and not _asked_by_another_site():
                response.set_data(gzip.compress(response.get_data(), _ANSWERS_LEVEL, mtime=0))
                response.headers["Content-Encoding"] = "gzip"
        return response


def is_compressible(mimetype: str) -> bool:
    """Tell whether content of this type shrinks: words and drawings do, photographs and archives are packed already."""
    return mimetype.startswith("text/") or mimetype in _TYPES


def compress_file(content: bytes) -> bytes:
    """Return the gzip of what is compressed once and sent often; the same bytes for the same content."""
    return gzip.compress(content, _FILES_LEVEL, mtime=0)


def accepts_gzip() -> bool:
    """Tell whether who asks takes gzip, and likes it no less than the plain answer."""
    return _prefers_gzip(request.headers.get("Accept-Encoding", ""))


@lru_cache(maxsize=64)
def _prefers_gzip(accept_encoding: str) -> bool:
    return parse_accept_header(accept_encoding).best_match(("gzip", "identity")) == "gzip"


def _gains(response: Response) -> bool:
    """Tell whether compressing is worth it, and still to be done. Files have done it themselves."""
    return (
        not response.is_streamed
        and response.status_code not in _BODILESS
        and "Content-Encoding" not in response.headers
        and "ETag" not in response.headers
        and (response.calculate_content_length() or 0) >= LEAST_BYTES
    )


def _asked_by_another_site() -> bool:
    """Tell whether another site's page made the browser ask.

    Only such a page can make a signed-in browser repeat a request with its own guesses in the address, and learn from
    the answers' lengths what they hold (BREACH). Browsers say so on https, where lengths are all that anybody sees.
    """
    return request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
