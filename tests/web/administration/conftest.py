"""Fixtures of the pages of administrators."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.helpers.cast import Part
from tests.helpers.tablet import Tablet


@pytest.fixture
def admin(tablet_of: Callable[[Part], Tablet]) -> Tablet:
    """Ada's desk."""
    return tablet_of("admin")
