"""Filters of the order list that a person keeps under a name: keeping one and removing one."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import ConflictError, InvalidInput
from webapp.domain.roles import READERS
from webapp.domain.wording import say
from webapp.extensions import db
from webapp.forms.orders import KeepFilterForm, OrderFilters
from webapp.languages import _, translate
from webapp.presenters.orders.listing import Keeping
from webapp.services.people import saved_filter_service
from webapp.services.people.saved_filter_service import KeptFilter
from webapp.web.order_lists import list_path, path_of_list, path_of_news, read_list

blueprint = Blueprint("saved_filters", __name__)


@blueprint.get("/orders/filters")
@requires(READERS)
def index() -> BaseResponse:
    """Lead to the list: this address is where filters are sent to, and a browser may come back to it."""
    return redirect(list_path(), 303)


@blueprint.post("/orders/filters")
@requires(READERS)
def create() -> BaseResponse:
    """Keep the filter that the list shows under a name of the person's own, and go back to it."""
    form = KeepFilterForm()
    filters = OrderFilters.from_text(form.query.data or "")
    try:
        kept = _keep(form.name.data or "", filters)
    except (ConflictError, InvalidInput) as refusal:
        keeping = Keeping(filters.as_text(), form.name.data or "", translate(refusal.message))
        screen = read_list(filters, keeping=keeping)
        page = render_template("pages/orders/index.html", screen=screen, news_path=path_of_news(filters))
        return Response(page, status=refusal.status)
    flash(_("“%(name)s” is saved. You find it with the other views.", name=kept.name), "success")
    return redirect(path_of_list(filters), 303)


@blueprint.post("/orders/filters/<id:filter_id>/removal")
@requires(READERS)
def remove(filter_id: int) -> BaseResponse:
    """Remove one of the person's own filters, and go back to the list. One that is gone, or not theirs, is gone."""
    user_id = g.signed_in.user_id
    removed = unit_of_work(
        db.session(), lambda session: saved_filter_service.remove_filter(session, g.store_id, user_id, filter_id)
    ).result
    flash(*((_("The filter is removed."), "success") if removed else (_("That filter is already gone."), "info")))
    return redirect(path_of_list(OrderFilters.from_text(request.form.get("query", ""))), 303)


def _keep(name: str, filters: OrderFilters) -> KeptFilter:
    """Keep it. Raises InvalidInput and ConflictError, also where there is nothing to keep."""
    if filters.is_queue:
        raise InvalidInput(say("This is the list as everybody sees it. Search or choose a view first, then save it."))
    user_id, query = g.signed_in.user_id, filters.as_text()
    return unit_of_work(
        db.session(),
        lambda session: saved_filter_service.keep_filter(session, g.store_id, user_id, name, query),
    ).result
