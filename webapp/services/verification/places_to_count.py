"""Invariant 1: places to count are those that the ledger's short picks and finds left. Source: docs/contract.md."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    String,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from webapp.domain.count_tasks import CountCause
from webapp.domain.ledger import TransactionType
from webapp.models import Inventory
from webapp.services.verification.findings import Check, Finds, Scope, row_named
from webapp.services.verification.ledger import INVENTORY, Ledger, is_type

_cause = type_coerce(Inventory.count_cause, String)


def tasks_without_movement(scope: Scope) -> Finds:
    """Find places to count where no short pick or find is by that person and of that time."""
    of_cause = case(
        (_cause == literal(CountCause.SHORT_PICK.value), is_type(TransactionType.SET)),
        else_=is_type(TransactionType.ADJUST),
    )
    movement = exists().where(
        row_named(Inventory, Ledger, Ledger.inventory_id),
        Ledger.created_at == Inventory.count_asked_at,
        Ledger.created_by == Inventory.count_asked_by,
        Ledger.order_item_id.is_not(None),
        of_cause,
    )
    return select(
        Inventory.store_id,
        Inventory.id,
        Inventory.product_id,
        _cause.label("found_cause"),
        Inventory.count_asked_by.label("found_asked_by"),
        Inventory.count_asked_at.label("found_asked_at"),
    ).where(scope.of(Inventory), Inventory.count_cause.is_not(None), ~movement)


def _last_counts(scope: Scope) -> Subquery:
    """Select each place's last entry of type ``set``, whether it is of an order (a short pick), and what arrived since.

    More units of an order that came back count, but not those of a corrected return.
    """
    later, reversal = aliased(Ledger), aliased(Ledger)
    corrects = exists().where(
        reversal.store_id == later.store_id,
        reversal.operation_id == later.operation_id,
        reversal.inventory_id == later.inventory_id,
        reversal.reverses_id.is_not(None),
    )
    arrives = or_(
        is_type(TransactionType.IMPORT, of=later),
        and_(is_type(TransactionType.RETURN, of=later), ~corrects),
        and_(is_type(TransactionType.ADJUST, of=later), later.order_item_id.is_(None)),
    )
    last: Any = (
        select(Ledger.store_id, Ledger.inventory_id, func.max(Ledger.seq).label("seq"))
        .where(scope.of(Ledger), is_type(TransactionType.SET), Ledger.reverses_id.is_(None))
        .group_by(Ledger.store_id, Ledger.inventory_id)
        .subquery()
    )
    of_place = and_(later.store_id == last.c.store_id, later.inventory_id == last.c.inventory_id)
    since = and_(of_place, later.seq > last.c.seq, later.reverses_id.is_(None), later.quantity_change > 0)
    is_find = and_(is_type(TransactionType.ADJUST, of=later), later.order_item_id.is_not(None))
    return (
        select(
            last.c.store_id,
            last.c.inventory_id,
            exists().where(since, arrives).label("arrived"),
            exists().where(since, is_find).label("found"),
            Ledger.order_item_id,
        )
        .join(
            Ledger,
            and_(
                Ledger.store_id == last.c.store_id,
                Ledger.inventory_id == last.c.inventory_id,
                Ledger.seq == last.c.seq,
            ),
        )
        .subquery()
    )


def tasks_unlike_ledger(scope: Scope) -> Finds:
    """Find places that are to be counted after a count, or are not after a short pick, or are short or not wrongly."""
    last = _last_counts(scope)
    short_pick = last.c.order_item_id.is_not(None)
    is_task = Inventory.count_cause.is_not(None)
    return (
        select(
            Inventory.store_id,
            Inventory.id,
            Inventory.product_id,
            _cause.label("found_cause"),
            Inventory.is_short.label("found_short"),
        )
        .join(last, row_named(Inventory, last.c, last.c.inventory_id))
        .where(
            scope.of(Inventory),
            or_(
                and_(short_pick, ~is_task),
                and_(~short_pick, ~last.c.found, is_task),
                and_(short_pick, Inventory.is_short == last.c.arrived),
                and_(~short_pick, Inventory.is_short),
            ),
        )
    )


CHECKS = (
    Check(
        1,
        "count_has_movement",
        "A place is to be counted, and no short pick or find there is by that person and of that time",
        INVENTORY,
        tasks_without_movement,
    ),
    Check(
        1,
        "count_follows_ledger",
        "A place is to be counted, or may not be reserved from, or the reverse, unlike its last count and arrivals say",
        INVENTORY,
        tasks_unlike_ledger,
    ),
)
