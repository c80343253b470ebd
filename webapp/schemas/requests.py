"""Bodies and queries that a program may send. Unknown names are refused, so that a typing mistake is noticed."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import RAISE, Schema

from webapp.domain.statuses import OrderStatus
from webapp.schemas.fields import Limit, OneOf, Quantity, Reason, SeenQuantity, Text

MAX_LIMIT: Final = 200
DEFAULT_LIMIT: Final = 50
"""Orders per page."""

_SENTENCES: Final[dict[str, str]] = {"unknown": "is not known here.", "type": "The body must be a JSON object."}


class RequestSchema(Schema):
    """A body or query with exactly the fields below."""

    error_messages = _SENTENCES

    class Meta:
        unknown = RAISE


class ShipItemSchema(RequestSchema):
    """How many units of an item to ship; without a quantity, or without a body, all that remain."""

    quantity = Quantity(metadata={"description": "Units to ship; left out: all that remain.", "example": 2})
    seen_shipped = SeenQuantity(
        metadata={"description": "Units the caller saw as shipped; refused (409) when that has changed meanwhile."}
    )


class ChangeStatusSchema(RequestSchema):
    status = OneOf(
        OrderStatus, required=True, metadata={"description": "The new status.", "example": OrderStatus.PROCESSING}
    )
    reason = Reason(due=False, metadata={"description": "Why, for the audit trail."})


class CancelOrderSchema(RequestSchema):
    reason = Reason(
        due=True, metadata={"description": "Why, for the audit trail.", "example": "Customer changed her mind"}
    )


class ListOrdersSchema(RequestSchema):
    status = OneOf(OrderStatus, metadata={"description": "Only orders of this status, soonest to ship first."})
    number = Text(64, metadata={"description": "Only the order of this number, written as it is stored."})
    limit = Limit(MAX_LIMIT, load_default=DEFAULT_LIMIT, metadata={"description": "Orders on a page."})
    cursor = Text(200, metadata={"description": "The next_cursor of the page before, with the same filters."})


class NothingSchema(RequestSchema):
    """No fields at all."""


Values = dict[str, Any]
"""Loaded field names and values; a field that was left out and has no default is absent."""
