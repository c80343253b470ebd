"""Make a product, and change its name, SKU, GTIN and picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.pictures import MAX_SENT_BYTES, NoPicture, PictureTooLarge
from webapp.domain.roles import MANAGERS
from webapp.domain.unknown_lines import UnknownCode
from webapp.domain.uploads import FILE_FIELD, MAX_PICTURE_UPLOAD
from webapp.extensions import db
from webapp.forms.fields import ActionForm
from webapp.forms.matching import first_code
from webapp.forms.products import EditProductForm, NewProductForm
from webapp.languages import _
from webapp.presenters.matching.match import matched_words
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.stock.editing import edited_words, present_edited_product, present_new_product
from webapp.services import product_service
from webapp.services.picture_service import keep_picture
from webapp.services.reads import stock_queries, unknown_lines
from webapp.web.links import links
from webapp.web.performing import perform
from webapp.web.uploads import takes_files

blueprint = Blueprint("products", __name__)


@blueprint.get("/stock/new")
@requires(MANAGERS)
def new() -> Response:
    """Show the form of a new product, perhaps filled in from the lines that wait for it."""
    return _new(UnknownCode.read(*first_code(request.args.get)))


@blueprint.post("/stock")
@requires(MANAGERS)
def create() -> BaseResponse:
    """Make the product, and match the lines that it was made for."""
    form = NewProductForm()
    unknown = form.unknown

    def make(session: Session) -> Any:
        return product_service.make_product(session, g.store_id, form.texts, unknown, g.actor, form.pack)

    result = perform(form, make, "new product")
    if isinstance(result, Refusal):
        return _new(unknown, result)
    if unknown is None or result["match"] is None:
        flash(_("The product is there. Add its units at a place."), "success")
        return redirect(links().product(result["product_id"]), 303)
    product = stock_queries.read_product(db.session(), g.store_id, result["product_id"])
    flash(*matched_words(result["match"], unknown, product, form.pack))
    return redirect(links().matches(), 303)


@blueprint.get("/stock/<id:product_id>/details")
@requires(MANAGERS)
def edit(product_id: int) -> Response:
    """Show the product's texts and picture, to be changed."""
    return _edit(product_id)


@blueprint.post("/stock/<id:product_id>/details")
@requires(MANAGERS)
def update(product_id: int) -> BaseResponse:
    """Set what the person changed, unless somebody else changed the same meanwhile."""
    form = EditProductForm()

    def change(session: Session) -> Any:
        return product_service.edit_product(session, g.store_id, product_id, form.texts, form.seen, actor=g.actor)

    result = perform(form, change, "edit product", product_id)
    if isinstance(result, Refusal):
        return _edit(product_id, result)
    if result["stale"]:
        return _edit(product_id, Refusal("", form.values(), status=409), stale=result["stale"])
    flash(*edited_words(result))
    return redirect(links().product(product_id), 303)


@blueprint.post("/stock/<id:product_id>/picture")
@takes_files(MAX_PICTURE_UPLOAD)
@requires(MANAGERS)
def set_picture(product_id: int) -> BaseResponse:
    """Keep the picture that was sent, and give it to the product."""
    file = request.files.get(FILE_FIELD)
    if file is None or not file.filename:
        return _edit(product_id, picture_error=_("Choose a picture first."), status=422)
    content = file.stream.read(MAX_SENT_BYTES + 1)
    stock_queries.read_product(db.session(), g.store_id, product_id)
    try:
        name = keep_picture(Path(current_app.config["PICTURE_FOLDER"]), g.store_id, file.filename, content)
    except PictureTooLarge:
        words = _("This picture is too large. Make it smaller, then choose it again.")
        return _edit(product_id, picture_error=words, status=422)
    except NoPicture:
        words = _("This is no SVG, PNG, WebP or JPEG picture, or it is damaged.")
        return _edit(product_id, picture_error=words, status=422)
    except OSError as error:
        current_app.logger.error("The folder of pictures cannot be written: %s", error)
        return _edit(product_id, picture_error=_("The file could not be kept. The server's log says why."), status=503)
    return _give(product_id, name, _("The picture is saved."))


@blueprint.post("/stock/<id:product_id>/picture/removal")
@requires(MANAGERS)
def remove_picture(product_id: int) -> BaseResponse:
    """Take the picture from the product."""
    return _give(product_id, None, _("The product has no picture now."))


def _give(product_id: int, picture: str | None, words: str) -> BaseResponse:
    def give(session: Session) -> Any:
        return product_service.set_picture(session, g.store_id, product_id, picture, actor=g.actor)

    result = perform(ActionForm(), give, "picture", product_id, picture)
    if isinstance(result, Refusal):
        return _edit(product_id, picture_error=result.words, status=result.status)
    flash(words, "success")
    return redirect(links().product_details(product_id), 303)


def _new(unknown: UnknownCode | None, refusal: Refusal = NO_REFUSAL) -> Response:
    waiting = unknown_lines.read_waiting(db.session(), g.store_id, unknown) if unknown else None
    screen = present_new_product(unknown, waiting, refusal, links())
    return Response(render_template("pages/stock/form.html", screen=screen), status=refusal.status)


def _edit(
    product_id: int,
    refusal: Refusal = NO_REFUSAL,
    stale: dict[str, str] | None = None,
    picture_error: str = "",
    status: int = 0,
) -> Response:
    product = stock_queries.read_product(db.session(), g.store_id, product_id)
    screen = present_edited_product(product, refusal, links(), stale, picture_error)
    return Response(render_template("pages/stock/form.html", screen=screen), status=status or refusal.status)
