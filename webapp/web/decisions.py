"""The page To decide: open stock exceptions, and closing one with a resolution."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.clock import utc_now
from webapp.domain.roles import MANAGERS, READERS
from webapp.domain.statuses import OrderStatus
from webapp.extensions import db
from webapp.forms.decisions import CloseExceptionForm, ExceptionQuery
from webapp.presenters.decisions.listing import ClosureRefusal, closed_words, present_exceptions
from webapp.presenters.decisions.tiles import DecisionCounts
from webapp.presenters.pieces import Notice
from webapp.presenters.refusals import Refusal
from webapp.services.engine import stock_exceptions
from webapp.services.reads import exception_queries, order_counts, unknown_lines
from webapp.web.answers import page_or_panel
from webapp.web.landings import DECIDERS
from webapp.web.links import links
from webapp.web.performing import perform
from webapp.web.requests import is_htmx, viewer

blueprint = Blueprint("decisions", __name__)


@blueprint.get("/exceptions")
@requires(READERS)
def index() -> Response:
    """List the open exceptions, oldest orders first; the address may filter by cause."""
    return _screen()


@blueprint.post("/exceptions/<id:exception_id>/closure")
@requires(MANAGERS)
def create(exception_id: int) -> BaseResponse:
    """Close an exception by hand and return to the same page of the list."""
    form = CloseExceptionForm()

    def close(session: Session) -> Any:
        words = form.resolution.data or ""
        closed = stock_exceptions.close_exception(session, g.store_id, exception_id, words, actor=g.actor)
        return {"asked": words, "closed_by": closed.closed_by, "resolution": closed.resolution}

    result = perform(form, close, "close exception", exception_id)
    if isinstance(result, Refusal):
        exception_queries.check_exists(db.session(), g.store_id, exception_id)
        return _screen(ClosureRefusal(exception_id, result), result.status)
    if is_htmx():
        return _screen(done=closed_words(result))
    flash(*closed_words(result))
    return redirect(links().exceptions(**ExceptionQuery.from_query(request.args).as_query()), 303)


def _waiting() -> DecisionCounts | None:
    """Count what is to decide, for roles whose first page this is."""
    if g.role not in DECIDERS:
        return None
    session = db.session()
    orders = order_counts.count_open_orders(session, g.store_id, utc_now())
    tasks = exception_queries.count_tasks(session, g.store_id)
    return DecisionCounts(
        orders_to_start=orders.by_status[OrderStatus.PENDING],
        late_orders=orders.late(),
        unknown_lines=unknown_lines.count_waiting(session, g.store_id),
        exceptions=tasks.exceptions,
        places_to_count=tasks.places_to_count,
    )


def _screen(refused: ClosureRefusal | None = None, status: int = 200, done: Notice | None = None) -> Response:
    """Render the page of the list that the address names."""
    query = ExceptionQuery.from_query(request.args)
    page = exception_queries.list_exceptions(db.session(), g.store_id, query.cause, query.cursor)
    screen = present_exceptions(
        page.exceptions,
        query.cause,
        viewer(),
        links(),
        query.as_query(),
        utc_now(),
        waiting=_waiting(),
        next_cursor=page.next_cursor,
        refused=refused,
        done=done,
    )
    return page_or_panel("pages/decisions/index.html", "panels/decisions/_list.html", status=status, screen=screen)
