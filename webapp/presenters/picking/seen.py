"""What the pick screen says with each request: how many changes of the shop it shows."""

from __future__ import annotations

from webapp.domain.progress import OrderProgress
from webapp.presenters.links import with_query


def with_seen(path: str, order: OrderProgress) -> str:
    """Return the address with how many changes of the shop the screen shows; without any it stays as it is."""
    return with_query(path, changes=order.seen_changes or None)
