"""The mappings of columns that the store saved: managers list, rename and remove them."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.clock import utc_now
from webapp.domain.roles import MANAGERS
from webapp.extensions import db
from webapp.forms.imports import MappingForm
from webapp.languages import _
from webapp.presenters.imports.mappings import MappingRefusal, present_mappings
from webapp.presenters.refusals import Refusal
from webapp.services.imports import saved_mappings
from webapp.web.links import links
from webapp.web.performing import perform

blueprint = Blueprint("import_mappings", __name__)


@blueprint.get("/imports/mappings")
@requires(MANAGERS)
def index() -> Response:
    """List the mappings."""
    return _page()


@blueprint.post("/imports/mappings/<id:mapping_id>/name")
@requires(MANAGERS)
def rename(mapping_id: int) -> BaseResponse:
    """Give a mapping another name."""
    form = MappingForm()

    def work(session: Session) -> str:
        name, seen = form.name.data or "", form.seen.data or ""
        return saved_mappings.rename_mapping(session, g.store_id, mapping_id, name, g.actor, seen)

    name = perform(form, work, "rename mapping", mapping_id)
    if isinstance(name, Refusal):
        return _page(MappingRefusal(mapping_id, form.name.data or "", name.words), name.status)
    flash(_("The mapping is called “%(name)s” now.", name=name), "success")
    return redirect(links().import_mappings, 303)


@blueprint.post("/imports/mappings/<id:mapping_id>/removal")
@requires(MANAGERS)
def remove(mapping_id: int) -> BaseResponse:
    """Remove a mapping. Imports that were read by it keep it."""
    form = MappingForm()

    def work(session: Session) -> str:
        return saved_mappings.remove_seen_mapping(session, g.store_id, mapping_id, form.seen.data or "")

    name = perform(form, work, "remove mapping", mapping_id)
    if isinstance(name, Refusal):
        return _page(MappingRefusal(mapping_id, "", name.words), name.status)
    flash(_("The mapping “%(name)s” is removed.", name=name), "success")
    return redirect(links().import_mappings, 303)


def _page(refusal: MappingRefusal | None = None, status: int = 200) -> Response:
    mappings = saved_mappings.list_mappings(db.session(), g.store_id)
    screen = present_mappings(mappings, utc_now(), links(), refusal)
    return Response(render_template("pages/imports/mappings.html", screen=screen), status=status)
