"""Fixtures: an installation with orders and a picture, and an empty one to restore into."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from tests.factories import make_store
from tests.helpers.databases import share_compiled_statements
from tests.helpers.postgresql import find_programs
from tests.helpers.warehouse import Warehouse
from webapp.backups import installation as installations
from webapp.backups.installation import Installation
from webapp.backups.making import make_backup
from webapp.domain.backups import Backup
from webapp.domain.pictures import kept_name

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'
PICTURE = kept_name("cup.svg", DRAWING)


@pytest.fixture(autouse=True)
def programs_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``pg_dump`` and ``pg_restore`` be found where the tests' own server comes from."""
    if programs := find_programs():
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(autouse=True)
def compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the check of a backup reuse the statements of earlier ones, as a test's application does."""

    def create(*arguments: Any, **options: Any) -> Engine:
        engine = create_engine(*arguments, **options)
        share_compiled_statements(engine)
        return engine

    monkeypatch.setattr(installations, "create_engine", create)


@pytest.fixture
def shop(db: Session) -> Warehouse:
    """A store with two orders, one of them shipped in part, and a product with a picture."""
    shop = Warehouse(db, make_store(db))
    cup = shop.product("Cup", A1=9)
    cup.picture = PICTURE
    db.commit()
    shop.ship(shop.processing((cup, 4)), 1)
    shop.processing((cup, 2))
    return shop


@pytest.fixture
def installation(database_url: str, shop: Warehouse, tmp_path: Path) -> Installation:
    """The shop's installation."""
    folder = tmp_path / "pictures" / str(shop.store.id)
    folder.mkdir(parents=True)
    (folder / PICTURE).write_bytes(DRAWING)
    return Installation(database_url, tmp_path / "pictures")


@pytest.fixture
def empty(empty_database_url: str, tmp_path: Path) -> Installation:
    """An installation without a database, on the same engine."""
    return Installation(empty_database_url, tmp_path / "restored" / "pictures")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The backup folder, which does not exist yet."""
    return tmp_path / "backups"


@pytest.fixture
def back_up(installation: Installation, folder: Path) -> Callable[..., Backup]:
    """Make a backup of the shop."""
    return lambda **options: make_backup(installation, folder, **options)
