"""What cancelling would do: which units would be released and where, which have already left, and which are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.domain.statuses import OrderStatus, may_change


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An order waiting for the stock this would release, and how much it would get."""

    order_id: int
    order_number: str
    units: int


@dataclass(frozen=True, slots=True)
class CancellationPreview:
    """An order as it is now, and what cancelling it would do."""

    order: OrderProgress
    waiting: Sequence[WaitingOrder]
    """Orders that wait for this stock and would get it first, oldest first."""

    seen_version: int | None = None
    """The version that the reader saw, if the order has changed since."""

    @property
    def is_possible(self) -> bool:
        """Return whether the order may still be cancelled."""
        return may_change(self.order.status, OrderStatus.CANCELLED)

    @property
    def released(self) -> int:
        """Return the units that become available again."""
        return sum(item.reserved for item in self.order.items)

    @property
    def unreserved(self) -> int:
        """Return the units that will not ship and had no stock reserved."""
        return self.order.remaining - self.released

    @property
    def open_exceptions(self) -> int:
        """Return how many stock exceptions cancelling closes."""
        return sum(len(item.missing) for item in self.order.items)

    def has_changed(self, item: ItemProgress) -> bool:
        """Return whether somebody changed the item since the reader looked."""
        return self.seen_version is not None and item.changed_in_version > self.seen_version


def released_by_cancelling(item: ItemProgress, quantity: int) -> int:
    """Return the units released when ``quantity`` of an item are cancelled: those that the rest of the item does not
    need."""
    return max(0, item.reserved - (item.remaining - quantity))
