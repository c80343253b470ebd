"""What every test can ask for; the fixtures live in tests/helpers, by what they give."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.helpers")

pytest_plugins = [
    "tests.helpers.database_fixtures",
    "tests.helpers.client_fixtures",
    "tests.helpers.server_fixtures",
    "tests.helpers.browser_fixtures",
]

_SETTINGS = ("DATABASE_URL", "HTTPS", "PACKBENCH_ENV", "TRUSTED_PROXIES", "REPORT_FOLDER", "UNDO_MINUTES", "LOG_LEVEL")

settings.register_profile("packbench", deadline=None)  # A busy machine is no failure.
settings.load_profile("packbench")


def pytest_configure() -> None:
    """Keep the developer's own settings out: only what a test sets holds."""
    os.environ["PYTHON_DOTENV_DISABLED"] = "1"
    os.environ["SECRET_KEY"] = "for tests only, and long enough"
    for name in _SETTINGS:
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: each test has a server of its own. Playwright's fixture of this name warns on this pytest."""
