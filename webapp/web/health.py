"""Health checks for load balancers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp.auth.guard import public
from webapp.backups.records import list_backups
from webapp.domain.backups import Backup, last_finished, last_usable
from webapp.domain.clock import utc_now
from webapp.extensions import db, migrate
from webapp.services import health_service

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> tuple[str, dict[str, str]]:
    """Respond that the process is up; does not use the database."""
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/readyz")
@public
def ready() -> tuple[str, int, dict[str, str]]:
    """Respond 200 if the database is reachable and migrated, else 503 with the reason; then the last backup's age.

    Backups never make a server unready: it can still ship.
    """
    try:
        reason = health_service.why_not_ready(db.session(), migrate.directory)
    except SQLAlchemyError:
        reason = "database not reachable"
    backups = list_backups(Path(current_app.config["BACKUP_FOLDER"]))
    return (
        f"{reason or 'ready'}\n{_backup_line(backups)}\n",
        503 if reason else 200,
        {"Content-Type": "text/plain; charset=utf-8"},
    )


def _backup_line(backups: Sequence[Backup]) -> str:
    """Return the last usable backup's result and age, and whether the last try came to nothing."""
    good = last_usable(backups)
    last = last_finished(backups)
    age = int((utc_now() - good.began_at).total_seconds()) if good else 0
    words = f"backup: {good.state}, {age} seconds old" if good else "backup: none"
    return words if last is good or last is None else f"{words}; the last try: {last.state}"
