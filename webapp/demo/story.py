"""The parts of an order's story: who ordered what and when, and who did what to it."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.demo.acts import Act, status
from webapp.demo.days import When
from webapp.demo.people import MANAGER, PACKER, SECOND_PACKER, DemoPerson
from webapp.domain.parcel_data import NOTHING_KNOWN, ParcelData
from webapp.domain.statuses import OrderStatus


@dataclass(frozen=True)
class Line:
    """One line of an order; a marketplace line may have only a GTIN and a name."""

    sku: str
    units: int
    gtin: str = ""
    name: str = ""


@dataclass(frozen=True)
class Turn:
    """An act on the order: who, when, what."""

    when: When
    person: DemoPerson
    act: Act


@dataclass(frozen=True)
class Story:
    """An order and its acts."""

    number: str
    when: When
    customer: str
    lines: tuple[Line, ...]
    turns: tuple[Turn, ...] = ()
    channel: str = "shop"
    due_in_hours: float | None = None
    """Hours from now to the promised time, if it differs from the store's usual promise."""
    parcel_data: ParcelData = NOTHING_KNOWN


def lines(**units: int) -> tuple[Line, ...]:
    """Return lines by SKU, with underscores for dashes: ``lines(MUG_BLUE=2)``."""
    return tuple(Line(sku.replace("_", "-"), ordered) for sku, ordered in units.items())


def to(
    name: str, street: str, postcode: str, city: str, country: str = "LU", method: str = "Standard", **more: str
) -> ParcelData:
    """Return where an order goes, by which method, and what ``more`` says."""
    return ParcelData(
        ship_to_name=name,
        ship_to_lines=street,
        ship_to_postcode=postcode,
        ship_to_city=city,
        ship_to_country=country,
        shipping_method=method,
        **more,
    )


def by_max(days_ago: int, clock: str, act: Act) -> Turn:
    """Let the manager act."""
    return Turn(When(days_ago, clock), MANAGER, act)


def by_paula(days_ago: int, clock: str, act: Act) -> Turn:
    """Let the first packer act."""
    return Turn(When(days_ago, clock), PACKER, act)


def by_piet(days_ago: int, clock: str, act: Act) -> Turn:
    """Let the second packer act."""
    return Turn(When(days_ago, clock), SECOND_PACKER, act)


def begin(days_ago: int, clock: str) -> Turn:
    """Let the manager start the order, which reserves its units."""
    return by_max(days_ago, clock, status(OrderStatus.PROCESSING))
