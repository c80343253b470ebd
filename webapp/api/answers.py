"""Writes JSON responses, so that equal results have equal bytes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from flask import Response


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"an answer cannot hold a {type(value).__name__}")


_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain)
"""Sorts names: the database returns a stored answer in another order, and a replay must be byte for byte the same."""


def json_answer(values: Any, status: int = 200, content_type: str = "application/json") -> Response:
    """Return ``values`` (dictionaries, lists, strings, whole numbers, aware datetimes) as a JSON response."""
    return Response(_ENCODER.encode(values) + "\n", status=status, content_type=content_type)
