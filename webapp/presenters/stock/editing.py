"""The pages on which a product is made, and its texts and picture are changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from webapp.domain.pictures import MAX_SENT_BYTES
from webapp.domain.products import ProductTexts
from webapp.domain.stock import StockedProduct
from webapp.domain.unknown_lines import MatchBy, UnknownCode, WaitingLines
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.matching.match import waiting_words
from webapp.presenters.pieces import Link, Notice
from webapp.presenters.refusals import Refusal


@dataclass(frozen=True, slots=True)
class PicturePanel:
    """The product's picture, and the forms that change it."""

    name: str | None
    action: str
    remove_path: str
    hint: str
    error: str
    key: str


@dataclass(frozen=True, slots=True)
class ProductFormScreen:
    title: str
    about: str
    action: str
    key: str
    values: Mapping[str, str]
    hidden: Mapping[str, str]
    """What is to be matched, or the texts that the person sees now."""
    errors: Mapping[str, str]
    message: str
    sku_hint: str
    save: str
    back: Link
    picture: PicturePanel | None
    asks_for_pack: bool = False
    """Whether lines are matched to it, each ordered unit as some units of it."""


def present_new_product(
    unknown: UnknownCode | None, waiting: WaitingLines | None, refusal: Refusal, links: Links
) -> ProductFormScreen:
    """Build the page of a new product, filled in from the lines that wait for it."""
    values = refusal.values or {**_of_lines(unknown, waiting)._asdict(), "pack_units": "1"}
    return ProductFormScreen(
        title=_("New product"),
        about=_about(unknown, waiting),
        action=links.stock(),
        key=str(uuid4()),
        values=values,
        hidden={f"match_{unknown.by}": unknown.code} if unknown else {},
        errors=refusal.errors,
        message=refusal.message,
        sku_hint=_("Your own code for it. Imports of stock and orders find the product by it."),
        save=_("Make and match") if unknown else _("Make the product"),
        back=Link(_("Back to the match"), links.match(unknown)) if unknown else Link(_("All stock"), links.stock()),
        picture=None,
        asks_for_pack=unknown is not None,
    )


def present_edited_product(
    product: StockedProduct,
    refusal: Refusal,
    links: Links,
    stale: Mapping[str, str] | None = None,
    picture_error: str = "",
) -> ProductFormScreen:
    """Build the page that changes a product. ``stale`` has by field what somebody else has set meanwhile."""
    present = ProductTexts(*(str(getattr(product, name) or "") for name in ProductTexts._fields))
    errors = dict(refusal.errors)
    for name, text in (stale or {}).items():
        errors[name] = (
            _("Somebody has changed this to “%(present)s”. Save again to set yours.", present=text)
            if text
            else _("Somebody has emptied this. Save again to set yours.")
        )
    return ProductFormScreen(
        title=_("Change %(product)s", product=product.label),
        about="",
        action=links.product_details(product.product_id),
        key=str(uuid4()),
        values=refusal.values or present._asdict(),
        hidden={f"seen_{name}": text for name, text in present._asdict().items()},
        errors=errors,
        message=_("Somebody else changed the product at the same time. Nothing of yours is saved yet.")
        if stale
        else refusal.message,
        sku_hint=_("If you change it, the former SKU stays a code, so that orders with it still find the product."),
        save=_("Save"),
        back=Link(_("Back to the product"), links.product(product.product_id)),
        picture=PicturePanel(
            name=product.picture,
            action=links.product_picture(product.product_id),
            remove_path=links.remove_picture(product.product_id),
            hint=_(
                "SVG, PNG, WebP or JPEG, at most %(most)s MB. A photograph is made smaller.",
                most=MAX_SENT_BYTES // 1_000_000,
            ),
            error=picture_error,
            key=str(uuid4()),
        ),
    )


def edited_words(result: Mapping[str, Any]) -> Notice:
    """Return the notice of a product that was changed."""
    if not result["changed"]:
        return Notice(_("Nothing was different, so nothing is saved."), "info")
    return Notice(_("The product is saved."))


def _of_lines(unknown: UnknownCode | None, waiting: WaitingLines | None) -> ProductTexts:
    """Return what the lines say of the product: a code that is no GTIN becomes the SKU."""
    if unknown is None:
        return ProductTexts("", "")
    sku = waiting.sku if waiting else ""
    if not sku and unknown.by in (MatchBy.GTIN, MatchBy.SKU):
        sku = unknown.code
    return ProductTexts(waiting.name if waiting else "", sku, unknown.code if unknown.is_gtin else "")


def _about(unknown: UnknownCode | None, waiting: WaitingLines | None) -> str:
    if unknown is None:
        return _("It begins without units. Add them on its page, or import stock.")
    if waiting is None:
        return _("It begins without units. No open line waits for it now.")
    return _("%(waiting)s become this product at once. It begins without units.", waiting=waiting_words(waiting))
