"""The codes of a product: a manager adds and removes them on the product's page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.roles import MANAGERS
from webapp.forms.product_codes import CodeForm, RemoveCodeForm
from webapp.presenters.refusals import Refusal
from webapp.presenters.stock.codes import added_words, removed_words
from webapp.services import product_code_service
from webapp.web.links import links
from webapp.web.performing import perform
from webapp.web.requests import is_htmx
from webapp.web.stock import product_screen

blueprint = Blueprint("product_codes", __name__)


@blueprint.post("/stock/<id:product_id>/codes")
@requires(MANAGERS)
def create(product_id: int) -> BaseResponse:
    """Let a code stand for units of the product."""
    form = CodeForm()

    def teach(session: Session) -> Any:
        code, units = form.code.data or "", form.units.units
        return product_code_service.teach_code(session, g.store_id, product_id, code, units, actor=g.actor)

    result = perform(form, teach, "teach", product_id)
    if isinstance(result, Refusal):
        return product_screen(product_id, refused_code=result)
    return _done(product_id, added_words(result))


@blueprint.post("/stock/<id:product_id>/codes/<id:code_id>/removal")
@requires(MANAGERS)
def remove(product_id: int, code_id: int) -> BaseResponse:
    """Take a code back from the product."""
    form = RemoveCodeForm()

    def work(session: Session) -> Any:
        return product_code_service.remove_code(session, g.store_id, product_id, code_id, actor=g.actor)

    result = perform(form, work, "remove-code", product_id, code_id)
    if isinstance(result, Refusal):
        return product_screen(product_id, refused_code=result)
    return _done(product_id, removed_words(result))


def _done(product_id: int, notice: Any) -> BaseResponse:
    if is_htmx():
        return product_screen(product_id, done=notice)
    flash(*notice)
    return redirect(links().codes_of_product(product_id), 303)
