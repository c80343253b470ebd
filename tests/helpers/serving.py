"""Serves the tests with gunicorn, like a shop, and logs when each request begins and ends."""

from __future__ import annotations

import os
from typing import Any

from webapp.serving import *  # noqa: F403 - gunicorn reads its settings from this module's names.

_notes = os.open(os.environ["REQUEST_NOTES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def pre_request(_worker: Any, _request: Any) -> None:
    os.write(_notes, b"+")


def post_request(_worker: Any, _request: Any, _environ: Any, _response: Any) -> None:
    os.write(_notes, b"-")
