"""The tests' browser leaves out what Playwright leaves out, and what the tests do not need."""

from __future__ import annotations

import re
from pathlib import Path

import playwright

from tests.helpers.browser import OF_PLAYWRIGHT

_DRIVER = Path(playwright.__file__).parent / "driver" / "package" / "lib" / "coreBundle.js"


def test_playwrights_list_of_features_is_repeated() -> None:
    """After an update of Playwright: copy its list."""
    (features,) = re.findall(r"disabledFeatures = \[(.*?)\]", _DRIVER.read_text(), re.DOTALL)

    assert tuple(re.findall(r'^ *"(\w+)"', features, re.MULTILINE)) == OF_PLAYWRIGHT
