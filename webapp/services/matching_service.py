"""Matches a marketplace's GTIN, SKU or line to a product, for every open line it stands for."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final, TypedDict

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.codes import code_key, fold_code
from webapp.domain.errors import Busy, InvalidInput, ProductNotFound
from webapp.domain.packs import check_pack
from webapp.domain.unknown_lines import MatchBy, UnknownCode
from webapp.domain.wording import say
from webapp.models import Match, Order, OrderItem, Product
from webapp.models.base import table_of
from webapp.services.engine import locks
from webapp.services.engine.linking import LockedLines, ProductLink, code_of_match
from webapp.services.engine.locked_rows import LockedItem
from webapp.services.engine.merged_products import present_products
from webapp.services.engine.operation import Operation
from webapp.services.reads import unknown_lines
from webapp.services.reads.matches import find_remembered
from webapp.services.reads.product_codes import owners_of

log = logging.getLogger("packbench.stock")

_matches = table_of(Match)

_MOST_TRIES: Final = 3


class MatchResult(TypedDict):
    """What a match did: lines linked, orders changed, units reserved at once, whether later imports know it."""

    product_id: int
    matched_items: int
    matched_orders: int
    reserved_units: int
    is_remembered: bool


def match_gtin(db: Session, store_id: int, gtin: str, product_id: int, actor: str = "system") -> MatchResult:
    """Link every open placeholder line with ``gtin`` to the product, and remember the GTIN for later imports.

    Works like ``match_lines``; raises InvalidInput for a blank GTIN or the placeholder's.
    """
    return match_lines(db, store_id, UnknownCode.require(MatchBy.GTIN, gtin), product_id, actor)


def match_sku(db: Session, store_id: int, sku: str, product_id: int, actor: str = "system") -> MatchResult:
    """Link every open placeholder line with ``sku`` (same case) and no GTIN to the product, and remember the SKU for
    later imports.

    Works like ``match_lines``; raises InvalidInput for a blank SKU or the placeholder's.
    """
    return match_lines(db, store_id, UnknownCode.require(MatchBy.SKU, sku), product_id, actor)


def match_item(db: Session, store_id: int, item_id: int, product_id: int, actor: str = "system") -> MatchResult:
    """Link one open placeholder line without a GTIN to the product; works like ``match_lines``."""
    return match_lines(db, store_id, UnknownCode(MatchBy.ITEM, str(item_id)), product_id, actor)


def match_lines(
    db: Session, store_id: int, unknown: UnknownCode, product_id: int, actor: str = "system", pack_units: int = 1
) -> MatchResult:
    """Link the open placeholder lines of ``unknown`` to the product; the code is remembered for later imports, unless
    it is another product's own. A GTIN is remembered even if no line waits. ``pack_units`` are the units of the product
    in one ordered unit: a line of 2 packs of 3 becomes one of 6 units.

    A line is open while units are still to ship, even if the order shipped without it; such an order opens again. Lines
    of processing orders reserve at once, oldest order first; missing units open an exception. A second call finds no
    line and changes nothing. Raises ProductNotFound, ItemNotFound for an unknown item, and InvalidInput for an item
    with a GTIN, which must be matched for all its lines, or for a pack of no or too many units.
    """
    check_pack(pack_units)
    locks.take_turn_to_write(db)
    if unknown.by is MatchBy.ITEM and (gtin := unknown_lines.gtin_of_line(db, store_id, int(unknown.code))):
        raise InvalidInput(
            say("This line has the GTIN %(gtin)s. Match the GTIN: every line that carries it is linked.", gtin=gtin)
        )
    find_remembered(db, store_id, unknown, locks_it=True)  # Before products and orders, as everywhere.
    rows = db.execute(
        select(OrderItem.order_id, OrderItem.id)
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
        .where(*unknown_lines.waiting_for(store_id, unknown))
    )
    waiting = LockedLines.lock(db, store_id, actor, {row.id: row.order_id for row in rows})
    product_id = present_products(db, store_id, [product_id]).get(product_id, product_id)
    product = db.scalar(
        select(Product).where(Product.store_id == store_id, Product.id == product_id, Product.is_placeholder.is_(False))
    )
    if product is None:
        raise ProductNotFound
    lines = waiting.lines
    is_remembered = bool(lines or unknown.is_gtin) and _may_be_remembered(db, store_id, unknown, product_id)
    called = _called(db, store_id, unknown, lines)
    match_id = None
    if lines or is_remembered:
        match_id = _keep(waiting.operation, unknown, called, (product_id, pack_units), is_remembered)
    link = ProductLink(product_id, product.sku, match_id, code_of_match(unknown.by, called), pack_units)
    linked = waiting.link(lambda _: link)
    log.info(
        "Matched %s %s to product %s: %s items of %s orders",
        *(unknown.by, unknown.code, product_id, linked.items, linked.orders),
    )
    return MatchResult(
        product_id=product_id,
        matched_items=linked.items,
        matched_orders=linked.orders,
        reserved_units=linked.reserved_units,
        is_remembered=is_remembered,
    )


def _may_be_remembered(db: Session, store_id: int, unknown: UnknownCode, product_id: int) -> bool:
    """Return whether later imports are to go by the match: not if the code is another product's, and not for a SKU that
    is the product's own, or for one line."""
    if unknown.by is MatchBy.ITEM or (unknown.by is MatchBy.GTIN and not unknown.is_gtin):
        return False
    if unknown.by is MatchBy.NAME:
        return True
    owners = {owner.product_id for owner in owners_of(db, store_id, [unknown.code]).get(unknown.code, ())}
    if unknown.by is MatchBy.GTIN:
        return not owners or product_id in owners
    named = select(Product.id).where(Product.store_id == store_id, Product.sku_key == code_key(unknown.code))
    return not owners and db.scalar(named.limit(1)) is None


def _keep(operation: Operation, unknown: UnknownCode, called: str, pack: tuple[int, int], is_remembered: bool) -> int:
    """Store the match under the operation's person and time, as the events of the lines have both; return its id.
    ``pack`` is the product's id, and how many units of it one ordered unit is.

    Another match of the same code is forgotten; the lines that follow it stay. Raises Busy if others match the same
    code all the time.
    """
    db, of_store = operation.db, _matches.c.store_id == operation.store_id
    by = {"matched_by": operation.actor, "matched_at": operation.at}
    for _ in range(_MOST_TRIES):
        present = find_remembered(db, operation.store_id, unknown, locks_it=True) if is_remembered else None
        if present and (present.product_id, present.pack_units) == pack:
            db.execute(update(_matches).where(of_store, _matches.c.id == present.match_id).values(by))
            return present.match_id
        if present:
            db.execute(update(_matches).where(of_store, _matches.c.id == present.match_id).values(is_remembered=False))
        row = {"store_id": operation.store_id, "kind": unknown.by, "code": called, "match_key": unknown.key}
        row |= {"folded": fold_code(called), "channel_id": unknown.channel_id, "is_remembered": is_remembered, **by}
        row |= dict(zip(("product_id", "pack_units"), pack, strict=True))
        statement = insert_into(db, _matches).values(row).on_conflict_do_nothing().returning(_matches.c.id)
        if (match_id := db.scalar(statement)) is not None:
            return int(match_id)
    raise Busy


def _called(db: Session, store_id: int, unknown: UnknownCode, items: Sequence[LockedItem]) -> str:
    """Return what the channel called it: for a name or a line alone, what the first line says."""
    if unknown.by in (MatchBy.GTIN, MatchBy.SKU) or not items:
        return unknown.code
    of_item = (OrderItem.store_id == store_id, OrderItem.id == items[0].id)
    row = db.execute(select(OrderItem.product_name, OrderItem.sku).where(*of_item)).one()
    return str(row.product_name or row.sku)
