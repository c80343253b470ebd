"""Fixtures that import files like the commands do, and read the result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.services.imports.importing import Importer
from webapp.models import Store


@pytest.fixture
def importer(new_session: Callable[[], Session], store: Store, tmp_path: Path) -> Importer:
    """Imports into the store of the cast, with a session of its own."""
    return Importer(new_session(), store, tmp_path)
