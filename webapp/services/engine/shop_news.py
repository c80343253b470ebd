"""What the shop changed in an order last, for people who look at an older screen."""

from __future__ import annotations

from itertools import chain, islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.events import EventKind
from webapp.domain.upstream import OFF_THE_BENCH, ShopChange
from webapp.models import OrderEvent


def newest_changes(db: Session, store_id: int, order_id: int, times: int) -> list[ShopChange]:
    """Return the kinds of changes that the shop made the last ``times`` that matter at the bench, each kind once."""
    events = db.scalars(
        select(OrderEvent.details)
        .where(
            OrderEvent.store_id == store_id,
            OrderEvent.order_id == order_id,
            OrderEvent.kind == EventKind.CHANGED_UPSTREAM,
        )
        .order_by(OrderEvent.id.desc())
    )
    of_the_bench = (details["changes"] for details in events if not OFF_THE_BENCH.issuperset(details["changes"]))
    kinds = set(chain.from_iterable(islice(of_the_bench, times)))
    return [change for change in ShopChange if change in kinds]
