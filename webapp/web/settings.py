"""The settings of a store: an administrator reads and changes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.clock import utc_now
from webapp.domain.roles import ADMINS
from webapp.extensions import db
from webapp.forms.settings import SettingsForm
from webapp.languages import _, ngettext
from webapp.presenters.administration.settings import present_settings
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services.people import store_settings
from webapp.services.people.store_settings import SettingEntry
from webapp.web.links import links
from webapp.web.performing import perform

blueprint = Blueprint("settings", __name__)


@blueprint.get("/settings")
@requires(ADMINS)
def index() -> Response:
    """Show every setting."""
    return _page()


@blueprint.post("/settings")
@requires(ADMINS)
def update() -> BaseResponse:
    """Set what the person changed, unless somebody else set the same meanwhile."""
    form = SettingsForm()

    def change(session: Session) -> Any:
        entries = {name: SettingEntry(*one) for name, one in form.edited().items()}
        return store_settings.change_settings(session, g.store_id, entries, g.actor)

    result = perform(form, change, "settings")
    if isinstance(result, Refusal):
        return _page(result)
    if result["stale"]:
        return _page(Refusal("", form.values(), status=409), result["stale"])
    changed = len(result["changed"])
    flash(
        ngettext("%(num)s setting is saved.", "%(num)s settings are saved.", changed)
        if changed
        else _("Nothing was different, so nothing is saved."),
        "success" if changed else "info",
    )
    return redirect(links().settings, 303)


def _page(refusal: Refusal = NO_REFUSAL, stale: Mapping[str, str] | None = None) -> Response:
    settings = store_settings.read_settings(db.session(), g.store_id)
    changes = store_settings.last_changes(db.session(), g.store_id)
    screen = present_settings(settings, changes, utc_now(), refusal, stale)
    return Response(render_template("pages/administration/settings.html", screen=screen), status=refusal.status)
