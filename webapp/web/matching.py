"""Matching the GTINs that a marketplace sent and no product has."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import ConflictError, InvalidInput
from webapp.domain.roles import MANAGERS, READERS
from webapp.extensions import db
from webapp.forms.matching import MatchForm, clean_gtin
from webapp.forms.orders import clean_search
from webapp.presenters.matching import matched_words, present_match, present_match_list
from webapp.services import matching_service, stock_queries, unknown_lines
from webapp.web.answers import go_to
from webapp.web.pick_answers import once, path_of, refused_form, viewer
from webapp.web.requests import is_htmx

blueprint = Blueprint("matching", __name__)

CANDIDATES = 12
"""Products offered at once; who does not find the right one types more of its name."""


@blueprint.get("/matches")
@requires(READERS)
def index() -> str:
    """List the unknown GTINs, and the lines that have none."""
    cursor, lines_cursor = request.args.get("cursor"), request.args.get("lines")
    page = unknown_lines.list_unknown_gtins(db.session(), g.store_id, cursor)
    without = unknown_lines.list_lines_without_gtin(db.session(), g.store_id, lines_cursor)
    screen = present_match_list(
        page.gtins,
        without.lines,
        viewer(),
        lambda gtin: url_for("matching.new", gtin=gtin),
        path_of,
        next_href=_list_path(cursor=page.next_cursor) if page.next_cursor else None,
        first_href=_list_path() if cursor else None,
        more_lines_href=_list_path(lines=without.next_cursor) if without.next_cursor else None,
        first_lines_href=_list_path() if lines_cursor else None,
    )
    return render_template("pages/matching/index.html", screen=screen)


@blueprint.get("/matches/new")
@requires(READERS)
def new() -> BaseResponse:
    """Show what waits for a GTIN, and the products that a search finds for it."""
    gtin = clean_gtin(request.args.get("gtin", ""))
    if not gtin:
        return go_to(_list_path())
    return _screen(gtin, request.args.get("search"))


@blueprint.post("/matches")
@requires(MANAGERS)
def create() -> BaseResponse:
    """Link every open line that carries the GTIN to the product, and remember it."""
    form = MatchForm()
    if not form.validate():
        refusal = refused_form(form)
        message = " ".join(filter(None, (refusal.message, *refusal.errors.values())))
        return _screen(clean_gtin(form.gtin.data or ""), request.form.get("search"), message, 422)
    gtin, product_id = form.gtin.data or "", form.product

    def match(session: Session) -> Any:
        return matching_service.match_gtin(session, g.store_id, gtin, product_id, actor=g.actor)

    try:
        result = unit_of_work(db.session(), match, once(form, "match", gtin, product_id)).result
    except (ConflictError, InvalidInput) as error:
        return _screen(gtin, request.form.get("search"), error.message, error.status)
    product = stock_queries.read_product(db.session(), g.store_id, product_id)
    flash(*matched_words(result, product.label))
    return go_to(_list_path())


def _screen(gtin: str, typed: str | None, message: str = "", status: int = 200) -> Response:
    """Render the screen of one GTIN, or for htmx its panel; ``typed`` None searches by what the lines are called."""
    session = db.session()
    found = unknown_lines.read_unknown_gtin(session, g.store_id, gtin)
    search = clean_search((found.name if found else "") if typed is None else typed)
    page = stock_queries.list_stock(session, g.store_id, search, limit=CANDIDATES) if search else None
    screen = present_match(
        gtin,
        found,
        unknown_lines.lines_with(session, g.store_id, gtin),
        unknown_lines.remembered_product(session, g.store_id, gtin),
        search,
        page.products if page else (),
        viewer(),
        path_of,
        lambda product_id: url_for("stock.show", product_id=product_id),
        is_cut=page is not None and (page.is_cut or page.next_cursor is not None),
        message=message,
    )
    template = "panels/matching/_match.html" if is_htmx() else "pages/matching/new.html"
    return Response(render_template(template, screen=screen), status=status)


def _list_path(**query: Any) -> str:
    return url_for("matching.index", **query)
