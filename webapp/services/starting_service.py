"""Starts the pending orders of a store together, as a manager asks for it."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from webapp.services.engine.starting import Started, start_orders
from webapp.services.reads.orders_to_start import oldest_to_start

AT_ONCE: Final = 20
"""Orders of one transaction: packers hardly notice that it holds their places."""


def start_oldest(db: Session, store_id: int, newest: int, actor: str = "system") -> Started:
    """Start the oldest orders that can be, up to the id ``newest``, and at most ``AT_ONCE``; none are left to start if
    fewer were.

    Calling it again goes on with the next; an order is started once.
    """
    return start_orders(db, store_id, oldest_to_start(db, store_id, newest, AT_ONCE), actor)
