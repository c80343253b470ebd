"""Checks a backup by restoring it aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from webapp.backups.archive import extract
from webapp.backups.errors import NoBackup, NotPossible
from webapp.backups.installation import Installation, connecting
from webapp.backups.working_folders import working_folder
from webapp.config import ROOT
from webapp.database.outages import outage_of
from webapp.domain.backups import BackupState
from webapp.models import Order, Product
from webapp.services.verification import Summary, snapshot, verify_with_protection

_MIGRATIONS: Final = str(ROOT / "migrations")

OnCheck = Callable[[int, int], None]
"""Called before each rule, with its number and how many there are."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. ``detail`` is empty for a sound backup.

    ``row`` says what is wrong with which row. It is for who runs the command: on the page of backups an administrator
    of one store would read another store's rows.
    """

    state: BackupState
    detail: str = ""
    orders: int = 0
    row: str = ""


def check_archive(
    archive: Path, installation: Installation, revision: str, on_check: OnCheck = lambda *_: None
) -> Finding:
    """Restore an archive beside it, run ``stock verify`` on it, and look for each product's picture.

    ``revision`` is the one that this program knows. Raises OSError.
    """
    with working_folder(archive.parent) as folder:
        copy, pictures = folder / "copy", folder / "pictures"
        try:
            manifest = extract(archive, copy, pictures)
            if manifest.engine != installation.engine_name:
                return Finding(BackupState.UNCHECKED, f"it was made on {manifest.engine}")
            if manifest.revision != revision:
                return Finding(BackupState.UNCHECKED, f"its database has another revision, {manifest.revision}")
            tools = installation.tools
            with tools.scratch_database(folder, installation.check_url or installation.url) as url:
                tools.load_database(copy, url)
                return _examine(url, pictures, on_check)
        except NoBackup as damage:
            return Finding(BackupState.BROKEN, str(damage))
        except NotPossible as reason:
            return Finding(BackupState.UNCHECKED, f"it could not be restored aside: {reason}")


def _examine(url: str, pictures: Path, on_check: OnCheck) -> Finding:
    try:
        with connecting(url) as engine, snapshot(engine) as connection:
            orders = connection.scalar(select(func.count()).select_from(Order)) or 0
            wrong = _first_violation(connection, on_check) or _missing_picture(connection, pictures)
    except SQLAlchemyError as error:
        if outage_of(error):
            return Finding(BackupState.UNCHECKED, f"the database for checks did not serve: {error}")
        return Finding(BackupState.BROKEN, f"its database cannot be read: {error}")
    if wrong is None:
        return Finding(BackupState.SOUND, orders=orders)
    rule, row = wrong
    return Finding(BackupState.BROKEN, rule, orders, row)


def _first_violation(connection: Connection, on_check: OnCheck) -> tuple[str, str] | None:
    """Return the rule that is broken, and the row; None if none is."""

    def show(_check: object, number: int, of: int) -> None:
        on_check(number, of)

    violations = verify_with_protection(connection, None, Summary(), show, _MIGRATIONS)
    first = next(violations, None)
    return (f"stock verify: {first.sentence}", f"{first.table} {first.id}: {first.message}") if first else None


def _missing_picture(connection: Connection, pictures: Path) -> tuple[str, str] | None:
    """Return that a picture is missing, and which; None if none is."""
    named = connection.execute(select(Product.store_id, Product.picture).where(Product.picture.is_not(None)).distinct())
    for store_id, picture in named:
        if not (pictures / str(store_id) / str(picture)).is_file():
            return "a picture that a product names is missing", f"the picture {picture} of store {store_id}"
    return None
