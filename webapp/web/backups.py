"""The page of backups, for administrators: what the last ones came to, and a button for another."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from webapp.auth.guard import requires
from webapp.backups.errors import AlreadyMaking
from webapp.backups.records import list_backups
from webapp.backups.starting import start_backup
from webapp.config import ROOT
from webapp.domain.clock import utc_now
from webapp.domain.roles import ADMINS
from webapp.languages import _
from webapp.presenters.backups.listing import NONE, BackupsPanel, present_backups
from webapp.web.links import links

blueprint = Blueprint("backups", __name__)


@blueprint.get("/backups")
@requires(ADMINS)
def index() -> str:
    """Show the backups."""
    return render_template("pages/backups/index.html", panel=_panel())


@blueprint.get("/backups/panel")
@requires(ADMINS, renews=False)
def panel() -> str:
    """Render the list alone, for its poll."""
    return render_template("panels/backups/_backups.html", panel=_panel())


@blueprint.post("/backups")
@requires(ADMINS)
def create() -> Response:
    """Start a backup, unless one is being made. The page then asks until it appears."""
    before = list_backups(_folder())
    try:
        start_backup(current_app.config, ROOT)
    except AlreadyMaking:
        flash(_("A backup is being made already. It appears below when it is finished."), "info")
        return redirect(links().backups(), 303)
    except OSError as error:
        current_app.logger.error("The backup folder cannot be used: %s", error)
        flash(_("The folder for backups cannot be used. The server's log says why."), "danger")
        return redirect(links().backups(), 303)
    current_app.logger.info("%s started a backup", g.actor)
    flash(_("The backup has begun. You can leave this page; it goes on."), "success")
    return redirect(links().backups(after=before[0].name if before else NONE), 303)


def _panel() -> BackupsPanel:
    return present_backups(list_backups(_folder()), utc_now(), links(), request.args.get("after"))


def _folder() -> Path:
    return Path(current_app.config["BACKUP_FOLDER"])
