"""Prices as shops say them: exact decimals, never floats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

PLACES: Final = 6
"""Digits behind the decimal sign that are kept; shops compute net prices with as many."""

LIMIT: Final = Decimal(10) ** 12
"""A price is less than this."""

_FEWEST: Final = 2
_LIKE_THOUSANDS: Final = 3


@dataclass(frozen=True, slots=True)
class OrderPrices:
    """The prices of an order's lines, by item id, as far as the shop said them."""

    currency: str = ""
    """ISO 4217; blank if the shop did not say it."""
    of_items: Mapping[int, Decimal] = field(default_factory=dict)
    packs: Mapping[int, int] = field(default_factory=dict)
    """Units in what one price is for, by item id, where it is not one."""


NO_PRICES: Final = OrderPrices()


def as_price(stored: int) -> Decimal:
    """Return the price that the database has in millionths, which every engine keeps exactly."""
    return Decimal(stored).scaleb(-PLACES)


def as_stored(price: Decimal) -> int:
    """Return the price in millionths."""
    return int(price.scaleb(PLACES))


def as_kept(price: Decimal) -> Decimal:
    """Return the price with as many digits as are kept."""
    return round(price, PLACES)


def price_text(price: Decimal) -> str:
    """Write a price for programs and for our own import: a point, two digits or more behind it, but never just three,
    which a reader could take for thousands."""
    whole, _, part = f"{price:.{PLACES}f}".partition(".")
    part = part.rstrip("0").ljust(_FEWEST, "0")
    return f"{whole}.{part}0" if len(part) == _LIKE_THOUSANDS else f"{whole}.{part}"
