"""Merge a product with its twin: find it, see what would move, confirm; and undo it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.quantities import parse_id
from webapp.domain.roles import MANAGERS
from webapp.extensions import db
from webapp.forms.fields import ActionForm
from webapp.forms.orders import clean_search
from webapp.forms.product_merges import MergeForm
from webapp.presenters.pieces import Notice
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.stock.merged import merge_words, undo_words
from webapp.presenters.stock.merging import present_find_twin, present_merge
from webapp.services import product_merge_service
from webapp.services.reads import merges, product_codes, stock_queries
from webapp.web.answers import page_or_panel
from webapp.web.links import links
from webapp.web.matching import CANDIDATES
from webapp.web.performing import perform
from webapp.web.stock import product_screen

blueprint = Blueprint("product_merges", __name__)


@blueprint.get("/stock/<id:product_id>/merge")
@requires(MANAGERS)
def new(product_id: int) -> Response:
    """Show the products that a search finds or, once one is chosen, what would move to it."""
    survivor_id = parse_id(request.args.get("with", ""))
    if survivor_id is not None and survivor_id != product_id:
        return _preview(product_id, survivor_id)
    session = db.session()
    product = stock_queries.read_product(session, g.store_id, product_id)
    search = clean_search(request.args.get("search", " ".join(product.label.split()[:1]).strip(",;:")))
    page = stock_queries.list_stock(session, g.store_id, search, limit=CANDIDATES + 1) if search else None
    is_cut = page is not None and (page.is_cut or page.next_cursor is not None)
    screen = present_find_twin(product, search, page.products if page else (), links(), is_cut=is_cut)
    return page_or_panel("pages/stock/find_twin.html", "panels/stock/_twins.html", screen=screen)


@blueprint.post("/stock/<id:product_id>/merge")
@requires(MANAGERS)
def create(product_id: int) -> BaseResponse:
    """Move everything to the product that stays."""
    form = MergeForm()

    def merge(session: Session) -> Any:
        return product_merge_service.merge_products(session, g.store_id, product_id, form.survivor_id, actor=g.actor)

    result = perform(form, merge, "merge", product_id)
    if isinstance(result, Refusal):
        if not form.survivor_id or form.survivor_id == product_id:
            return product_screen(product_id, done=Notice(result.words, "danger"), status=result.status)
        return _preview(product_id, form.survivor_id, result)
    flash(*merge_words(result))
    return redirect(links().product(result["product_id"]), 303)


@blueprint.post("/stock/<id:product_id>/merge/undo")
@requires(MANAGERS)
def undo(product_id: int) -> BaseResponse:
    """Give a merged product back what it had, while nothing else has happened."""

    def work(session: Session) -> Any:
        return product_merge_service.undo_merge(session, g.store_id, product_id, actor=g.actor)

    result = perform(ActionForm(), work, "undo merge", product_id)
    if isinstance(result, Refusal):
        return product_screen(product_id, done=Notice(result.words, "danger"), status=result.status)
    flash(*undo_words(result))
    return redirect(links().product(product_id), 303)


def _preview(product_id: int, survivor_id: int, refusal: Refusal = NO_REFUSAL) -> Response:
    session = db.session()
    screen = present_merge(
        stock_queries.read_product(session, g.store_id, product_id),
        stock_queries.read_product(session, g.store_id, survivor_id),
        merges.read_open_lines(session, g.store_id, product_id),
        product_codes.read_codes(session, g.store_id, product_id),
        merges.count_matches(session, g.store_id, product_id),
        links(),
        refusal,
    )
    return Response(render_template("pages/stock/merge.html", screen=screen), status=refusal.status)
