"""Invariant 5: a channel has the key of its code, and an order has an id in its channel."""

from __future__ import annotations

from sqlalchemy import select

from webapp.domain.codes import code_key
from webapp.models import Channel, Order
from webapp.models.base import table_of
from webapp.services.verification.findings import Check, Finds, Row, Scope


def channels_of_stores(scope: Scope) -> Finds:
    """Select the channels with their codes and keys."""
    return select(Channel.store_id, Channel.id, Channel.code, Channel.code_key).where(scope.of(Channel))


def channel_with_another_key(row: Row) -> Row | None:
    """Return what to report of a channel that an import would not find, and would make once more."""
    expected = code_key(row["code"] or "")
    if row["code_key"] == expected:
        return None
    return {"code": row["code"], "expected_code_key": expected, "found_code_key": row["code_key"]}


def nameless_orders(scope: Scope) -> Finds:
    """Find orders without a number or an id in their channel: no file could mean them again."""
    return select(Order.store_id, Order.id, Order.order_number, Order.external_id.label("found_external_id")).where(
        scope.of(Order), (Order.external_id == "") | (Order.order_number == "")
    )


CHECKS = (
    Check(
        5,
        "channel_has_its_key",
        "A channel's key is not that of its code: the next file would make the channel again",
        table_of(Channel),
        channels_of_stores,
        channel_with_another_key,
    ),
    Check(
        5,
        "order_is_named",
        "An order has no number, or no id in its channel",
        table_of(Order),
        nameless_orders,
    ),
)
