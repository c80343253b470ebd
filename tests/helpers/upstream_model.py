"""A plain model of an order that the shop changes while the building works on it.

It shares no code with the services: per SKU, whatever the number of lines, it counts what the shop says, and what was
shipped, cancelled and returned.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from webapp.domain.holds import Hold


@dataclass
class Line:
    """One SKU of an order; units."""

    said: int
    ordered: int
    shipped: int = 0
    cancelled: int = 0
    returned: int = 0
    price: Decimal | None = None

    @property
    def left(self) -> int:
        return self.ordered - self.shipped - self.cancelled

    @property
    def live(self) -> int:
        return self.ordered - self.cancelled - self.returned

    @property
    def kept(self) -> int:
        return self.shipped - self.returned


@dataclass(frozen=True)
class Says:
    """What a file of the shop says about an order; blank and None for what it does not say."""

    units: dict[str, int]
    at: int | None
    cancelled: bool = False
    prices: dict[str, Decimal] = field(default_factory=dict)
    currency: str = ""
    city: str = ""
    note: str = ""
    packing_note: str = ""
    hold: Hold | None = None
    says_hold: bool = False
    newest: int | None = None
    """When the newest order of its file was placed."""

    @property
    def content(self) -> str:
        """All that it says, except for when."""
        lists = sorted(self.units.items()), sorted(self.prices.items())
        texts = self.currency, self.city, self.note, self.packing_note
        return repr((lists, texts, self.cancelled, self.hold, self.says_hold))


@dataclass
class Modelled:
    """An order as it should be."""

    lines: dict[str, Line]
    status: str = "processing"
    late: Counter[str] = field(default_factory=Counter)
    """Units of the open exception that says that the shop was too late, by SKU."""
    sent_elsewhere: set[str] = field(default_factory=set)
    """SKUs with an open exception that units left before the shop changed the address."""
    city: str = ""
    note: str = ""
    packing_note: str = ""
    currency: str = ""
    hold: Hold | None = None
    said_hold: Hold | None = None
    time: int | None = None
    """The shop's, of the newest state."""
    states: list[str] = field(default_factory=list)
    """What the shop has said, the newest last."""
    newest: int | None = None
    """When the newest order was placed of those that were known when it said so."""

    def hear(self, says: Says, newest: int | None) -> None:
        """Follow the shop, unless the order is so already, or was before. ``newest`` is of all that files brought, this
        one too."""
        if self.states and self.states[-1] == says.content:
            self._note_time(says)
            return
        if says.at is not None and self.time is not None and says.at != self.time:
            if says.at < self.time:
                return
        elif says.content in self.states and not self._is_news(says, newest):
            return
        self.newest = newest
        self.states = [*(one for one in self.states if one != says.content), says.content]
        self._note_time(says)
        self._hear_head(says)
        self._hear_units({} if says.cancelled else says.units)
        for sku, price in says.prices.items():
            if sku in self.lines:
                self.lines[sku].price = price

    def _is_news(self, says: Says, newest: int | None) -> bool:
        """A file with the newest order of all is newer than what was said before that order was known."""
        if says.newest is None or self.newest is None:
            return False
        return says.newest == newest and says.newest > self.newest

    def _note_time(self, says: Says) -> None:
        times = [at for at in (self.time, says.at) if at is not None]
        self.time = max(times, default=None)

    def _hear_head(self, says: Says) -> None:
        """A closed order needs none of it; a blank says nothing."""
        if self.status == "cancelled":
            return
        if says.city and says.city != self.city:
            self.sent_elsewhere |= set(list(self._left_already())[:1])
            if any(line.left for line in self.lines.values()):
                self.city = says.city
        self.note, self.packing_note = says.note or self.note, says.packing_note or self.packing_note
        self.currency = says.currency or self.currency
        if says.says_hold and says.hold != self.said_hold:
            self.hold = self.said_hold = says.hold

    def _left_already(self) -> dict[str, Line]:
        return {sku: line for sku, line in self.lines.items() if line.kept > 0}

    def _hear_units(self, said: dict[str, int]) -> None:
        is_closed, first, touched = self.status == "cancelled", next(iter(self.lines)), False
        unheard = {sku: units for sku, units in said.items() if sku not in self.lines}
        late = Counter({first: sum(unheard.values())} if is_closed else {})
        before = self.late.copy()
        before[first] = max(0, before[first] - late[first])
        for sku, line in self.lines.items():
            units = said.get(sku, 0)
            change, more = units - line.said, max(0, min(units - line.said, units - line.live))
            if more and not is_closed:
                line.ordered += more
                touched = True
            gone = min(line.left, max(0, line.live - units)) if change < 0 else 0
            if line.kept > units:
                late[sku] += line.kept - units if change < 0 or before[sku] else 0
            elif is_closed:
                late[sku] += max(0, min(before[sku] + change, units - line.live))
            line.cancelled += gone
            touched = touched or gone > 0
            line.said = units
            if late[sku] or line.kept <= units:
                self.late[sku] = late[sku]
        if unheard and not is_closed:
            self.lines |= {sku: Line(units, units) for sku, units in unheard.items()}
            touched = True
        if touched:
            self.derive()

    def derive(self) -> None:
        """The status follows from the units."""
        shipped, left = (sum(getattr(line, name) for line in self.lines.values()) for name in ("shipped", "left"))
        if self.status == "cancelled":
            return
        if shipped:
            self.status = "partially_shipped" if left else "shipped"
        else:
            self.status = "processing" if left else "cancelled"
