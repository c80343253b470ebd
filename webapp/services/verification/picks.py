"""The tables' own rules: nobody holds picks of an item with nothing left to ship, and each pick names its person."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from webapp.models import OrderItem, Pick
from webapp.models.base import table_of
from webapp.services.verification.findings import Check, Finds, Scope, row_named


def picks_that_are_over(scope: Scope) -> Finds:
    """Find picks of items that have nothing left to ship."""
    return (
        select(Pick.store_id, Pick.id, Pick.order_item_id, Pick.units.label("found_units"))
        .join(OrderItem, row_named(OrderItem, Pick, Pick.order_item_id))
        .where(scope.of(Pick), ~OrderItem.has_units_left())
    )


def picks_of_nobody(scope: Scope) -> Finds:
    """Find picks without a person."""
    return select(Pick.store_id, Pick.id, Pick.person.label("found_person")).where(
        scope.of(Pick), or_(Pick.person.is_(None), func.trim(Pick.person) == "")
    )


CHECKS = (
    Check(
        0,
        "pick_has_units_left",
        "Units are picked of an item that has nothing left to ship",
        table_of(Pick),
        picks_that_are_over,
    ),
    Check(5, "person_named", "A pick names no person", table_of(Pick), picks_of_nobody),
)
