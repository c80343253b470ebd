"""Health checks for load balancers."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy.exc import SQLAlchemyError

from webapp.auth.guard import public
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
    """Respond 200 if the database is reachable and migrated, else 503 with the reason."""
    try:
        reason = health_service.why_not_ready(db.session(), migrate.directory)
    except SQLAlchemyError:
        reason = "database not reachable"
    return f"{reason or 'ready'}\n", 503 if reason else 200, {"Content-Type": "text/plain; charset=utf-8"}
