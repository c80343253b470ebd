"""What a program may send: bodies and queries. Unknown names are refused: no typing mistake passes for a wish."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import RAISE, Schema

from webapp.domain.statuses import OrderStatus
from webapp.schemas.fields import Limit, OneOf, Quantity, Reason, SeenQuantity, Text

MAX_LIMIT: Final = 200
DEFAULT_LIMIT: Final = 50
"""Orders on a page of a list."""

_SENTENCES: Final[dict[str, str]] = {"unknown": "is not known here.", "type": "The body must be a JSON object."}


class RequestSchema(Schema):
    """A body or a query that holds the fields below and no others."""

    error_messages = _SENTENCES

    class Meta:
        unknown = RAISE


class ShipItemSchema(RequestSchema):
    """How much of an item to ship. Without a quantity, or without a body, all that remains."""

    quantity = Quantity(metadata={"description": "Units to ship; left out: all that remain.", "example": 2})
    seen_shipped = SeenQuantity(
        metadata={"description": "Units the caller saw as shipped; refused (409) when that has changed meanwhile."}
    )


class ChangeStatusSchema(RequestSchema):
    """The status that an order should have."""

    status = OneOf(
        OrderStatus, required=True, metadata={"description": "The new status.", "example": OrderStatus.PROCESSING}
    )
    reason = Reason(due=False, metadata={"description": "Why, for the audit trail."})


class CancelOrderSchema(RequestSchema):
    """Why an order is cancelled."""

    reason = Reason(
        due=True, metadata={"description": "Why, for the audit trail.", "example": "Customer changed her mind"}
    )


class ListOrdersSchema(RequestSchema):
    """Which orders to list, and which page of them."""

    status = OneOf(OrderStatus, metadata={"description": "Only orders of this status, soonest to ship first."})
    number = Text(64, metadata={"description": "Only the order of this number, written as it is stored."})
    limit = Limit(MAX_LIMIT, load_default=DEFAULT_LIMIT, metadata={"description": "Orders on a page."})
    cursor = Text(200, metadata={"description": "The next_cursor of the page before, with the same filters."})


class NothingSchema(RequestSchema):
    """No fields at all."""


Values = dict[str, Any]
"""What a schema read: field names and values; fields that were left out and have no default are absent."""
