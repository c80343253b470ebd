"""Exports of lists as files, with the filters in force, for those who may export."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, g, request

from webapp.auth.guard import requires
from webapp.domain.roles import AUDITORS
from webapp.domain.stock import StockFilter
from webapp.extensions import db
from webapp.forms.activity import ActivityQuery
from webapp.forms.decisions import ExceptionQuery
from webapp.forms.orders import OrderFilters, clean_search
from webapp.presenters.exports.tables import EXCEPTIONS, ORDERS, STOCK, exception_rows, order_rows, stock_rows
from webapp.presenters.trail.export import ACTIVITY_HEADER, activity_rows
from webapp.services.reads import activity_export, exception_queries, order_export, order_listing, stock_queries
from webapp.web.list_files import FileType, Page, send_list
from webapp.web.order_lists import criteria_of

blueprint = Blueprint("exports", __name__)

_AT_ONCE: Final = 200
"""Orders, products or exceptions that are read together."""

_OPERATIONS_AT_ONCE: Final = 50
"""One may have hundreds of rows."""


@blueprint.get("/exports/orders.csv")
@requires(AUDITORS)
def orders() -> Response:
    """Send the list of orders as CSV, complete: a row for each line."""
    return _orders(FileType.CSV)


@blueprint.get("/exports/orders.xlsx")
@requires(AUDITORS)
def orders_xlsx() -> Response:
    """Send the same as XLSX."""
    return _orders(FileType.XLSX)


@blueprint.get("/exports/stock.csv")
@requires(AUDITORS)
def stock() -> Response:
    """Send the list of products as CSV, complete: a row for each place."""
    return _stock(FileType.CSV)


@blueprint.get("/exports/stock.xlsx")
@requires(AUDITORS)
def stock_xlsx() -> Response:
    """Send the same as XLSX."""
    return _stock(FileType.XLSX)


@blueprint.get("/exports/exceptions.csv")
@requires(AUDITORS)
def exceptions() -> Response:
    """Send the list of open exceptions as CSV, complete."""
    return _exceptions(FileType.CSV)


@blueprint.get("/exports/exceptions.xlsx")
@requires(AUDITORS)
def exceptions_xlsx() -> Response:
    """Send the same as XLSX."""
    return _exceptions(FileType.XLSX)


@blueprint.get("/exports/activity.csv")
@requires(AUDITORS)
def activity() -> Response:
    """Send the activity as CSV, complete: a row for each event and each movement, the newest operation first."""
    return _activity(FileType.CSV)


@blueprint.get("/exports/activity.xlsx")
@requires(AUDITORS)
def activity_xlsx() -> Response:
    """Send the same as XLSX."""
    return _activity(FileType.XLSX)


def _orders(file_type: FileType) -> Response:
    criteria, session = criteria_of(OrderFilters.from_query(request.args)), db.session()

    def read(cursor: str | None) -> Page:
        page = order_listing.list_orders(session, g.store_id, **criteria, limit=_AT_ONCE, cursor=cursor)
        ids = [order.id for order in page.rows]
        lines = order_export.read_lines(session, g.store_id, ids)
        return order_rows(page.rows, lines, order_export.read_heads(session, g.store_id, ids)), page.next_cursor

    return send_list("orders", ORDERS, read, file_type)


def _stock(file_type: FileType) -> Response:
    search, show = clean_search(request.args.get("search", "")), StockFilter.of(request.args.get("show", ""))

    def read(cursor: str | None) -> Page:
        page = stock_queries.list_stock(db.session(), g.store_id, search, cursor, _AT_ONCE, show=show)
        return stock_rows(page.products, g.signed_in.store_code), page.next_cursor

    return send_list("stock", STOCK, read, file_type)


def _exceptions(file_type: FileType) -> Response:
    cause = ExceptionQuery.from_query(request.args).cause

    def read(cursor: str | None) -> Page:
        page = exception_queries.list_exceptions(db.session(), g.store_id, cause, cursor, _AT_ONCE)
        return exception_rows(page.exceptions), page.next_cursor

    return send_list("exceptions", EXCEPTIONS, read, file_type)


def _activity(file_type: FileType) -> Response:
    criteria = ActivityQuery.from_query(request.args).criteria

    def read(cursor: str | None) -> Page:
        page = activity_export.read_rows(db.session(), g.store_id, criteria, cursor, _OPERATIONS_AT_ONCE)
        ids = [key.operation_id for key in page.operations]
        return activity_rows(ids, page.events, page.movements, page.orders, page.items), page.next_cursor

    return send_list("activity", ACTIVITY_HEADER, read, file_type)
