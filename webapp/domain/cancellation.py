"""What cancelling would do, before it is done: units that go back and where to, units that have left, units missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.domain.statuses import OrderStatus, may_change


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An order that lacks what is set free, and the units of it that it would get."""

    order_id: int
    order_number: str
    units: int


@dataclass(frozen=True, slots=True)
class CancellationPreview:
    """An order as it is now, and what cancelling it would do."""

    order: OrderProgress
    waiting: Sequence[WaitingOrder]
    """Other orders that wait for what would be released, and get it first; oldest first."""

    seen_version: int | None = None
    """The version the reader saw before, where the order has changed since."""

    @property
    def is_possible(self) -> bool:
        """The order may still be cancelled."""
        return may_change(self.order.status, OrderStatus.CANCELLED)

    @property
    def released(self) -> int:
        """Units that become available again."""
        return sum(item.reserved for item in self.order.items)

    @property
    def unreserved(self) -> int:
        """Units that will not ship and that no stock was reserved for."""
        return self.order.remaining - self.released

    @property
    def open_exceptions(self) -> int:
        """Stock exceptions that cancelling settles."""
        return sum(len(item.gaps) for item in self.order.items)

    def has_changed(self, item: ItemProgress) -> bool:
        """Somebody changed the line since the reader looked."""
        return self.seen_version is not None and item.changed_in_version > self.seen_version


def released_by_cancelling(item: ItemProgress, quantity: int) -> int:
    """Units released when ``quantity`` of an item are cancelled: those that the rest of the line no longer needs."""
    return max(0, item.reserved - (item.remaining - quantity))
