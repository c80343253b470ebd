"""Open stock exceptions on screen: what is wrong, since when, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from uuid import uuid4

from webapp.domain.open_exceptions import OpenException
from webapp.domain.skips import SKIP_WORDS, SkipReason
from webapp.domain.statuses import OrderStatus
from webapp.domain.unknown_lines import MatchBy, Unknown
from webapp.presenters import words
from webapp.presenters.audit_sentences import person, place
from webapp.presenters.moments import Moment, moment
from webapp.presenters.refusals import Refusal
from webapp.presenters.viewer import Viewer

CAUSE_WORDS: Final = {
    SkipReason.PLACEHOLDER_PRODUCT: "Unknown product",
    SkipReason.NO_INVENTORY: "No stock record",
    SkipReason.INSUFFICIENT_INVENTORY: "Not enough stock",
    SkipReason.SHORT_PICK: "Short pick",
}
"""Each cause in two words, for the filter."""


class Paths(Protocol):
    """Makes addresses."""

    def order(self, order_id: int) -> str: ...
    def product(self, product_id: int) -> str: ...
    def match(self, unknown: Unknown) -> str: ...
    def closure(self, exception_id: int) -> str: ...
    def exceptions(self, cause: SkipReason | None) -> str: ...


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to do about it."""

    label: str
    path: str
    icon: str


@dataclass(frozen=True, slots=True)
class ExceptionPanel:
    """One exception."""

    anchor: str
    exception_id: int
    cause: str
    advice: str
    name: str
    sku: str
    gtin: str
    units: str
    order_path: str
    order_number: str
    order_status: OrderStatus
    since: Moment
    opened_by: str
    steps: tuple[NextStep, ...]
    """What helps, the best first; empty for those who may only look."""

    closure_path: str
    """Where to close it by hand; empty for those who may only look."""

    key: str
    resolution: str
    resolution_error: str
    message: str
    is_open: bool
    """Closing it was refused, so the form is shown."""


@dataclass(frozen=True, slots=True)
class ExceptionListScreen:
    """The whole list."""

    causes: tuple[tuple[str, str, bool], ...]
    """(words, address, whether it is this one)."""

    panels: tuple[ExceptionPanel, ...]
    message: str
    """A refusal about an exception that is not on this page any more."""

    done: tuple[str, str] | None
    """(sentence, kind of notice) of what was just done."""

    is_filtered: bool
    next_href: str | None
    first_href: str | None


@dataclass(frozen=True, slots=True)
class ClosureRefusal:
    """An exception that could not be closed, and why."""

    exception_id: int
    refusal: Refusal = field(default_factory=lambda: Refusal(""))


def present_exceptions(
    exceptions: Sequence[OpenException],
    cause: SkipReason | None,
    viewer: Viewer,
    paths: Paths,
    now: datetime,
    *,
    next_href: str | None,
    first_href: str | None,
    refused: ClosureRefusal | None = None,
    done: tuple[str, str] | None = None,
) -> ExceptionListScreen:
    """Build a page of the list."""
    panels = tuple(_panel(found, viewer, paths, now, refused) for found in exceptions)
    shown = refused is None or any(panel.exception_id == refused.exception_id for panel in panels)
    every = (("All", paths.exceptions(None), cause is None),)
    return ExceptionListScreen(
        causes=every + tuple((said, paths.exceptions(one), one is cause) for one, said in CAUSE_WORDS.items()),
        panels=panels,
        message="" if shown or refused is None else _all_of(refused.refusal),
        done=done,
        is_filtered=cause is not None,
        next_href=next_href,
        first_href=first_href,
    )


def _all_of(refusal: Refusal) -> str:
    return " ".join(filter(None, (refusal.message, *refusal.errors.values())))


def closed_words(result: Mapping[str, str]) -> tuple[str, str]:
    """Return (sentence, kind of notice) for an exception that was closed, just now or before."""
    if result["resolution"] != result["asked"]:
        return f"It was closed already by {person(result['closed_by'])}: {result['resolution']}", "info"
    return f"Closed: {result['resolution']}", "success"


def _panel(
    found: OpenException, viewer: Viewer, paths: Paths, now: datetime, refused: ClosureRefusal | None
) -> ExceptionPanel:
    refusal = refused.refusal if refused and refused.exception_id == found.exception_id else None
    return ExceptionPanel(
        anchor=f"exception-{found.exception_id}",
        exception_id=found.exception_id,
        cause=SKIP_WORDS[found.cause],
        advice=_ADVICE[found.cause](found),
        name=found.label,
        sku=found.sku,
        gtin=found.gtin or "",
        units=f"{words.units(found.quantity)} missing",
        order_path=paths.order(found.order_id),
        order_number=found.order_number,
        order_status=found.order_status,
        since=moment(found.opened_at, now),
        opened_by=person(found.opened_by),
        steps=tuple(_steps(found, paths)) if viewer.may_manage else (),
        closure_path=paths.closure(found.exception_id) if viewer.may_manage else "",
        key=str(uuid4()),
        resolution=refusal.typed.get("resolution", "") if refusal else "",
        resolution_error=refusal.errors.get("resolution", "") if refusal else "",
        message=refusal.message if refusal else "",
        is_open=refusal is not None,
    )


def _about_placeholder(found: OpenException) -> str:
    unknown = Unknown.of_line(found.gtin, found.sku, found.item_id)
    if unknown.by is MatchBy.ITEM:
        return "The line came with neither GTIN nor SKU. Choose the product that is meant, or cancel the units."
    if unknown.by is MatchBy.SKU:
        return f"There is no GTIN, and no product has the SKU {unknown.code}. Match it for every open line that has it."
    return f"No product has the GTIN {unknown.code}. Match it once, and every line that carries it is linked."


def _about_short_pick(found: OpenException) -> str:
    where = f" at {place(*found.short_at)}" if found.short_at else ""
    return f"A packer found too few{where}. Count the place again; what is right there then, the records say, too."


_ADVICE: Final[dict[SkipReason, Callable[[OpenException], str]]] = {
    SkipReason.PLACEHOLDER_PRODUCT: _about_placeholder,
    SkipReason.NO_INVENTORY: lambda found: "The product lies nowhere by the records. Put its units at a place.",
    SkipReason.INSUFFICIENT_INVENTORY: lambda found: (
        "Other orders hold the stock, or it is gone. It is reserved by itself when units arrive."
    ),
    SkipReason.SHORT_PICK: _about_short_pick,
}

_MATCH: Final = {MatchBy.GTIN: "Match the GTIN", MatchBy.SKU: "Match the SKU", MatchBy.ITEM: "Match the line"}


def _steps(found: OpenException, paths: Paths) -> list[NextStep]:
    """Return what helps, the best first."""
    steps = []
    if found.cause is SkipReason.PLACEHOLDER_PRODUCT:
        unknown = Unknown.of_line(found.gtin, found.sku, found.item_id)
        steps.append(NextStep(_MATCH[unknown.by], paths.match(unknown), "link"))
    else:
        label = {SkipReason.NO_INVENTORY: "Add stock", SkipReason.SHORT_PICK: "Count the place"}
        steps.append(NextStep(label.get(found.cause, "See the stock"), paths.product(found.product_id), "warehouse"))
    if found.remaining_quantity:
        path = f"{paths.order(found.order_id)}/items/{found.item_id}/cancellation"
        steps.append(NextStep("Cancel units", path, "ban"))
    return steps
