"""Stock: the product list, one product's page, and changing stock by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.clock import utc_now
from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.roles import MANAGERS, READERS
from webapp.domain.stock import StockFilter
from webapp.domain.stock_numbers import TAKE
from webapp.extensions import db
from webapp.forms.orders import clean_search
from webapp.forms.stock import AdjustForm, CountForm
from webapp.languages import time_zone
from webapp.presenters.pieces import Notice
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.stock.listing import present_stock_list
from webapp.presenters.stock.places import Change, StockRefusal
from webapp.presenters.stock.product import present_product
from webapp.presenters.stock.short_count import present_short_count
from webapp.presenters.stock.words import adjusted_words, counted_words
from webapp.services import inventory_service
from webapp.services.reads import merges, product_codes, stock_history, stock_queries
from webapp.web.answers import page_or_panel
from webapp.web.links import links
from webapp.web.performing import perform
from webapp.web.requests import is_htmx, viewer

blueprint = Blueprint("stock", __name__)


@blueprint.get("/stock")
@requires(READERS)
def index() -> Response:
    """List products by SKU, searched and filtered."""
    search, cursor = clean_search(request.args.get("search", "")), request.args.get("cursor")
    show = StockFilter.of(request.args.get("show", ""))
    page = stock_queries.list_stock(db.session(), g.store_id, search, cursor, show=show)
    screen = present_stock_list(
        page.products,
        search,
        show,
        viewer(),
        links(),
        is_cut=page.is_cut,
        cursor=cursor,
        next_cursor=page.next_cursor,
    )
    return page_or_panel("pages/stock/index.html", "panels/stock/_list.html", screen=screen)


@blueprint.get("/stock/<id:product_id>")
@requires(READERS)
def show(product_id: int) -> Response:
    """Show one product: its places, the orders that hold or wait for its units, and its latest movements."""
    return product_screen(product_id)


@blueprint.post("/stock/<id:product_id>/adjustments")
@requires(MANAGERS)
def adjust(product_id: int) -> BaseResponse:
    """Add or remove units at a place, which may be new. If orders would lose some, a preview comes first."""
    form = AdjustForm()

    def work(session: Session, **names: Any) -> Any:
        return inventory_service.adjust_inventory(session, quantity_change=form.quantity.units, **names)

    return _change(product_id, form, work, lambda level: adjusted_words(form.quantity.units, level))


@blueprint.get("/stock/<id:product_id>/counts")
@requires(MANAGERS)
def preview_count(product_id: int) -> BaseResponse:
    """Show which orders would lose units if a place had only as many as the address says."""
    form = CountForm(formdata=request.args)
    form.validate()
    return _preview(product_id, form, NO_REFUSAL) or redirect(links().product(product_id), 303)


@blueprint.post("/stock/<id:product_id>/counts")
@requires(MANAGERS)
def count(product_id: int) -> BaseResponse:
    """Set a place to the counted units. If orders would lose some, a preview comes first."""
    form = CountForm()

    def work(session: Session, **names: Any) -> Any:
        seen = form.seen_quantity.number
        return inventory_service.set_inventory(session, quantity=form.quantity.units, seen_quantity=seen, **names)

    return _change(product_id, form, work, counted_words)


def _change(
    product_id: int,
    form: AdjustForm | CountForm,
    work: Callable[..., Any],
    notice_of: Callable[[dict[str, Any]], Notice],
) -> BaseResponse:
    """Do the work once. htmx gets the product's panels as they are now, a page is redirected to the place."""

    def change(session: Session) -> Any:
        who_and_why = {"actor": g.actor, "reason": form.words, "chosen": form.chosen}
        return work(session, store_id=g.store_id, product_id=product_id, **form.place, **who_and_why)

    level = perform(form, change, type(form).__name__, product_id)
    if isinstance(level, Refusal):
        return _preview(product_id, form, level) or _refused(product_id, form, level)
    if is_htmx():
        return product_screen(product_id, done=notice_of(level))
    flash(*notice_of(level))
    return redirect(links().place_of_product(product_id, level["inventory_id"]), 303)


def _refused(product_id: int, form: AdjustForm | CountForm, refusal: Refusal) -> Response:
    """Show the product as it is now, with the refused form open and its input kept."""
    return product_screen(product_id, refused=StockRefusal(_change_of(form), *_place_of(form), refusal))


def _preview(product_id: int, form: AdjustForm | CountForm, refusal: Refusal) -> Response | None:
    """Show which orders would lose units, as things are now; None if none would, or the number is not valid."""
    session = db.session()
    product = stock_queries.read_product(session, g.store_id, product_id)
    place = product.place_at(*_place_of(form))
    if place is None or form.quantity.errors:
        return None
    left = form.left_of(place.quantity)
    short_count = stock_queries.read_short_count(session, g.store_id, product, place, left)
    if short_count is None:
        return None
    quantity = str(abs(form.quantity.units))
    screen = present_short_count(
        product, place, short_count, _change_of(form), quantity, refusal, viewer(), links(), utc_now()
    )
    page, panel = "pages/stock/short_count.html", "panels/stock/_short_count.html"
    return page_or_panel(page, panel, status=refusal.status, screen=screen)


def _change_of(form: AdjustForm | CountForm) -> Change:
    if isinstance(form, CountForm):
        return Change.COUNT
    return Change.TAKE if form.direction.data == TAKE or form.quantity.units < 0 else Change.ADD


def _place_of(form: AdjustForm | CountForm) -> tuple[str, str]:
    return str(form.warehouse.data or MAIN_WAREHOUSE), str(form.location.data or "")


def product_screen(
    product_id: int,
    *,
    refused: StockRefusal | None = None,
    refused_code: Refusal | None = None,
    done: Notice | None = None,
    status: int = 200,
) -> Response:
    """Return the product's page or its panel, perhaps with a refused form and its input."""
    session, cursor = db.session(), request.args.get("moved_before")
    product = stock_queries.read_product(session, g.store_id, product_id)
    movements = stock_queries.list_movements(session, g.store_id, product_id, cursor)
    now = utc_now()
    screen = present_product(
        product,
        stock_queries.read_holders(session, g.store_id, product_id),
        stock_queries.read_waiting(session, g.store_id, product_id),
        movements.movements,
        stock_history.read_history(session, g.store_id, product_id, now, time_zone()),
        viewer(),
        links(),
        now,
        movements_before=cursor,
        older_cursor=movements.next_cursor,
        codes=product_codes.read_codes(session, g.store_id, product_id),
        journal=product_codes.read_journal(session, g.store_id, product_id),
        merged=merges.list_merges(session, g.store_id, product_id),
        refused=refused,
        refused_code=refused_code,
        done=done,
    )
    refusal = refused.refusal if refused else refused_code
    status = refusal.status if refusal else status
    return page_or_panel("pages/stock/show.html", "panels/stock/_product.html", status=status, screen=screen)
