"""Matching what a marketplace sent and no product has: GTINs, SKUs, single lines."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import ConflictError, InvalidInput
from webapp.domain.roles import MANAGERS, READERS
from webapp.domain.unknown_lines import MatchBy, Unknown
from webapp.extensions import db
from webapp.forms.matching import MatchForm, sent_by
from webapp.forms.orders import clean_search
from webapp.languages import translate
from webapp.presenters.matching.listing import CodeSection, present_match_list, present_section
from webapp.presenters.matching.match import matched_words, present_match
from webapp.services import matching_service
from webapp.services.reads import stock_queries, unknown_lines
from webapp.web.answers import go_to, path_of
from webapp.web.requests import is_htmx, once, refused_form, viewer

blueprint = Blueprint("matching", __name__)

CANDIDATES = 12
"""Products offered at once; who does not find the right one types more of its name."""

CURSORS = {MatchBy.GTIN: "cursor", MatchBy.SKU: "skus"}
"""Names in the address of where each section of the list goes on."""

NOTHING = Unknown(MatchBy.GTIN, "")
"""What is shown around a refusal of something that cannot be matched."""


@blueprint.get("/matches")
@requires(READERS)
def index() -> str:
    """List the unknown GTINs, the SKUs of lines without a GTIN, and the lines that have neither."""
    lines_cursor = request.args.get("lines")
    without = unknown_lines.list_lines_without_code(db.session(), g.store_id, lines_cursor)
    screen = present_match_list(
        [_section(by, cursor) for by, cursor in CURSORS.items()],
        without.lines,
        viewer(),
        path_of_match,
        path_of,
        more_lines_href=_list_path(lines=without.next_cursor) if without.next_cursor else None,
        first_lines_href=_list_path() if lines_cursor else None,
    )
    return render_template("pages/matching/index.html", screen=screen)


@blueprint.get("/matches/new")
@requires(READERS)
def new() -> BaseResponse:
    """Show what waits for a GTIN, a SKU or alone, and the products that a search finds for it."""
    unknown = Unknown.read(*sent_by(request.args.get))
    return _screen(unknown, request.args.get("search")) if unknown else go_to(_list_path())


@blueprint.post("/matches")
@requires(MANAGERS)
def create() -> BaseResponse:
    """Link the open lines that carry the GTIN or the SKU, or one line, to the product."""
    form, search = MatchForm(), request.form.get("search")
    if not form.validate():
        refusal = refused_form(form)
        message = " ".join(filter(None, (refusal.message, *refusal.errors.values())))
        return _screen(Unknown.read(*form.sent()) or NOTHING, search, message, 422)
    unknown, product_id = Unknown.require(*form.sent()), form.product

    def match(session: Session) -> Any:
        return matching_service.match_lines(session, g.store_id, unknown, product_id, actor=g.actor)

    try:
        result = unit_of_work(db.session(), match, once(form, "match", unknown.by, unknown.code, product_id)).result
    except (ConflictError, InvalidInput) as error:
        return _screen(unknown, search, translate(error.message), error.status)
    flash(*matched_words(result, unknown, stock_queries.read_product(db.session(), g.store_id, product_id)))
    return go_to(_list_path())


def path_of_match(unknown: Unknown) -> str:
    """Return the path of matching a GTIN, a SKU or a line."""
    query: dict[str, Any] = {unknown.by.value: unknown.code}
    return url_for("matching.new", **query)


def _section(by: MatchBy, cursor_name: str) -> CodeSection:
    cursor = request.args.get(cursor_name)
    page = unknown_lines.list_waiting(db.session(), g.store_id, by, cursor)
    return present_section(
        by,
        page.codes,
        viewer(),
        path_of_match,
        next_href=_list_path(**{cursor_name: page.next_cursor}) if page.next_cursor else None,
        first_href=_list_path() if cursor else None,
    )


def _screen(unknown: Unknown, typed: str | None, message: str = "", status: int = 200) -> BaseResponse:
    """Render the screen of one match, or for htmx its panel; ``typed`` None searches by what is known of the lines."""
    session = db.session()
    found = unknown_lines.read_waiting(session, g.store_id, unknown)
    if found is None and unknown.by is MatchBy.ITEM:
        gtin = unknown_lines.gtin_of_line(session, g.store_id, int(unknown.code))
        if gtin and not message:
            return go_to(path_of_match(Unknown(MatchBy.GTIN, gtin)))
    sku = found.sku if found else unknown.code
    likely = unknown_lines.likely_product(session, g.store_id, unknown, sku)
    if typed is None:
        typed = sku if likely and unknown.by is not MatchBy.GTIN else found.name if found else ""
    search = clean_search(typed)
    page = stock_queries.list_stock(session, g.store_id, search, limit=CANDIDATES) if search else None
    screen = present_match(
        unknown,
        found,
        unknown_lines.lines_with(session, g.store_id, unknown),
        likely,
        search,
        page.products if page else (),
        viewer(),
        path_of_match,
        path_of,
        lambda product_id: url_for("stock.show", product_id=product_id),
        is_cut=page is not None and (page.is_cut or page.next_cursor is not None),
        message=message,
    )
    template = "panels/matching/_match.html" if is_htmx() else "pages/matching/new.html"
    return Response(render_template(template, screen=screen), status=status)


def _list_path(**query: Any) -> str:
    return url_for("matching.index", **query)
