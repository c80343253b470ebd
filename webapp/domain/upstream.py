"""What the shop says of an order now, and what of it the order does not have yet.

Only plain values: the service that applies the difference locks and moves.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Final, NamedTuple

from webapp.domain.causes import Cause
from webapp.domain.codes import code_key, gtin14
from webapp.domain.holds import Hold
from webapp.domain.parcel_data import ParcelData


class ShopChange(StrEnum):
    """A kind of difference. The values are stored in events."""

    SHIP_TO = "ship_to"
    CONTACT = "contact"
    NOTES = "notes"
    SHIP_BY = "ship_by"
    MORE = "more"
    FEWER = "fewer"
    CANCELLED = "cancelled"
    PRICES = "prices"
    HOLD = "hold"
    RELEASE = "release"
    CONTRADICTION = "contradiction"
    AGREEMENT = "agreement"
    CODES = "codes"


OFF_THE_BENCH: Final = frozenset({ShopChange.PRICES})
"""Changes that no packer needs to see before the next Ship."""


@dataclass(frozen=True, slots=True)
class ShopLine:
    """A line as the shop has it now; ``quantity`` is what the shop counts: units, or packs of them."""

    sku: str
    gtin: str
    product_name: str
    quantity: int
    product_id: int
    line_id: str = ""
    is_fulfilled: bool = False
    """The shop says that its units have left."""
    unit_price: Decimal | None = None
    match_id: int | None = None
    """The match by which it has its product."""
    pack_units: int = 1
    """Units of the product in one of ``quantity``, for a line that the order does not have yet."""

    @property
    def product_units(self) -> int:
        """Units of the product."""
        return self.quantity * self.pack_units


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order as the shop has it now. What is blank, its file does not say."""

    lines: Sequence[ShopLine]
    customer_name: str
    parcel_data: ParcelData
    ship_by: datetime | None
    is_cancelled: bool
    """Cancelled, refunded or voided as a whole."""
    updated_at: datetime | None
    goods: str
    """Mark of what it says, apart from the person."""
    person: str
    """Mark of what it says about the person: an erasure forgets it."""
    hold: Hold | None = None
    says_hold: bool = False
    """Whether its file says if it is on hold."""
    currency: str = ""
    newest_order_at: datetime | None = None
    """When the newest order of its channel in the file was placed: the file is from after that."""


@dataclass(slots=True)
class StandingLine:
    """An item of the order, as it stands here; units."""

    item_id: int
    sku: str
    gtin: str
    product_name: str
    line_id: str
    upstream_quantity: int
    """Units that the shop said last."""
    quantity: int
    shipped_quantity: int
    cancelled_quantity: int
    returned_quantity: int
    unit_price: Decimal | None = None
    pack_units: int = 1
    """Units in one that the shop counts."""

    @property
    def remaining(self) -> int:
        """Units still to ship."""
        return self.quantity - self.shipped_quantity - self.cancelled_quantity

    @property
    def live(self) -> int:
        """Units that the customer has or will get."""
        return self.quantity - self.cancelled_quantity - self.returned_quantity

    @property
    def kept(self) -> int:
        """Units that left and did not come back."""
        return self.shipped_quantity - self.returned_quantity


class LineState(NamedTuple):
    """What the shop said last of a line; units."""

    quantity: int
    line_id: str
    unit_price: Decimal | None


@dataclass(slots=True)
class Plan:
    """What to do to an order's items; units by item id."""

    fewer: dict[int, int] = field(default_factory=dict)
    more: dict[int, int] = field(default_factory=dict)
    added: list[ShopLine] = field(default_factory=list)
    contradictions: dict[tuple[int, Cause], int] = field(default_factory=dict)
    """Units that the building has dealt with otherwise."""
    snapshot: dict[int, LineState] = field(default_factory=dict)
    """What is to be remembered of each line."""

    new_codes: dict[int, ShopLine] = field(default_factory=dict)
    """Lines of which the shop says another SKU or GTIN now, by item."""

    def __bool__(self) -> bool:
        return bool(self.fewer or self.more or self.added or self.contradictions)


def plan_changes(
    shop: ShopOrder, standing: Sequence[StandingLine], *, may_grow: bool, open_units: Mapping[int, int] | None = None
) -> Plan:
    """Compare the shop's lines with the order's. ``may_grow``: further units may still be shipped with the order;
    otherwise they contradict it. ``open_units`` are what contradicts it already, by item id: they follow the shop's
    numbers."""
    plan, open_units = Plan(), dict(open_units or {})
    pairs = match_lines(shop.lines, standing)
    if not may_grow and standing and standing[0].item_id in open_units:
        # Lines that came too late are told with the first item, with the same units each time.
        late = sum(line.product_units for line, own in pairs if line and _is_new(line, own, shop))
        open_units[standing[0].item_id] -= late
    for line, own in pairs:
        if own is None:
            if line is not None and _is_new(line, own, shop):
                _add(plan, line, standing, may_grow)
            continue
        units = 0 if shop.is_cancelled or line is None else line.quantity * own.pack_units
        plan.snapshot[own.item_id] = _line_state(units, line, own)
        if line is not None and not shop.is_cancelled and (line.sku, line.gtin) != (own.sku, own.gtin):
            plan.new_codes[own.item_id] = line
        change = units - own.upstream_quantity
        more = max(0, min(change, units - own.live))  # What was too late to be taken away is there already.
        if more and may_grow:
            plan.more[own.item_id] = more
        elif change < 0 and (fewer := min(own.remaining, max(0, own.live - units))):
            plan.fewer[own.item_id] = fewer
        if late := _late_units(own, units, open_units.get(own.item_id, 0), may_grow=may_grow):
            _contradict(plan, own, late)
        left = own.remaining - plan.fewer.get(own.item_id, 0) + plan.more.get(own.item_id, 0)
        if line is not None and line.is_fulfilled and left and not shop.is_cancelled:
            plan.contradictions[own.item_id, Cause.FULFILLED_UPSTREAM] = left
    return plan


def _line_state(units: int, line: ShopLine | None, own: StandingLine) -> LineState:
    """Return what is to be remembered of the line: a blank says nothing."""
    if line is None:
        return LineState(units, own.line_id, own.unit_price)
    price = own.unit_price if line.unit_price is None else line.unit_price
    return LineState(units, line.line_id or own.line_id, price)


def _add(plan: Plan, line: ShopLine, standing: Sequence[StandingLine], may_grow: bool) -> None:
    if may_grow or not standing:
        plan.added.append(line)
        return
    _contradict(plan, standing[0], line.product_units)


def _contradict(plan: Plan, own: StandingLine, units: int) -> None:
    key = (own.item_id, Cause.CHANGED_UPSTREAM)
    plan.contradictions[key] = plan.contradictions.get(key, 0) + units


def _is_new(line: ShopLine, own: StandingLine | None, shop: ShopOrder) -> bool:
    """Return whether the shop wants a line that the order does not have."""
    return own is None and not shop.is_cancelled and not line.is_fulfilled


def _late_units(own: StandingLine, units: int, open_units: int, *, may_grow: bool) -> int:
    """Return by how many units the shop and the building differ for good: those that left and that the shop does not
    have, or those that it has and that nobody ships any more.

    Only a change of the shop's opens this, so what a person has settled stays settled; what is open says the numbers of
    today."""
    change = units - own.upstream_quantity
    if own.kept > units:
        return own.kept - units if change < 0 or open_units > 0 else 0
    return 0 if may_grow else max(0, min(max(0, open_units) + change, units - own.live))


Pair = tuple[ShopLine | None, StandingLine | None]


def match_lines(lines: Sequence[ShopLine], standing: Sequence[StandingLine]) -> list[Pair]:
    """Pair the shop's lines with the order's, each with one at most: by the line's id, else by SKU, GTIN and name, else
    by one of them. Those without a partner come with None."""
    shop, own = list(lines), list(standing)
    pairs = [*_pair_parted(shop, own), *_pair(shop, own, _KEYS[:1])]
    pairs += [*_pair_regrouped(shop, own), *_pair(shop, own, _KEYS[1:])]
    return [*pairs, *((line, None) for line in shop), *((None, item) for item in own)]


def _pair(shop: list[ShopLine], own: list[StandingLine], keys: Sequence[_Key]) -> list[Pair]:
    """Take lines that are one by a key out of both lists; return them in pairs."""
    pairs: list[Pair] = []
    for key in keys:
        waiting: dict[Hashable, list[StandingLine]] = {}
        for item in own:
            if (mark := key(item)) is not None:
                waiting.setdefault(mark, []).append(item)
        for line in list(shop):
            candidates = waiting.get(key(line)) or []
            item_or_none = next((item for item in candidates if _may_be_one(line, item)), None)
            if item_or_none is not None:
                candidates.remove(item_or_none)
                own.remove(item_or_none)
                shop.remove(line)
                pairs.append((line, item_or_none))
    return pairs


def _pair_parted(shop: list[ShopLine], own: list[StandingLine]) -> list[Pair]:
    """Take lines out of both lists that the shop has as one, and the order as several: a line was parted here."""
    pairs: list[Pair] = []
    for line in [line for line in shop if line.line_id]:
        items = [item for item in own if item.line_id == line.line_id]
        if len(items) > 1:
            pairs += _spread([line], items)
            shop.remove(line)
            own[:] = [item for item in own if item not in items]
    return pairs


def _pair_regrouped(shop: list[ShopLine], own: list[StandingLine]) -> list[Pair]:
    """Take goods out of both lists that the shop has in more or fewer lines than the order, without ids: their units
    stand in the order's lines, since a shop that makes one line of two has not ordered its units again."""
    pairs: list[Pair] = []
    for goods in dict.fromkeys(_goods(item) for item in own):
        items = [item for item in own if _goods(item) == goods]
        lines = [line for line in shop if not line.line_id and _goods(line) == goods]
        if lines and len(lines) != len(items):
            pairs += _spread(lines, items)
            shop[:] = [line for line in shop if line.line_id or _goods(line) != goods]
            own[:] = [item for item in own if _goods(item) != goods]
    return pairs


def _spread(lines: Sequence[ShopLine], items: Sequence[StandingLine]) -> list[Pair]:
    """Give each item its units; those of which most have left come first."""
    is_fulfilled = all(line.is_fulfilled for line in lines)
    prices = {line.unit_price for line in lines}
    price = prices.pop() if len(prices) == 1 else None  # Which units have which price, nobody knows.
    ordered = sorted(items, key=lambda item: -item.kept)
    pairs: list[Pair] = []
    for item, units in zip(ordered, _shares(sum(line.quantity for line in lines), ordered), strict=True):
        line = replace(lines[0], quantity=units, is_fulfilled=is_fulfilled, unit_price=price) if units else None
        pairs.append((line, item))
    return pairs


def _shares(left: int, items: Sequence[StandingLine]) -> list[int]:
    """Divide what the shop counts among the items: first what has left of each, then what the customer will get of it,
    then what the shop said before; the last gets what is more. A pack that was only begun is counted where the rest of
    it is."""
    shares = [0] * len(items)
    for limit_of in (attrgetter("kept"), attrgetter("live"), attrgetter("upstream_quantity")):
        for place, item in enumerate(items):
            more = max(0, min(left, limit_of(item) // item.pack_units - shares[place]))
            shares[place] += more
            left -= more
    shares[-1] += left
    return shares


_Line = ShopLine | StandingLine
_Key = Callable[[_Line], Hashable]


def _goods(line: _Line) -> tuple[str, str, str]:
    return code_key(line.sku), gtin14(line.gtin) or line.gtin, " ".join(line.product_name.casefold().split())


def _units(line: _Line) -> int:
    return line.quantity if isinstance(line, ShopLine) else line.upstream_quantity // line.pack_units


def _may_be_one(line: ShopLine, item: StandingLine) -> bool:
    """Return whether the two are the same goods: a SKU decides, else a GTIN, if both have one."""
    own, shop = _goods(item), _goods(line)
    decisive = next((place for place in (0, 1) if own[place] and shop[place]), None)
    return decisive is None or own[decisive] == shop[decisive]


_KEYS: Sequence[_Key] = (
    lambda line: line.line_id or None,
    lambda line: (_goods(line), _units(line), line.unit_price),
    lambda line: (_goods(line), _units(line)),
    _goods,
    lambda line: _goods(line)[0] or None,
    lambda line: _goods(line)[1] or None,
    lambda line: _goods(line)[2] or None,
)
