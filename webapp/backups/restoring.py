"""Restores a backup into an empty installation."""

from __future__ import annotations

from pathlib import Path

from webapp.backups.archive import Manifest, extract, reading
from webapp.backups.errors import NotPossible
from webapp.backups.installation import Installation
from webapp.backups.working_folders import working_folder


def restore_backup(archive: Path, installation: Installation, known_revisions: frozenset[str]) -> Manifest:
    """Restore pictures and database; return the archive's manifest.

    The pictures come first and the database last, all of it or nothing: interrupted, the same command goes on. Raises
    NotPossible if the database is not empty, or if a newer program made the backup; NoBackup for a damaged file; and
    OSError.
    """
    with reading(archive) as (manifest, _members):
        if manifest.engine != installation.engine_name:
            raise NotPossible(f"It was made on {manifest.engine}, and this database is {installation.engine_name}.")
        if not set(manifest.revision.split()) <= known_revisions:
            raise NotPossible("A newer version of Packbench made it. Install that version first.")
    if installation.has_tables():
        raise NotPossible("The database has tables. Restore into an empty one, so that nothing is overwritten.")
    installation.pictures.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with working_folder(installation.pictures.parent) as aside:
        extract(archive, aside / "database", installation.pictures)
        installation.tools.load_database(aside / "database", installation.url)
    return manifest
