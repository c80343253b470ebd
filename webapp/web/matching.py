"""Matches unknown GTINs, SKUs and single lines to products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.roles import MANAGERS, READERS
from webapp.domain.unknown_lines import MatchBy, UnknownCode
from webapp.extensions import db
from webapp.forms.matching import MatchForm, first_code
from webapp.forms.orders import clean_search
from webapp.presenters.matching.listing import CodeSection, present_match_list, present_section
from webapp.presenters.matching.match import matched_words, present_match
from webapp.presenters.refusals import Refusal
from webapp.services import matching_service
from webapp.services.reads import stock_queries, unknown_lines
from webapp.services.reads.matches import likely_packs
from webapp.web.answers import go_to, page_or_panel
from webapp.web.links import links
from webapp.web.performing import perform
from webapp.web.requests import viewer

blueprint = Blueprint("matching", __name__)

CANDIDATES = 12
"""Products offered at once; a person who does not see the right one types more of its name."""

CURSORS = {MatchBy.GTIN: "cursor", MatchBy.SKU: "skus", MatchBy.NAME: "names"}
"""Names of each section's cursor in the address."""

NOTHING = UnknownCode(MatchBy.GTIN, "")
"""Stands in when an invalid code was refused."""


@blueprint.get("/matches")
@requires(READERS)
def index() -> str:
    """List the unknown GTINs, the SKUs of lines without a GTIN, the names of lines with neither, and nameless lines."""
    lines_cursor = request.args.get("lines")
    without = unknown_lines.list_lines_without_code(db.session(), g.store_id, lines_cursor)
    screen = present_match_list(
        [_section(by, cursor) for by, cursor in CURSORS.items()],
        without.lines,
        viewer(),
        links(),
        more_lines_href=links().matches(lines=without.next_cursor) if without.next_cursor else None,
        first_lines_href=links().matches() if lines_cursor else None,
    )
    return render_template("pages/matching/index.html", screen=screen)


@blueprint.get("/matches/new")
@requires(READERS)
def new() -> BaseResponse:
    """Show the lines of a GTIN, a SKU or an item, and the products that a search finds."""
    unknown = UnknownCode.read(*first_code(request.args.get))
    return _screen(unknown, request.args.get("search")) if unknown else go_to(links().matches())


@blueprint.post("/matches")
@requires(MANAGERS)
def create() -> BaseResponse:
    """Match the open lines with the GTIN or SKU, or one line, to the product."""
    form, search = MatchForm(), request.form.get("search")
    unknown = UnknownCode.read(*form.code()) or NOTHING

    def match(session: Session) -> Any:
        return matching_service.match_lines(session, g.store_id, unknown, form.product, g.actor, form.pack)

    result = perform(form, match, "match")
    if isinstance(result, Refusal):
        return _screen(unknown, search, result, {form.product: form.pack_units.data or ""})
    product = stock_queries.read_product(db.session(), g.store_id, form.product)
    flash(*matched_words(result, unknown, product, form.pack))
    return go_to(links().matches())


def _section(by: MatchBy, cursor_name: str) -> CodeSection:
    cursor = request.args.get(cursor_name)
    page = unknown_lines.list_waiting(db.session(), g.store_id, by, cursor)
    return present_section(
        by,
        page.codes,
        viewer(),
        links(),
        next_href=links().matches(**{cursor_name: page.next_cursor}) if page.next_cursor else None,
        first_href=links().matches() if cursor else None,
    )


def _screen(
    unknown: UnknownCode, text: str | None, refusal: Refusal | None = None, packs: Mapping[int, str] | None = None
) -> BaseResponse:
    """Render the page of one match; with ``text`` None it searches by the lines' own name. ``packs`` is what a
    person gave for a product."""
    session = db.session()
    waiting = unknown_lines.read_waiting(session, g.store_id, unknown)
    if waiting is None and unknown.by is MatchBy.ITEM:
        gtin = unknown_lines.gtin_of_line(session, g.store_id, int(unknown.code))
        if gtin and refusal is None:
            return go_to(links().match(UnknownCode(MatchBy.GTIN, gtin)))
    sku = waiting.sku if waiting else unknown.code
    likely = unknown_lines.likely_product(session, g.store_id, unknown, sku)
    if text is None:
        text = sku if likely and unknown.by is not MatchBy.GTIN else waiting.name if waiting else ""
    search = clean_search(text)
    page = stock_queries.list_stock(session, g.store_id, search, limit=CANDIDATES) if search else None
    screen = present_match(
        unknown,
        waiting,
        unknown_lines.lines_with(session, g.store_id, unknown),
        likely,
        search,
        page.products if page else (),
        viewer(),
        links(),
        packs={**likely_packs(session, g.store_id, unknown), **(packs or {})},
        is_cut=page is not None and (page.is_cut or page.next_cursor is not None),
        message=refusal.words if refusal else "",
    )
    status = refusal.status if refusal else 200
    return page_or_panel("pages/matching/new.html", "panels/matching/_match.html", status=status, screen=screen)
