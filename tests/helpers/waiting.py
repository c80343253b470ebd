"""Waits for a condition, never for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 10) -> None:
    """Poll until ``condition`` holds; fail after ``seconds``, naming ``what`` was awaited."""
    deadline = time.monotonic() + seconds
    pause = Event()
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} seconds for {what}"
        pause.wait(0.002)
