"""Products that an item had by a match until somebody undid it: its ledger rows and allocations still name them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists

from webapp.domain.events import EventKind
from webapp.models import OrderEvent
from webapp.services.verification.event_columns import is_kind, number_of


def was_matched(store_id: Any, item_id: Any, product_id: Any) -> ColumnElement[bool]:
    """Return whether an event tells that the item's match to this product was undone."""
    return exists().where(
        OrderEvent.store_id == store_id,
        OrderEvent.order_item_id == item_id,
        is_kind(EventKind.MATCH_UNDONE),
        number_of("product_id") == product_id,
    )
