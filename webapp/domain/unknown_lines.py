"""Order lines on the placeholder product: their GTIN or SKU is unknown to the store, or missing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from webapp.domain.codes import fold_code, gtin14, name_key, shown_gtin
from webapp.domain.errors import InvalidInput
from webapp.domain.products import PLACEHOLDER_GTIN, PLACEHOLDER_SKU
from webapp.domain.quantities import parse_id
from webapp.domain.reasons import is_storable
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.domain.wording import say

MATCHABLE_STATUSES = (*OPEN_STATUSES, OrderStatus.SHIPPED)
"""Statuses in which a matched line may still ship. ``shipped`` is one: the order went out without the line."""

NO_GTIN = ("", PLACEHOLDER_GTIN)
"""Values that mean "no GTIN" on a line, beside None."""

NO_SKU = ("", PLACEHOLDER_SKU)
"""Values that mean "no SKU" on a line."""

MAX_CODE: Final = 64
"""Characters; the size of the columns. Marketplaces do not always send a real GTIN."""


class MatchBy(StrEnum):
    """What a match goes by, the most reliable first."""

    GTIN = "gtin"
    SKU = "sku"
    NAME = "name"
    ITEM = "item"


_REFUSED: Final = {
    MatchBy.GTIN: say("Give the GTIN that the marketplace sent; the placeholder's own cannot be matched."),
    MatchBy.SKU: say("Give the SKU that the lines carry; the placeholder's own cannot be matched."),
    MatchBy.NAME: say("Choose the name from the list of what waits to be matched."),
    MatchBy.ITEM: say("Choose the line from the list of what waits to be matched."),
}


_NAME: Final = re.compile(r"[1-9][0-9]{0,17}:[0-9a-f]{32}", re.ASCII)


def in_channel(channel_id: int, key: str) -> str:
    """Return the code of a name in a channel: the channel's id, and the name's key."""
    return f"{channel_id}:{key}"


def key_of_line(gtin: str | None, sku: str, name: str) -> str | None:
    """Return the key of a line's name if the line has neither GTIN nor SKU; else None."""
    return (name_key(name) or None) if (gtin or "") in NO_GTIN and sku in NO_SKU else None


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """The key of a match: a GTIN, the SKU of lines without a GTIN, the name of lines without either in their channel,
    or the id of one order item."""

    by: MatchBy
    code: str
    """As the lines spell it, a GTIN as the goods show it; for a name, ``in_channel``; for an item, its id."""

    @classmethod
    def read(cls, by: MatchBy, text: str) -> UnknownCode | None:
        """Return the key without outer blanks; None if no line can have it, as with the placeholder's own codes."""
        code = text.strip()
        if by is MatchBy.ITEM:
            return cls(by, code) if parse_id(code) else None
        if by is MatchBy.NAME:
            return cls(by, code) if _NAME.fullmatch(code) else None
        none = NO_GTIN if by is MatchBy.GTIN else NO_SKU
        fits = len(code) <= MAX_CODE and is_storable(code) and code not in none
        return cls.as_shown(by, code) if fits else None

    @classmethod
    def as_shown(cls, by: MatchBy, code: str) -> UnknownCode:
        """Return the key, a GTIN as the goods show it."""
        return cls(by, shown_gtin(code) if by is MatchBy.GTIN else code)

    @property
    def is_gtin(self) -> bool:
        """Return whether it is a GTIN, and not what older imports took for one."""
        return self.by is MatchBy.GTIN and gtin14(self.code) is not None

    @property
    def channel_id(self) -> int | None:
        """Return whose name it is; None for a code."""
        return int(self.code.split(":")[0]) if self.by is MatchBy.NAME else None

    @property
    def key(self) -> str:
        """Return what all its spellings share: a remembered match is found by it."""
        return gtin14(self.code) or self.code if self.by is not MatchBy.SKU else fold_code(self.code)

    @classmethod
    def require(cls, by: MatchBy, text: str) -> UnknownCode:
        """Return the key like ``read``. Raises InvalidInput if no line can have it."""
        unknown = cls.read(by, text)
        if unknown is None:
            raise InvalidInput(_REFUSED[by])
        return unknown

    @classmethod
    def of_line(cls, gtin: str | None, sku: str, name_code: str | None, item_id: int) -> UnknownCode:
        """Return the key of a line: its GTIN, else its SKU, else its name in its channel, else its id."""
        unknown = cls.read(MatchBy.GTIN, gtin or "") or cls.read(MatchBy.SKU, sku)
        unknown = unknown or cls.read(MatchBy.NAME, name_code or "")
        return unknown or cls(MatchBy.ITEM, str(item_id))


@dataclass(frozen=True, slots=True)
class WaitingLines:
    """The open lines that one match would settle."""

    unknown: UnknownCode
    name: str
    """The marketplace's name for it, from one of the lines."""

    sku: str
    """Blank if no line has one."""

    lines: int
    orders: int
    units: int
    channel: str = ""
    """The channel whose name it is; blank for a code."""
    name_code: str = ""
    """Of a line alone: its name in its channel, if it has neither GTIN nor SKU."""


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


class LikelyProduct(NamedTuple):
    """A product that an unknown code may mean, and whether somebody matched it before."""

    product_id: int
    name: str
    was_matched: bool
