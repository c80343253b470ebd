"""What the shop changed in an order last, for people who look at an older screen."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.events import EventKind
from webapp.domain.upstream import ShopChange
from webapp.models import OrderEvent


def newest_changes(db: Session, store_id: int, order_id: int, times: int) -> list[ShopChange]:
    """Return the kinds of changes that the shop made the last ``times``, each kind once."""
    events = db.scalars(
        select(OrderEvent.details)
        .where(
            OrderEvent.store_id == store_id,
            OrderEvent.order_id == order_id,
            OrderEvent.kind == EventKind.CHANGED_UPSTREAM,
        )
        .order_by(OrderEvent.id.desc())
        .limit(times)
    )
    kinds = {kind for details in events for kind in details["changes"]}
    return [change for change in ShopChange if change in kinds]
