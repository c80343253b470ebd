"""Turns what a line was ordered as, packs of a product, into units of it, once its product is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import bindparam, func, update

from webapp.domain.events import EventKind
from webapp.models import OrderItem
from webapp.models.base import table_of
from webapp.services.engine import picks
from webapp.services.engine.locked_rows import LockedItem, LockedOrder
from webapp.services.engine.operation import Operation

_items = table_of(OrderItem)
_UNPACK: Final = (
    update(_items)
    .where(_items.c.store_id == bindparam("of_store"), _items.c.id == bindparam("of_id"))
    .values(
        quantity=bindparam("all_units"),
        pack_units=bindparam("of_pack"),
        upstream_quantity=func.coalesce(_items.c.upstream_quantity, _items.c.quantity) * bindparam("of_pack"),
    )
)


def unpack(operation: Operation, lines: Mapping[LockedItem, int], order_of: Mapping[int, LockedOrder]) -> None:
    """Let what is left of lines that waited be units of their product; ``lines`` says how many one ordered unit is.

    Nothing of them has shipped. What was cancelled before stays as it was counted then; what people picked of them were
    packs, not units, so it is counted again.
    """
    packs = {item: pack_units for item, pack_units in lines.items() if pack_units != 1}
    for item, pack_units in packs.items():
        units = item.remaining_quantity * (pack_units - 1)
        item.quantity += units
        operation.record(
            order_of[item.order_id], EventKind.UNITS_ADDED, item=item, quantity=units, pack_units=pack_units
        )
    rows = [
        {"of_store": operation.store_id, "of_id": item.id, "all_units": item.quantity, "of_pack": pack_units}
        for item, pack_units in packs.items()
    ]
    if rows:
        operation.connection.execute(_UNPACK, rows)
        picks.end(operation.connection, operation.store_id, packs)
