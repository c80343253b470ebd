"""Fixtures of the tests of pages: everybody's tablet."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.helpers.cast import Part
from tests.helpers.tablet import Tablet


@pytest.fixture
def tablet_of(client_as: Callable[[Part], FlaskClient], db: Session) -> Callable[[Part], Tablet]:
    """A tablet on which somebody of the cast is signed in: ``tablet_of("manager")``."""
    return lambda part: Tablet(client_as(part), db)


@pytest.fixture
def packer(tablet_of: Callable[[Part], Tablet]) -> Tablet:
    """Paula's tablet."""
    return tablet_of("packer")


@pytest.fixture
def manager(tablet_of: Callable[[Part], Tablet]) -> Tablet:
    """Max's desk."""
    return tablet_of("manager")
