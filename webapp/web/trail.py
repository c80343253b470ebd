"""An order's audit trail: who did what, when, where and why, with the numbers before and after."""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template, request

from webapp.auth.guard import requires
from webapp.domain.clock import utc_now
from webapp.domain.roles import AUDITORS, READERS
from webapp.extensions import db
from webapp.forms.trail import TrailQuery
from webapp.presenters.trail.export import HEADER, file_name, trail_csv, trail_rows
from webapp.presenters.trail.screen import present_trail
from webapp.services.reads import trail_queries
from webapp.services.reads.trail_queries import TrailRows
from webapp.web.list_files import FileType, send_list
from webapp.web.requests import is_htmx

blueprint = Blueprint("trail", __name__)


@blueprint.get("/orders/<id:order_id>/audit")
@requires(READERS)
def show(order_id: int) -> str:
    """Show a page of the trail, newest first by default; the address holds all filters."""
    query = TrailQuery.from_query(request.args)
    trail = trail_queries.read_trail(
        db.session(), g.store_id, order_id, query.criteria, oldest_first=query.oldest_first, cursor=query.cursor
    )
    screen = present_trail(
        trail.order,
        trail.items,
        trail.people,
        trail.entries,
        query.criteria,
        utc_now(),
        reader=g.actor,
        may_export=g.role in AUDITORS,
    )
    template = "panels/trail/_trail.html" if is_htmx() else "pages/trail/show.html"
    return render_template(template, screen=screen, query=query, next_cursor=trail.next_cursor)


@blueprint.get("/orders/<id:order_id>/audit.csv")
@requires(AUDITORS)
def export(order_id: int) -> Response:
    """Return the filtered trail as CSV, complete and oldest first."""
    trail = _read_rows(order_id)
    table = trail_csv(trail.items, trail.events, trail.movements)
    response = Response(table, content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{file_name(trail.order.order_number)}.csv")
    return response


@blueprint.get("/orders/<id:order_id>/audit.xlsx")
@requires(AUDITORS)
def export_xlsx(order_id: int) -> Response:
    """Return the same as XLSX."""
    trail = _read_rows(order_id)
    rows = trail_rows(trail.items, trail.events, trail.movements)
    return send_list(file_name(trail.order.order_number), HEADER, lambda _: (rows, None), FileType.XLSX, prefix="")


def _read_rows(order_id: int) -> TrailRows:
    criteria = TrailQuery.from_query(request.args).criteria
    return trail_queries.read_rows(db.session(), g.store_id, order_id, criteria)
