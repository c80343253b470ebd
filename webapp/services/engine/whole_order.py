"""A stock action on every item of a locked order: what each item got, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from webapp.domain.causes import Cause
from webapp.services.engine import locks, shipping, stock_exceptions
from webapp.services.engine.backorders import Arrival
from webapp.services.engine.locked_rows import LockedItem, LockedOrder
from webapp.services.engine.locked_stock import LockedStock
from webapp.services.engine.operation import Operation
from webapp.services.engine.results import SkippedItem


@dataclass
class WholeOrder:
    """A locked order with its items and places, the operation on them, and its results so far.

    The caller that locked them writes the operation, once; a status change passes it on to its stock action.
    """

    operation: Operation
    order: LockedOrder
    items: Sequence[LockedItem]
    stock: LockedStock
    others: Arrival
    """The orders that wait for what this one releases; empty if it releases nothing."""
    skip_missing: bool = True
    units: dict[LockedItem, int] = field(default_factory=dict)
    """Units that each item got."""

    skipped: list[tuple[LockedItem, Cause, int]] = field(default_factory=list)
    """(item, cause, units missing)"""

    @classmethod
    def lock(cls, db: Session, store_id: int, order_id: int, actor: str, skip_missing: bool = True) -> WholeOrder:
        """Lock an order, its items, then their places. Raises OrderNotFound."""
        return cls.lock_rest(db, store_id, locks.lock_order(db, store_id, order_id), actor, skip_missing)

    @classmethod
    def lock_rest(
        cls, db: Session, store_id: int, order: LockedOrder, actor: str, skip_missing: bool = True
    ) -> WholeOrder:
        """Lock the items of a locked order, then their places."""
        items = locks.lock_items(db, store_id, [order.id])
        stock = LockedStock.lock(db, store_id, items)
        stock.reload_new_places(db, {item: item.remaining_quantity for item in items})
        operation = Operation(db, store_id, actor)
        return cls(operation, order, items, stock, Arrival({}, {}, stock), skip_missing)

    def serve(
        self, item: LockedItem, requested: int, act: Callable[[Operation, LockedOrder, LockedItem, int], int]
    ) -> int:
        """Let ``act`` serve the item with up to ``requested`` units; return the units. Raises like ``skip_rest``."""
        units = act(self.operation, self.order, item, requested) if requested and not item.is_placeholder else 0
        if units:
            self.units[item] = units
        self.skip_rest(item, requested, units)
        return units

    def skip_rest(self, item: LockedItem, requested: int, units: int) -> None:
        """Note the units that the item lacks, if any. Raises the refusal instead if missing units may not be
        skipped."""
        if units == requested:
            return
        if not self.skip_missing:
            raise shipping.missing_stock(item, self.stock, requested, units)
        self.skipped.append((item, self.stock.cause_of(item), requested - units))

    def report_skipped(self) -> None:
        """Open stock exceptions for the skipped units, and mark what changed."""
        if self.skipped:
            stock_exceptions.report(self.operation, self.order, self.skipped)
        if self.units or self.skipped:
            self.operation.bump_version(self.order, *self.units, *(item for item, _, _ in self.skipped))

    def skipped_items(self) -> list[SkippedItem]:
        """Return the skipped units in the form of the services' results."""
        return [
            SkippedItem(item_id=item.id, product_id=item.product_id, reason=str(cause), quantity=units)
            for item, cause, units in self.skipped
        ]
