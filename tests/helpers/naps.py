"""A program for server tests: it sleeps as long as the query says, then names its process.

The header ``X-Bytes`` makes the response longer.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from typing import Any


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    time.sleep(float(environ["QUERY_STRING"] or 0))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode(), b"." * int(environ.get("HTTP_X_BYTES", "0"))]
