"""The environment's settings, and a test run that ignores the developer's own."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

_EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"


def names_of_settings() -> list[str]:
    """Return the names of all settings, as .env.example lists them."""
    return re.findall(r"^# ([A-Z_]+)=", _EXAMPLE.read_text(), re.MULTILINE)


def pytest_configure() -> None:
    """Ignore the shell's settings and the .env file: only a test's own settings count."""
    for name in names_of_settings():
        os.environ.pop(name, None)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # Like Ctrl-C, so that servers are stopped.
    os.environ["PYTHON_DOTENV_DISABLED"] = "1"
    os.environ["SECRET_KEY"] = "for tests only, and long enough"
