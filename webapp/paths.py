"""Ids in addresses: ``<id:order_id>`` takes what ``domain.quantities.parse_id`` reads and knows nothing else."""

from __future__ import annotations

from typing import Final

from flask import Flask
from werkzeug.routing import BaseConverter

from webapp.domain.quantities import parse_id

NOBODYS_ID: Final = 0
"""An id that no row ever has."""


class IdConverter(BaseConverter):
    """ASCII digits without a leading zero, at most ten.

    Anything else between two slashes (``٣``, ``1_0``, ``1e3``, ``-1``, 2^63) becomes an id that nobody has: it passes
    the guard and ends in the same 404, byte for byte, as an id that is unknown or another store's.
    """

    def to_python(self, value: str) -> int:
        return parse_id(value) or NOBODYS_ID

    def to_url(self, value: int) -> str:
        return str(value)


def init_app(app: Flask) -> None:
    """Make ``<id:…>`` known to the routes that are registered from here on."""
    app.url_map.converters["id"] = IdConverter
