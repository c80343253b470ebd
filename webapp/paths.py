"""Ids in addresses: ``<id:order_id>`` accepts exactly what ``domain.quantities.parse_id`` accepts."""

from __future__ import annotations

from typing import Final

from flask import Flask
from werkzeug.routing import BaseConverter

from webapp.domain.quantities import parse_id

NOBODYS_ID: Final = 0
"""An id that no row has."""


class IdConverter(BaseConverter):
    """ASCII digits without a leading zero, at most ten.

    Any other text (``٣``, ``1_0``, ``1e3``, ``-1``, 2^63) becomes an id that no row has: it passes the guard and gets
    the same 404, byte for byte, as an unknown id or another store's.
    """

    def to_python(self, value: str) -> int:
        return parse_id(value) or NOBODYS_ID

    def to_url(self, value: int) -> str:
        return str(value)


def init_app(app: Flask) -> None:
    """Register ``<id:…>``. Call this before the routes are registered."""
    app.url_map.converters["id"] = IdConverter
