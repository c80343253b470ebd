"""``flask backup``: copies of the whole installation, checked, listed, restored."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from webapp.backups.checking import check_archive
from webapp.backups.errors import AlreadyMaking, NoBackup, NotPossible
from webapp.backups.installation import Installation
from webapp.backups.making import make_backup
from webapp.backups.records import archive_of, list_backups
from webapp.backups.restoring import restore_backup
from webapp.cli.console import Refused, echo, echo_table, minute_words
from webapp.cli.lookup import require_tables
from webapp.cli.progress import Progress
from webapp.database.revisions import known_revisions, newest_revisions
from webapp.domain.backups import Backup, BackupState
from webapp.extensions import migrate
from webapp.processes import NICENESS

backup = AppGroup("backup", help="Backups of everything: the database and the pictures of all stores.")

_folder = click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), help="Where they lie; default: BACKUP_FOLDER."
)
_archive = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@backup.command("create")
@_folder
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    help="Then delete all but the newest N usable ones; default: BACKUP_KEEP.",
    metavar="N",
)
def create(folder: Path | None, keep: int | None) -> None:
    """Copy everything while people ship, and check the copy by restoring it aside and running stock verify on it.

    Ends with 0 if the backup can be used, else with 1.
    """
    require_tables()
    os.nice(NICENESS)
    progress = Progress()
    try:
        made = make_backup(
            Installation.of(current_app.config),
            folder or _default_folder(),
            keep or current_app.config["BACKUP_KEEP"],
            lambda number, of: progress("checks", number, of),
        )
    except AlreadyMaking:
        raise Refused("Another backup is being made in this folder. Wait until it is finished.") from None
    except OSError as error:
        raise Refused(f"The backup could not be made: {error}") from error
    finally:
        progress.clear()
    _report(made, folder or _default_folder())


@backup.command("list")
@_folder
def list_command(folder: Path | None) -> None:
    """List the backups and what each check found, the newest first."""
    backups = list_backups(folder or _default_folder())
    if not backups:
        raise Refused(f"There are no backups in {folder or _default_folder()}.")
    echo_table(("backup", "begun", "state", "size", "orders", "detail"), map(_row, backups))


@backup.command("check")
@_archive
def check(file: Path) -> None:
    """Restore FILE aside and run stock verify on it. Nothing else is changed."""
    progress = Progress()
    try:
        finding = check_archive(
            file.resolve(),
            Installation.of(current_app.config),
            _own_revision(),
            lambda number, of: progress("checks", number, of),
        )
    except OSError as error:
        raise Refused(f"The backup could not be checked: {error}") from error
    finally:
        progress.clear()
    if finding.state is not BackupState.SOUND:
        row = f"\n{finding.row}" if finding.row else ""
        raise Refused(f"The backup is {finding.state.value}: {finding.detail}{row}")
    echo(f"The backup is sound: {finding.orders} orders, stock is right.")


@backup.command("restore")
@_archive
def restore(file: Path) -> None:
    """Restore FILE into an empty database and the folder of pictures."""
    try:
        manifest = restore_backup(file, Installation.of(current_app.config), known_revisions(migrate.directory))
    except (NoBackup, NotPossible, OSError) as reason:
        raise Refused(f"Nothing was restored. {str(reason)[:1].upper()}{str(reason)[1:]}") from reason
    echo(f"Restored the backup of {manifest.made_at}.")
    if manifest.revision != _own_revision():
        echo("Bring its tables up to date now: flask --app wsgi db upgrade")
    echo("Then check it: flask --app wsgi stock verify")


def _report(made: Backup, folder: Path) -> None:
    match made.state:
        case BackupState.SOUND:
            echo(f"{archive_of(folder, made)}: {_size(made)}, {made.orders} orders, checked: stock is right.")
        case BackupState.UNCHECKED:
            echo(f"{archive_of(folder, made)}: {_size(made)}")
            echo(f"It is NOT checked: {made.detail}", err=True)
            echo("Set BACKUP_CHECK_DATABASE_URL to a role that may create databases.", err=True)
        case BackupState.BROKEN:
            file = archive_of(folder, made)
            raise Refused(f"{file} is not sound: {made.detail}. See more: flask --app wsgi backup check {file}")
        case _:
            raise Refused(f"The backup could not be made: {made.detail}")


def _row(one: Backup) -> Iterator[str]:
    yield from (one.name, minute_words(one.began_at), one.state.value)
    yield _size(one) if one.bytes else ""
    yield str(one.orders) if one.bytes else ""
    yield one.detail


def _size(one: Backup) -> str:
    return f"{one.bytes / 1_000_000:.1f} MB"


def _default_folder() -> Path:
    return Path(current_app.config["BACKUP_FOLDER"])


def _own_revision() -> str:
    return " ".join(sorted(newest_revisions(migrate.directory)))
