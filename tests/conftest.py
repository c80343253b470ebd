"""What every test can ask for; the fixtures live in tests/helpers, by what they give."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("tests.helpers")

pytest_plugins = [
    "tests.helpers.environment",
    "tests.helpers.rotation",
    "tests.helpers.left_out",
    "tests.helpers.database_fixtures",
    "tests.helpers.client_fixtures",
    "tests.helpers.server_fixtures",
    "tests.helpers.browser_fixtures",
    "tests.helpers.demo_shop",
]

# A busy machine is no failure; a failure comes with the line that repeats it.
settings.register_profile("packbench", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("packbench")


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: each test has a server of its own. Playwright's fixture of this name warns on this pytest."""
