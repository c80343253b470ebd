"""Retire a product that the shop no longer sells, and bring it back: first what it means, then the button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.roles import MANAGERS
from webapp.extensions import db
from webapp.forms.fields import ActionForm
from webapp.presenters.pieces import Notice
from webapp.presenters.refusals import Refusal
from webapp.presenters.stock.retiring import back_words, present_retirement, retired_words
from webapp.services import product_service
from webapp.services.reads import stock_queries
from webapp.web.links import links
from webapp.web.performing import perform
from webapp.web.stock import product_screen

blueprint = Blueprint("retirements", __name__)


@blueprint.get("/stock/<id:product_id>/retirement")
@requires(MANAGERS)
def new(product_id: int) -> Response:
    """Show what retiring changes, and what goes on."""
    session = db.session()
    product = stock_queries.read_product(session, g.store_id, product_id)
    waiting = stock_queries.read_waiting(session, g.store_id, product_id)
    screen = present_retirement(product, waiting, links())
    return Response(render_template("pages/stock/retirement.html", screen=screen))


@blueprint.post("/stock/<id:product_id>/retirement")
@requires(MANAGERS)
def create(product_id: int) -> BaseResponse:
    """Retire the product."""

    def retire(session: Session) -> Any:
        return product_service.retire(session, g.store_id, product_id, actor=g.actor)

    result = perform(ActionForm(), retire, "retire", product_id)
    return _done(product_id, result, retired_words)


@blueprint.post("/stock/<id:product_id>/retirement/end")
@requires(MANAGERS)
def end(product_id: int) -> BaseResponse:
    """Bring the product back."""

    def bring_back(session: Session) -> Any:
        return product_service.bring_back(session, g.store_id, product_id, actor=g.actor)

    result = perform(ActionForm(), bring_back, "bring back", product_id)
    return _done(product_id, result, back_words)


def _done(product_id: int, result: Any, words: Callable[[bool], Notice]) -> BaseResponse:
    if isinstance(result, Refusal):
        return product_screen(product_id, done=Notice(result.words, "danger"), status=result.status)
    flash(*words(result))
    return redirect(links().product(product_id), 303)
