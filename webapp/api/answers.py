"""Answers as JSON: one writer, so that equal results are equal bytes."""

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
"""Names are sorted: a stored answer comes back from the database in another order, and is replayed byte for byte."""


def json_answer(values: Any, status: int = 200, content_type: str = "application/json") -> Response:
    """Return ``values`` (dictionaries, lists, strings, whole numbers, aware times) as a response."""
    return Response(_ENCODER.encode(values) + "\n", status=status, content_type=content_type)
