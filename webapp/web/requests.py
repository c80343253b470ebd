"""What kind of request this is."""

from __future__ import annotations

from flask import request


def is_htmx() -> bool:
    """Tell whether htmx asks, and so wants changed panels instead of a page."""
    return request.headers.get("HX-Request") == "true"
