"""JSON for programs: versioned routes under /api/, registered here."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Attach the routes and the document that describes them."""
