"""Makes products of the lines that wait for them, for managers: what would be made, and the button that makes it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.operation_ids import new_operation_id
from webapp.domain.roles import MANAGERS
from webapp.extensions import db
from webapp.forms.matching import MakeProductsForm
from webapp.presenters.matching.products import present_products, products_words
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services import products_from_lines
from webapp.services.products_from_lines import ProductsMade
from webapp.web.answers import go_to
from webapp.web.links import links
from webapp.web.performing import perform

blueprint = Blueprint("products_from_lines", __name__)


@blueprint.get("/matches/products")
@requires(MANAGERS)
def new() -> Response:
    """Show which products would be made, and which lines would be matched with products of the store."""
    return _page(NO_REFUSAL)


@blueprint.post("/matches/products")
@requires(MANAGERS)
def create() -> BaseResponse:
    """Make them, if the plan is still the one that the person saw."""
    form = MakeProductsForm()

    def work(session: Session) -> ProductsMade:
        return products_from_lines.make_products(session, g.store_id, form.seen.data or "", g.actor)

    made = perform(form, work, "products from lines")
    if isinstance(made, Refusal):
        return _page(made)
    flash(*products_words(made["products"], made["lines"]))
    return go_to(links().orders())


def _page(refusal: Refusal) -> Response:
    plans = products_from_lines.plan_products(db.session(), g.store_id)
    seen = products_from_lines.mark_of_plan(plans)
    screen = present_products(plans, links(), seen, new_operation_id(), refusal.words)
    return Response(render_template("pages/matching/products.html", screen=screen), status=refusal.status)
