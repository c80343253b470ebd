"""One stock action on every item of a locked order: what each got, and what stays short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from webapp.domain.skips import SkipReason
from webapp.models import Order, OrderItem
from webapp.services.engine import locks, shipping, stock_exceptions
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.operation import Operation, bump_version
from webapp.services.engine.results import SkippedItem


@dataclass
class WholeOrder:
    """The order, its items and their places under lock, and what was done with them so far."""

    operation: Operation
    order: Order
    items: Sequence[OrderItem]
    stock: LockedStock
    skip_missing: bool
    units: dict[OrderItem, int] = field(default_factory=dict)
    """What each item got."""

    shortages: list[tuple[OrderItem, SkipReason, int]] = field(default_factory=list)
    """(item, cause, units missing)"""

    @classmethod
    def lock(cls, db: Session, order: Order, actor: str, skip_missing: bool) -> WholeOrder:
        """Lock the items of a locked order, then their places."""
        items = locks.lock_items(db, order.store_id, [order.id])
        stock = LockedStock.lock(db, order.store_id, items)
        stock.reload_new_places(db, {item: item.remaining_quantity for item in items})
        return cls(Operation(db, order.store_id, actor), order, items, stock, skip_missing)

    def serve(self, item: OrderItem, wanted: int, act: Callable[[Operation, Order, OrderItem, int], int]) -> int:
        """Let ``act`` give the item up to ``wanted`` units; return the units. Raises like ``add_shortage``."""
        units = act(self.operation, self.order, item, wanted) if wanted and not item.is_placeholder else 0
        if units:
            self.units[item] = units
        self.add_shortage(item, wanted, units)
        return units

    def add_shortage(self, item: OrderItem, wanted: int, units: int) -> None:
        """Note what the item lacks, if anything. Raises the refusal instead unless what is missing may be skipped."""
        if units == wanted:
            return
        if not self.skip_missing:
            raise shipping.shortage(item, self.stock, wanted, units)
        self.shortages.append((item, self.stock.skip_reason_of(item), wanted - units))

    def finish(self) -> None:
        """Report the shortages, mark what changed, and write the operation."""
        if self.shortages:
            stock_exceptions.report(self.operation, self.order, self.shortages)
        if self.units or self.shortages:
            bump_version(self.order, *self.units, *(item for item, _, _ in self.shortages))
        self.operation.write()

    def skipped_items(self) -> list[SkippedItem]:
        """Return the shortages as the services answer them."""
        return [
            SkippedItem(item_id=item.id, product_id=item.product_id, reason=str(cause), quantity=units)
            for item, cause, units in self.shortages
        ]
