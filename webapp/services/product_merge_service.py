"""Merges a product with its twin: stock, open lines, codes and matches move to the one that stays; and undoes it."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime
from typing import TypedDict

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from webapp.domain.errors import ConflictError, InvalidInput, ProductNotFound, UndoRefused
from webapp.domain.merges import MergedParts, read_parts
from webapp.domain.system_reasons import SystemReason
from webapp.domain.wording import say
from webapp.models import Inventory, InventoryTransaction, Order, OrderItem, Product, ProductCodeChange, ProductMerge
from webapp.models.base import table_of
from webapp.models.channel import shown_number
from webapp.services.engine import locks, merging
from webapp.services.engine.backorders import Arrival
from webapp.services.engine.merged_products import merged_words, sku_of
from webapp.services.engine.operation import Operation
from webapp.services.merged_codes import (
    Twin,
    last_change,
    lock_matches,
    match_made_again,
    move_codes,
    move_codes_back,
    supplements,
)

log = logging.getLogger("packbench.stock")

_products, _merges = table_of(Product), table_of(ProductMerge)


class ProductsMerged(TypedDict):
    """What a merge, or its undoing, moves."""

    product_id: int
    """The product that has everything now."""
    sku: str
    units: int
    lines: int
    is_new: bool
    """False if it was done before."""


def merge_products(
    db: Session, store_id: int, product_id: int, survivor_id: int, actor: str = "system"
) -> ProductsMerged:
    """Move all that a product has to its twin, in one operation, and retire it. Doing it twice changes nothing.

    Units at the same place are joined, reserved units stay with their lines. Lines that have shipped stay as they are.
    Raises ProductNotFound, InvalidInput for one product twice, and ConflictError if either was merged with another one,
    if the one that stays is retired, or if a place of the other must be counted first.
    """
    if product_id == survivor_id:
        raise InvalidInput(say("Choose another product: this is the one that you merge."))
    arrival = _lock(db, store_id, product_id, survivor_id)
    former, survivor = _twin(db, store_id, product_id), _twin(db, store_id, survivor_id)
    standing = _standing_merge(db, store_id, product_id)
    if standing is not None and standing.present_id == survivor_id:
        return ProductsMerged(product_id=survivor_id, sku=survivor.sku, units=0, lines=0, is_new=False)
    _refuse_to_merge(db, store_id, former, survivor, standing or _standing_merge(db, store_id, survivor_id))
    operation = Operation(db, store_id, actor)
    parts = _move_everything(operation, arrival, former, survivor)
    row = {"product_id": former.id, "survivor_id": survivor.id, "present_id": survivor.id, "details": parts}
    by = {"operation_id": operation.id, "merged_by": operation.actor, "merged_at": operation.at}
    db.execute(insert(_merges).values(store_id=store_id, **row, **by))
    units, lines = sum(place.units for place in parts["places"]), len(parts["lines"])
    log.info("Product %s merged into %s: %s units, %s lines, by %s", product_id, survivor_id, units, lines, actor)
    return ProductsMerged(product_id=survivor.id, sku=survivor.sku, units=units, lines=lines, is_new=True)


def _refuse_to_merge(db: Session, store_id: int, former: Twin, survivor: Twin, standing: ProductMerge | None) -> None:
    """Raise ConflictError if there is a ``standing`` merge of either, the one that stays is retired, or a place of the
    other must be counted first."""
    if standing is not None:
        raise ConflictError(merged_words(db, store_id, standing.present_id))
    if survivor.retired_at:
        raise ConflictError(
            say("%(sku)s is retired. Bring it back first, or keep the other product.", sku=survivor.sku)
        )
    _refuse_places_to_count(db, store_id, former)


def _move_everything(operation: Operation, arrival: Arrival, former: Twin, survivor: Twin) -> MergedParts:
    """Move stock, lines, codes and matches, and retire the merged product; return what was moved."""
    open_before = [item.id for key in (former.id, survivor.id) for item in merging.open_lines(arrival, key)]
    reason = SystemReason.MERGED(sku=former.sku, into=survivor.sku)
    moves = merging.move_all(operation, arrival, former.named, survivor.named, reason)
    seqs = _seqs(arrival, former.id, survivor.id)
    operation.write()
    codes = move_codes(operation, former, survivor)
    _retire(operation, former.id, former.retired_by or operation.actor, former.retired_at or operation.at)
    merged_before = _redirect(operation, former.id, survivor.id)
    return MergedParts(
        places=moves.places,
        reservations=moves.reservations,
        filled=moves.filled,
        lines=[item.id for item in moves.lines],
        open_lines=open_before,
        last_item=_last_item(operation),
        seqs=seqs,
        codes=codes.codes,
        new_codes=codes.new_codes,
        last_change=last_change(operation, former.id, survivor.id),
        matches=codes.matches,
        gtin=former.gtin,
        survivor_gtin=survivor.gtin,
        supplements=supplements(former, survivor),
        retired_by=former.retired_by,
        retired_at=former.retired_at.isoformat() if former.retired_at else None,
        merged_before=merged_before,
    )


def undo_merge(db: Session, store_id: int, product_id: int, actor: str = "system") -> ProductsMerged:
    """Give the merged product back what its merge moved, while nothing else has happened to either. Doing it twice
    changes nothing.

    Raises ProductNotFound, also for one that was never merged, and UndoRefused with what has happened since.
    """
    survivor_id = _last_survivor(db, store_id, product_id)
    arrival = _lock(db, store_id, survivor_id, product_id)
    former, survivor = _twin(db, store_id, product_id), _twin(db, store_id, survivor_id)
    merge = _standing_merge(db, store_id, product_id)
    if merge is None:
        return ProductsMerged(product_id=former.id, sku=former.sku, units=0, lines=0, is_new=False)
    if merge.survivor_id != survivor_id or merge.present_id != survivor_id:
        raise UndoRefused(merged_since(survivor.sku, sku_of(db, store_id, merge.present_id)))
    parts = read_parts(merge.details)
    _refuse_if_something_happened(db, store_id, arrival, former, survivor, parts)
    operation = Operation(db, store_id, actor)
    reason = SystemReason.MERGE_UNDONE(sku=former.sku, into=survivor.sku)
    lines = [arrival.waiting[item_id] for item_id in parts["lines"] if item_id in arrival.waiting]
    done = merging.StockMoved(parts["places"], parts["reservations"], parts["filled"], lines)
    merging.move_back(operation, arrival, done, former.named, survivor.named, reason)
    operation.write()
    move_codes_back(operation, former, survivor, parts)
    retired_at = parts["retired_at"]
    _retire(operation, former.id, parts["retired_by"], datetime.fromisoformat(retired_at) if retired_at else None)
    undone = {"undone_by": operation.actor, "undone_at": operation.at}
    db.execute(update(_merges).where(_merges.c.store_id == store_id, _merges.c.id == merge.id).values(undone))
    again = (_merges.c.product_id.in_(parts["merged_before"]), _merges.c.undone_at.is_(None))
    db.execute(update(_merges).where(_merges.c.store_id == store_id, *again).values(present_id=former.id))
    units = sum(place.units for place in parts["places"])
    log.info("Merge of product %s into %s undone by %s", product_id, survivor_id, actor)
    return ProductsMerged(product_id=former.id, sku=former.sku, units=units, lines=len(lines), is_new=True)


def merged_since(sku: str, into: str) -> str:
    """Return why a merge cannot be undone: its survivor was merged, too, and to undo that one does not help, since it
    moves the survivor's units and codes once more."""
    return say(
        "%(sku)s was merged with %(into)s since, so this merge can no longer be undone, not even after that one. If "
        "the goods differ, make a product under another SKU, give it its code, and count its units.",
        sku=sku,
        into=into,
    )


def _lock(db: Session, store_id: int, from_id: int, to_id: int) -> Arrival:
    if max(from_id, to_id) > locks.MAX_KEY:
        raise ProductNotFound
    locks.take_turn_to_write(db)
    locks.lock_turn_of_arrivals(db, store_id)
    for product_id in (from_id, to_id):
        _twin(db, store_id, product_id)  # Locking makes places, and so needs both products.
    lock_matches(db, store_id, from_id, to_id)
    return merging.lock_both(db, store_id, from_id, to_id)


def _twin(db: Session, store_id: int, product_id: int) -> Twin:
    row = db.execute(
        select(*(_products.c[name] for name in Twin._fields)).where(
            _products.c.store_id == store_id, _products.c.id == product_id, _products.c.is_placeholder.is_(False)
        )
    ).one_or_none()
    if row is None:
        raise ProductNotFound
    return Twin(**row._mapping)


def _standing_merge(db: Session, store_id: int, product_id: int) -> ProductMerge | None:
    """Return the merge that made the product another one."""
    of_product = (ProductMerge.store_id == store_id, ProductMerge.product_id == product_id)
    return db.scalar(
        select(ProductMerge)
        .where(*of_product, ProductMerge.undone_at.is_(None))
        .execution_options(populate_existing=True)
    )


def _last_survivor(db: Session, store_id: int, product_id: int) -> int:
    if product_id > locks.MAX_KEY:
        raise ProductNotFound
    of_product = (ProductMerge.store_id == store_id, ProductMerge.product_id == product_id)
    survivor_id = db.scalar(
        select(ProductMerge.survivor_id).where(*of_product).order_by(ProductMerge.id.desc()).limit(1)
    )
    if survivor_id is None:
        raise ProductNotFound
    return survivor_id


def _refuse_places_to_count(db: Session, store_id: int, former: Twin) -> None:
    """Raise ConflictError if a place must be counted first: afterwards nobody could tell whose units are missing."""
    of_product = (Inventory.store_id == store_id, Inventory.product_id == former.id)
    place = db.scalar(select(Inventory.location).where(*of_product, Inventory.count_cause.is_not(None)).limit(1))
    if place is not None:
        raise ConflictError(
            say("%(sku)s is to be counted at %(place)s. Count it there first.", sku=former.sku, place=place)
        )


def _retire(operation: Operation, product_id: int, by: str | None, at: datetime | None) -> None:
    of_product = (_products.c.store_id == operation.store_id, _products.c.id == product_id)
    operation.db.execute(update(_products).where(*of_product).values(retired_by=by, retired_at=at))


def _redirect(operation: Operation, from_id: int, to_id: int) -> list[int]:
    """Let products that were merged into the merged one be the survivor as well; return their ids."""
    standing = (
        _merges.c.store_id == operation.store_id,
        _merges.c.present_id == from_id,
        _merges.c.undone_at.is_(None),
    )
    changed = update(_merges).where(*standing).values(present_id=to_id).returning(_merges.c.product_id)
    return sorted(operation.db.scalars(changed))


def _seqs(arrival: Arrival, *product_ids: int) -> dict[str, int]:
    return {str(place.id): place.last_seq for key in product_ids for place in arrival.stock.places_of(key)}


def _last_item(operation: Operation) -> int:
    of_store = OrderItem.store_id == operation.store_id
    return operation.db.scalar(select(func.max(OrderItem.id)).where(of_store)) or 0


def _refuse_if_something_happened(
    db: Session, store_id: int, arrival: Arrival, former: Twin, survivor: Twin, parts: MergedParts
) -> None:
    """Raise UndoRefused with the first thing that has happened to either product since the merge."""
    both = (former.id, survivor.id)
    for place_id, seq in _seqs(arrival, *both).items():
        if seq != parts["seqs"].get(place_id, 0):
            raise UndoRefused(_moved_since(db, store_id, int(place_id), parts["seqs"].get(place_id, 0)))
    open_now = {item.id for key in both for item in merging.open_lines(arrival, key)}
    new_lines = (open_now - set(parts["open_lines"])) | _lines_since(db, store_id, both, parts["last_item"])
    if new_lines:
        raise UndoRefused(_ordered_since(db, store_id, min(new_lines)))
    change = _code_change_since(db, store_id, both, parts["last_change"])
    if change is not None:
        raise UndoRefused(say("%(who)s has changed the code %(code)s since.", who=change.changed_by, code=change.code))
    again = match_made_again(db, store_id, parts["matches"])
    if again is not None:
        raise UndoRefused(say("%(who)s has matched %(code)s again since.", who=again.matched_by, code=again.code))


def _lines_since(db: Session, store_id: int, product_ids: Collection[int], last_item: int) -> set[int]:
    """Return an item of one of the products that came after the item ``last_item``, if there is one."""
    newer = select(OrderItem.id).where(
        OrderItem.store_id == store_id, OrderItem.id > last_item, OrderItem.product_id.in_(product_ids)
    )
    return set(db.scalars(newer.limit(1)))


def _code_change_since(
    db: Session, store_id: int, product_ids: Collection[int], last_change: int
) -> ProductCodeChange | None:
    newer = select(ProductCodeChange).where(
        ProductCodeChange.store_id == store_id,
        ProductCodeChange.product_id.in_(product_ids),
        ProductCodeChange.id > last_change,
    )
    return db.scalar(newer.order_by(ProductCodeChange.id).limit(1))


def _moved_since(db: Session, store_id: int, place_id: int, seq: int) -> str:
    first = db.execute(
        select(InventoryTransaction.location, InventoryTransaction.created_by, InventoryTransaction.order_number)
        .where(
            InventoryTransaction.store_id == store_id,
            InventoryTransaction.inventory_id == place_id,
            InventoryTransaction.seq > seq,
        )
        .order_by(InventoryTransaction.seq)
        .limit(1)
    ).one()
    named = {"who": first.created_by, "place": first.location}
    if first.order_number:
        return say(
            "%(who)s has moved units at %(place)s since, for order %(order)s.", **named, order=first.order_number
        )
    return say("%(who)s has changed the units at %(place)s since.", **named)


def _ordered_since(db: Session, store_id: int, item_id: int) -> str:
    number = db.scalars(
        select(shown_number(table_of(Order)))
        .join(OrderItem, (OrderItem.store_id == Order.store_id) & (OrderItem.order_id == Order.id))
        .where(OrderItem.store_id == store_id, OrderItem.id == item_id)
    ).one()
    return say("A line of order %(order)s has become this product's since.", order=number)
