"""Erases a person's data from an order: first what it means, then the button."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from flask import Blueprint, Response, current_app, flash, g
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.roles import ERASERS
from webapp.extensions import db
from webapp.forms.fields import ActionForm
from webapp.languages import _
from webapp.presenters.orders.erasure import erased_words, present_erasure
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services import erasure_service
from webapp.services.imports import jobs
from webapp.services.imports.report import forget_in_report
from webapp.web.answers import go_to, page_or_panel
from webapp.web.import_starting import is_held, stored_files
from webapp.web.links import links
from webapp.web.order_reading import read_order
from webapp.web.performing import perform

blueprint = Blueprint("erasures", __name__)


@blueprint.get("/orders/<id:order_id>/erasure")
@requires(ERASERS)
def new(order_id: int) -> Response:
    """Show what erasing takes from the order, and what stays."""
    return _screen(order_id)


@blueprint.post("/orders/<id:order_id>/erasure")
@requires(ERASERS)
def create(order_id: int) -> BaseResponse:
    """Erase the person's data and redirect to the order; if refused, say why."""

    def erase(session: Session) -> bool:
        return erasure_service.erase_person(session, g.store_id, order_id, g.actor)

    result = perform(ActionForm(), erase, "erase person", order_id)
    if isinstance(result, Refusal):
        return _screen(order_id, result)
    _forget_in_files(order_id)
    flash(*erased_words(by_us=result))
    return go_to(links().order(order_id))


def _forget_in_files(order_id: int) -> None:
    """Take the customer out of what imports keep in files. Doing it again finishes what was interrupted."""
    number, files = read_order(order_id, for_page=True).order_number, stored_files()
    try:
        files.forget_order(number, lambda job_id: is_held(files, job_id))
        for report in jobs.reports(db.session(), g.store_id):
            forget_in_report(Path(current_app.config["REPORT_FOLDER"]) / report, number)
    except (OSError, sqlite3.Error) as error:
        current_app.logger.error("Files of imports still name the customer of order %s: %s", order_id, error)
        words = _("Files that were imported could not be changed. They are deleted a week after their last use.")
        flash(words, "warning")


def _screen(order_id: int, refusal: Refusal = NO_REFUSAL) -> Response:
    screen = present_erasure(read_order(order_id, for_page=True), links(), refusal)
    page, panel = "pages/orders/erasure.html", "panels/orders/_erasure.html"
    return page_or_panel(page, panel, status=refusal.status, screen=screen)
