"""Order lines on the placeholder product: the store does not know the GTIN or SKU they came with, or they had none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from webapp.domain.errors import InvalidInput
from webapp.domain.products import PLACEHOLDER_GTIN, PLACEHOLDER_SKU
from webapp.domain.quantities import parse_id
from webapp.domain.reasons import is_storable
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.domain.wording import say

MATCHABLE_STATUSES = (*OPEN_STATUSES, OrderStatus.SHIPPED)
"""Where a line on the placeholder may still ship once it is matched; a shipped order went out without it."""

NO_GTIN = ("", PLACEHOLDER_GTIN)
"""What stands for "no GTIN" on a line; a line may also have none."""

NO_SKU = ("", PLACEHOLDER_SKU)
"""What stands for "no SKU" on a line."""

MAX_CODE: Final = 64
"""Characters of a line's GTIN or SKU: what the columns hold. What marketplaces send is not always a GTIN."""


class MatchBy(StrEnum):
    """What lines are matched by, the surest first."""

    GTIN = "gtin"
    SKU = "sku"
    ITEM = "item"


_REFUSED: Final = {
    MatchBy.GTIN: say("Give the GTIN that the marketplace sent; the placeholder's own cannot be matched."),
    MatchBy.SKU: say("Give the SKU that the lines carry; the placeholder's own cannot be matched."),
    MatchBy.ITEM: say("Choose the line from the list of what waits to be matched."),
}


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is matched to a product: a GTIN, the SKU of lines without a GTIN, or one such line by its item's id."""

    by: MatchBy
    code: str
    """As the lines carry it, in their case; of an item its id."""

    @classmethod
    def read(cls, by: MatchBy, typed: str) -> Unknown | None:
        """Return it without outer blanks; None for what no line can carry, the placeholder's own codes among it."""
        code = typed.strip()
        if by is MatchBy.ITEM:
            return cls(by, code) if parse_id(code) else None
        none = NO_GTIN if by is MatchBy.GTIN else NO_SKU
        return cls(by, code) if len(code) <= MAX_CODE and is_storable(code) and code not in none else None

    @classmethod
    def require(cls, by: MatchBy, typed: str) -> Unknown:
        """Return it like ``read``. Raises InvalidInput for what no line can carry."""
        unknown = cls.read(by, typed)
        if unknown is None:
            raise InvalidInput(_REFUSED[by])
        return unknown

    @classmethod
    def of_line(cls, gtin: str | None, sku: str, item_id: int) -> Unknown:
        """Return what a line is matched by: its GTIN, else its SKU, else itself."""
        unknown = cls.read(MatchBy.GTIN, gtin or "") or cls.read(MatchBy.SKU, sku)
        return unknown or cls(MatchBy.ITEM, str(item_id))


@dataclass(frozen=True, slots=True)
class Waiting:
    """The open lines that wait for one match."""

    unknown: Unknown
    name: str
    """What the marketplace called it, on one of the lines."""

    sku: str
    """Blank where no line has one."""

    lines: int
    orders: int
    units: int


@dataclass(frozen=True, slots=True)
class UnknownLine:
    """One order line on the placeholder; ``units`` still to ship."""

    item_id: int
    order_id: int
    order_number: str
    order_status: OrderStatus
    name: str
    sku: str
    units: int
