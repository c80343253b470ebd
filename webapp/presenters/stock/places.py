"""A product's places, each with the forms that change its stock."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.settings import StoreSettings
from webapp.domain.stock import StockedProduct, StockPlace
from webapp.domain.stock_numbers import ADD
from webapp.presenters.links import Links
from webapp.presenters.phrases.reasons import reason_options
from webapp.presenters.pieces import Option
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.stock.words import share
from webapp.presenters.trail.words import place


@dataclass(frozen=True, slots=True)
class StockFormPanel:
    """A form that changes stock: its values, and why it was refused."""

    action: str
    key: str
    is_open: bool
    """Shown open, because it was refused."""
    direction: str
    quantity: str
    warehouse: str
    location: str
    reasons: tuple[Option, ...]
    """Common reasons."""
    common_reason: str
    reason: str
    seen: int
    errors: dict[str, str]
    message: str


@dataclass(frozen=True, slots=True)
class StockRefusal:
    """A refused form: which of the two, for which place, and why."""

    is_count: bool
    warehouse: str
    location: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class PlacePanel:
    """The product at one place; units."""

    anchor: str
    name: str
    quantity: int
    reserved: int
    available: int
    reserved_share: int
    adjust: StockFormPanel
    count: StockFormPanel


def present_places(
    product: StockedProduct, links: Links, refused: StockRefusal | None, settings: StoreSettings
) -> tuple[tuple[PlacePanel, ...], StockFormPanel]:
    """Return the places by name, and the form that puts units at a new place."""
    at = product.place_at(refused.warehouse, refused.location) if refused else None
    panels = tuple(
        _panel(product, stocked_place, links, refused if stocked_place == at else None, settings)
        for stocked_place in product.places
    )
    return panels, _form(product, links, None, refused if refused and at is None else None, settings, is_count=False)


def _panel(
    product: StockedProduct,
    stocked_place: StockPlace,
    links: Links,
    refused: StockRefusal | None,
    settings: StoreSettings,
) -> PlacePanel:
    return PlacePanel(
        anchor=f"place-{stocked_place.inventory_id}",
        name=place(stocked_place.warehouse, stocked_place.location),
        quantity=stocked_place.quantity,
        reserved=stocked_place.reserved_quantity,
        available=stocked_place.available_quantity,
        reserved_share=share(stocked_place.reserved_quantity, stocked_place.quantity),
        adjust=_form(
            product,
            links,
            stocked_place,
            refused if refused and not refused.is_count else None,
            settings,
            is_count=False,
        ),
        count=_form(
            product, links, stocked_place, refused if refused and refused.is_count else None, settings, is_count=True
        ),
    )


def _form(
    product: StockedProduct,
    links: Links,
    stocked_place: StockPlace | None,
    refused: StockRefusal | None,
    settings: StoreSettings,
    *,
    is_count: bool,
) -> StockFormPanel:
    refusal = refused.refusal if refused else NO_REFUSAL
    reasons = settings.count_reasons if is_count else settings.adjust_reasons
    return StockFormPanel(
        action=(links.count if is_count else links.adjust)(product.product_id),
        key=str(uuid4()),
        is_open=refused is not None,
        direction=refusal.values.get("direction", "") or ADD,
        quantity=refusal.values.get("quantity", ""),
        warehouse=stocked_place.warehouse if stocked_place else refusal.values.get("warehouse", MAIN_WAREHOUSE),
        location=stocked_place.location if stocked_place else refusal.values.get("location", ""),
        reasons=reason_options(reasons),
        common_reason=refusal.values.get("common_reason", "") if refused else reasons[0],
        reason=refusal.values.get("reason", ""),
        seen=stocked_place.quantity if stocked_place else 0,
        errors=dict(refusal.errors),
        message=refusal.message,
    )
