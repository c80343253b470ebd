"""A product's places, each with the forms that change its stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from webapp.domain.count_tasks import CountCause
from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.settings import StoreSettings
from webapp.domain.stock import StockedProduct, StockPlace
from webapp.domain.stock_numbers import ADD, TAKE
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.phrases.moments import moment
from webapp.presenters.phrases.reasons import reason_options
from webapp.presenters.phrases.sentences import Sentence, fill_in
from webapp.presenters.pieces import Option
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.presenters.stock.words import share
from webapp.presenters.trail.words import person, place


class Change(StrEnum):
    """The changes of a place's stock by hand; the values are parts of ids."""

    COUNT = "count"
    ADD = ADD
    TAKE = TAKE


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
    """A refused form: which one, for which place, and why."""

    change: Change
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
    task: Sentence | None
    """Why somebody is to count it; None if nobody asks."""
    count: StockFormPanel
    add: StockFormPanel
    take: StockFormPanel


def present_places(
    product: StockedProduct, links: Links, refused: StockRefusal | None, settings: StoreSettings, now: datetime
) -> tuple[tuple[PlacePanel, ...], StockFormPanel]:
    """Return the places by name, and the form that adds units at a new place."""
    at = product.place_at(refused.warehouse, refused.location) if refused else None
    panels = tuple(
        _panel(product, stocked_place, links, refused if stocked_place == at else None, settings, now)
        for stocked_place in product.places
    )
    return panels, _form(Change.ADD, product, links, None, refused if refused and at is None else None, settings)


def reasons_of(change: Change, settings: StoreSettings) -> tuple[str, ...]:
    """Return the store's usual reasons for a change."""
    match change:
        case Change.COUNT:
            return settings.count_reasons
        case Change.ADD:
            return settings.add_reasons
        case Change.TAKE:
            return settings.take_reasons


def task_words(stocked_place: StockPlace, now: datetime) -> Sentence | None:
    """Return why a place is to be counted, since when, and whether orders may reserve there; None if it is not."""
    if stocked_place.count_cause is None or stocked_place.count_asked_at is None:
        return None
    who, when = person(stocked_place.count_asked_by or ""), moment(stocked_place.count_asked_at, now)
    if stocked_place.count_cause is CountCause.FOUND_UNITS:
        pattern = _("%(who)s found more units here than the records had, %(when)s. Count what is there.")
    elif stocked_place.is_short:
        pattern = _(
            "%(who)s found too few units here, %(when)s. No order gets any until more arrive or somebody counts."
        )
    else:
        pattern = _("%(who)s found too few units here, %(when)s; more have arrived since. Count what is there.")
    return fill_in(pattern, ("who",), who=who, when=when)


def _panel(
    product: StockedProduct,
    stocked_place: StockPlace,
    links: Links,
    refused: StockRefusal | None,
    settings: StoreSettings,
    now: datetime,
) -> PlacePanel:
    count, add, take = (
        _form(
            change, product, links, stocked_place, refused if refused and refused.change is change else None, settings
        )
        for change in Change
    )
    return PlacePanel(
        anchor=f"place-{stocked_place.inventory_id}",
        name=place(stocked_place.warehouse, stocked_place.location),
        quantity=stocked_place.quantity,
        reserved=stocked_place.reserved_quantity,
        available=stocked_place.available_quantity,
        reserved_share=share(stocked_place.reserved_quantity, stocked_place.quantity),
        task=task_words(stocked_place, now),
        count=count,
        add=add,
        take=take,
    )


def _form(
    change: Change,
    product: StockedProduct,
    links: Links,
    stocked_place: StockPlace | None,
    refused: StockRefusal | None,
    settings: StoreSettings,
) -> StockFormPanel:
    refusal = refused.refusal if refused else NO_REFUSAL
    reasons = reasons_of(change, settings)
    return StockFormPanel(
        action=(links.count if change is Change.COUNT else links.adjust)(product.product_id),
        key=str(uuid4()),
        is_open=refused is not None,
        direction="" if change is Change.COUNT else change.value,
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
