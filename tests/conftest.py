"""Fixtures for every test; they live in tests/helpers."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("tests.helpers")

pytest_plugins = [
    "tests.helpers.environment",
    "tests.helpers.garbage",
    "tests.helpers.rotation",
    "tests.helpers.left_out",
    "tests.helpers.database_fixtures",
    "tests.helpers.client_fixtures",
    "tests.helpers.server_fixtures",
    "tests.helpers.browser_fixtures",
    "tests.helpers.demo_shop",
]

# Do not fail on a slow machine; print the line that repeats a failure.
settings.register_profile("packbench", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("packbench")


@pytest.fixture(scope="session")
def base_url() -> None:
    """Return None: each test has its own server. Playwright's fixture of this name warns with this pytest."""
