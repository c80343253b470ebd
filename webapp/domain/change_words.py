"""What the shop changed in an order, in words that fit into a sentence."""

from __future__ import annotations

from typing import Final

from webapp.domain.upstream import ShopChange
from webapp.domain.wording import Wording, say

CHANGES: Final[dict[ShopChange, Wording]] = {
    ShopChange.SHIP_TO: say("the address"),
    ShopChange.CONTACT: say("the contact"),
    ShopChange.NOTES: say("a note"),
    ShopChange.SHIP_BY: say("the promised day"),
    ShopChange.MORE: say("more units"),
    ShopChange.FEWER: say("fewer units"),
    ShopChange.CANCELLED: say("cancelled"),
    ShopChange.PRICES: say("a price"),
    ShopChange.HOLD: say("on hold"),
    ShopChange.RELEASE: say("released"),
    ShopChange.CONTRADICTION: say("some of it too late, see “To decide”"),
    ShopChange.CODES: say("the codes of an unknown product"),
    ShopChange.AGREEMENT: say("as it shipped"),
}
