"""Waiting for something to come true, never for time to pass."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 10) -> None:
    """Look again and again until ``condition`` holds; fail with ``what`` was awaited after ``seconds``."""
    deadline = time.monotonic() + seconds
    pause = Event()
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} seconds in vain for {what}"
        pause.wait(0.002)
