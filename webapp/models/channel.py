"""Channels of a store, and the names of its orders where the number alone does not say which is meant."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    FromClause,
    Index,
    String,
    UniqueConstraint,
    case,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.channels import BESIDE_A_NUMBER, LONGEST_CODE, ChannelKind
from webapp.domain.codes import code_key
from webapp.models.base import Base, TenantKey, UtcDateTime, stored_enum, table_of
from webapp.models.order import Order


def _key_of_code(context: DefaultExecutionContext) -> str:
    return code_key(context.get_current_parameters()["code"])  # type: ignore[no-untyped-call]


def _code(context: DefaultExecutionContext) -> str:
    return str(context.get_current_parameters()["code"])  # type: ignore[no-untyped-call]


class Channel(TenantKey, Base):
    """A shop or marketplace. A blank code stands for orders whose file names no channel."""

    __tablename__ = "channels"

    code: Mapped[str] = mapped_column(String(LONGEST_CODE))
    """As its first file wrote it."""
    code_key: Mapped[str] = mapped_column(String(200), default=_key_of_code)
    """What all spellings of the code share (``webapp.domain.codes.code_key``): eBay and ebay are one channel."""
    name: Mapped[str] = mapped_column(String(100), default=_code)
    kind: Mapped[ChannelKind] = mapped_column(
        stored_enum(ChannelKind, "kind_known"), default=ChannelKind.FILE, server_default=text(f"'{ChannelKind.FILE}'")
    )

    newest_order_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the newest order that files brought of it was placed."""

    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["stores.id"]),
        UniqueConstraint("store_id", "code"),
        Index("uq_channels_code_key", "store_id", "code_key", unique=True),
    )


_orders, _channels = table_of(Order).alias("n"), table_of(Channel).alias("h")


def channel_code(orders: FromClause) -> ColumnElement[str]:
    """Return the code of an order's channel; ``orders`` is the table or an alias."""
    return _of_channel(orders, _channels.c.code)


def channel_name(orders: FromClause) -> ColumnElement[str]:
    """Return the name of an order's channel; ``orders`` is the table or an alias."""
    return _of_channel(orders, _channels.c.name)


def same_number(orders: FromClause) -> ColumnElement[int]:
    """Return how many orders of the store have an order's number: 1, or more where it does not say which is meant."""
    return (
        select(func.count())
        .where(_orders.c.store_id == orders.c.store_id, _orders.c.order_number == orders.c.order_number)
        .correlate(orders)
        .scalar_subquery()
    )


def shown_number(orders: FromClause) -> ColumnElement[str]:
    """Return the number by which people know an order; with the channel where two orders of the store have it."""
    name = channel_name(orders)
    with_channel = orders.c.order_number + literal_column(f"'{BESIDE_A_NUMBER}'", String) + name
    in_doubt = (same_number(orders) > literal_column("1")) & (name != literal_column("''", String))
    return case((in_doubt, with_channel), else_=orders.c.order_number)


def _of_channel(orders: FromClause, column: ColumnElement[str]) -> ColumnElement[str]:
    return (
        select(column)
        .where(_channels.c.store_id == orders.c.store_id, _channels.c.id == orders.c.channel_id)
        .correlate(orders)
        .scalar_subquery()
    )
