"""Exports of lists as CSV, with the filters in force, for those who may export."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from functools import partial
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import Final

from flask import Blueprint, Response, g, request

from webapp.auth.guard import requires
from webapp.domain.roles import AUDITORS
from webapp.domain.stock import StockFilter
from webapp.extensions import db
from webapp.forms.orders import OrderFilters, clean_search
from webapp.presenters.exports.tables import ORDERS, STOCK, Row, order_rows, safe, stock_rows
from webapp.services.reads import order_export, order_listing, stock_queries
from webapp.web.order_lists import criteria_of

blueprint = Blueprint("exports", __name__)

_AT_ONCE: Final = 200
"""Orders or products that are read together."""

_CSV: Final = "text/csv; charset=utf-8"
_PIECE: Final = 64 * 1024
_IN_MEMORY: Final = 1024 * 1024
"""Bytes; a longer file is on the disk."""


@blueprint.get("/exports/orders.csv")
@requires(AUDITORS)
def orders() -> Response:
    """Send the list of orders, complete: a row for each line."""
    criteria, session = criteria_of(OrderFilters.from_query(request.args)), db.session()

    def read(cursor: str | None) -> tuple[Iterable[Row], str | None]:
        page = order_listing.list_orders(session, g.store_id, **criteria, limit=_AT_ONCE, cursor=cursor)
        ids = [order.id for order in page.rows]
        lines = order_export.read_lines(session, g.store_id, ids)
        return order_rows(page.rows, lines, order_export.read_heads(session, g.store_id, ids)), page.next_cursor

    return _send("orders", ORDERS, read)


@blueprint.get("/exports/stock.csv")
@requires(AUDITORS)
def stock() -> Response:
    """Send the list of products, complete: a row for each place."""
    search, show = clean_search(request.args.get("search", "")), StockFilter.of(request.args.get("show", ""))

    def read(cursor: str | None) -> tuple[Iterable[Row], str | None]:
        page = stock_queries.list_stock(db.session(), g.store_id, search, cursor, _AT_ONCE, show=show)
        return stock_rows(page.products, g.signed_in.store_code), page.next_cursor

    return _send("stock", STOCK, read)


def _send(name: str, header: Row, read: Callable[[str | None], tuple[Iterable[Row], str | None]]) -> Response:
    """Send all pages as one file. A long one grows on the disk, not in memory."""
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (closed once it is sent)
    table = TextIOWrapper(file, encoding="utf-8-sig", newline="")  # The mark tells spreadsheets that it is UTF-8.
    writer = csv.writer(table)
    writer.writerow(header)
    cursor: str | None = None
    while True:
        rows, cursor = read(cursor)
        writer.writerows(map(safe, rows))
        if cursor is None:
            break
    table.flush()
    table.detach()
    response = _short(file) if file.tell() <= _IN_MEMORY else _long(file)
    response.headers.set("Content-Disposition", "attachment", filename=f"packbench-{name}.csv")
    return response


def _short(file: SpooledTemporaryFile[bytes]) -> Response:
    with file:
        file.seek(0)
        return Response(file.read(), content_type=_CSV)


def _long(file: SpooledTemporaryFile[bytes]) -> Response:
    length = file.tell()
    file.seek(0)
    response = Response(iter(partial(file.read, _PIECE), b""), content_type=_CSV)
    response.content_length = length
    response.call_on_close(file.close)
    return response
