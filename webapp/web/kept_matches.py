"""Lists what was matched, and undoes it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.clock import utc_now
from webapp.domain.roles import MANAGERS, READERS
from webapp.extensions import db
from webapp.forms.fields import ActionForm
from webapp.forms.orders import clean_search
from webapp.presenters.matching.matches import present_matches
from webapp.presenters.matching.undo import match_undone_words, present_match_undo
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services import match_undo_service
from webapp.services.reads import matches
from webapp.web.answers import go_to, page_or_panel
from webapp.web.links import links
from webapp.web.performing import perform
from webapp.web.requests import viewer

blueprint = Blueprint("kept_matches", __name__)


@blueprint.get("/matches/kept")
@requires(READERS)
def index() -> Response:
    """List the matches that nobody undid, the newest first, searched by code and product."""
    search, cursor = clean_search(request.args.get("search", "")), request.args.get("cursor")
    page = matches.list_matches(db.session(), g.store_id, search, cursor)
    cursors: dict[str, str | None] = {"cursor": cursor, "next_cursor": page.next_cursor}
    screen = present_matches(page.matches, search, viewer(), utc_now(), links(), is_cut=page.is_cut, **cursors)
    return page_or_panel("pages/matching/matches.html", "panels/matching/_matches.html", screen=screen)


@blueprint.get("/matches/kept/<id:match_id>/removal")
@requires(READERS)
def removal(match_id: int) -> Response:
    """Show which lines would wait again, what would be free, and what stays."""
    return _removal(match_id)


@blueprint.post("/matches/kept/<id:match_id>/removal")
@requires(MANAGERS)
def undo(match_id: int) -> BaseResponse:
    """Undo the match, and return to the list."""

    def work(session: Session) -> Any:
        return match_undo_service.undo_match(session, g.store_id, match_id, actor=g.actor)

    result = perform(ActionForm(), work, "undo match", match_id)
    if isinstance(result, Refusal):
        return _removal(match_id, result)
    flash(*match_undone_words(result))
    return go_to(links().kept_matches())


def _removal(match_id: int, refusal: Refusal = NO_REFUSAL) -> Response:
    kept = matches.read_match(db.session(), g.store_id, match_id)
    screen = present_match_undo(kept, viewer(), links(), refusal)
    page, panel = "pages/matching/removal.html", "panels/matching/_removal.html"
    return page_or_panel(page, panel, status=refusal.status, screen=screen)
