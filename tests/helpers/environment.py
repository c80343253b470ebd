"""The settings that Packbench reads from the environment, and a run of tests that is free of the developer's own."""

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
    """Keep out what the shell or a .env file sets: only what a test sets holds."""
    for name in names_of_settings():
        os.environ.pop(name, None)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # As Ctrl-C: servers that were started are stopped.
    os.environ["PYTHON_DOTENV_DISABLED"] = "1"
    os.environ["SECRET_KEY"] = "for tests only, and long enough"
