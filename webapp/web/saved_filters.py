"""Saves and removes a person's filters of the order list."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import InvalidInput
from webapp.domain.roles import READERS
from webapp.domain.wording import say
from webapp.extensions import db
from webapp.forms.orders import OrderFilters, SaveFilterForm
from webapp.languages import _
from webapp.paths import NOBODYS_ID
from webapp.presenters.orders.listing import FilterToSave
from webapp.presenters.refusals import Refusal
from webapp.services.people import saved_filter_service
from webapp.web.links import links
from webapp.web.order_lists import path_of_list, path_of_news, read_list
from webapp.web.performing import perform

blueprint = Blueprint("saved_filters", __name__)

_THE_QUEUE: Final = say("This is the list as everybody sees it. Search or choose a view first, then save it.")


@blueprint.get("/orders/filters")
@requires(READERS)
def index() -> BaseResponse:
    """Redirect to the list: forms post to this address, and a browser may come back to it."""
    return redirect(links().orders(), 303)


@blueprint.post("/orders/filters")
@requires(READERS)
def create() -> BaseResponse:
    """Save the list's current filter under the person's name for it, and return to the list."""
    form = SaveFilterForm()
    filters = OrderFilters.from_text(form.query.data or "")

    def save(session: Session) -> str:
        if filters.is_queue:
            raise InvalidInput(_THE_QUEUE)
        name, query = form.name.data or "", filters.as_text()
        return saved_filter_service.save_filter(session, g.store_id, g.signed_in.user_id, name, query).name

    name = perform(form, save, "keep filter")
    if isinstance(name, Refusal):
        to_save = FilterToSave(filters.as_text(), form.name.data or "", name.words)
        screen = read_list(filters, to_save=to_save)
        page = render_template("pages/orders/index.html", screen=screen, news_path=path_of_news(filters))
        return Response(page, status=name.status)
    flash(_("“%(name)s” is saved. You find it with the other views.", name=name), "success")
    return redirect(path_of_list(filters), 303)


@blueprint.post("/orders/filters/<id:filter_id>/removal")
@requires(READERS)
def remove(filter_id: int) -> BaseResponse:
    """Remove one of the person's filters, and return to the list. Another's or an unknown filter changes nothing."""
    if filter_id == NOBODYS_ID:
        abort(404)
    user_id = g.signed_in.user_id
    removed = unit_of_work(
        db.session(), lambda session: saved_filter_service.remove_filter(session, g.store_id, user_id, filter_id)
    ).result
    flash(*((_("The filter is removed."), "success") if removed else (_("That filter is already gone."), "info")))
    return redirect(path_of_list(OrderFilters.from_text(request.form.get("query", ""))), 303)
