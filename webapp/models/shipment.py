"""Parcels and their lines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.clock import utc_now
from webapp.models.base import Base, BigInt, TenantKey, UtcDateTime, whole_numbers


class Shipment(TenantKey, Base):
    """One parcel of an order, packed by one person; open until it is closed or the order is fully shipped."""

    __tablename__ = "shipments"

    order_id: Mapped[int] = mapped_column(BigInt)
    carrier: Mapped[str] = mapped_column(String(64), server_default=text("''"), default="")
    tracking_number: Mapped[str] = mapped_column(String(64), server_default=text("''"), default="")
    packed_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["store_id", "order_id"], ["orders.store_id", "orders.id"]),
        Index("ix_shipments_order", "store_id", "order_id"),
        Index("ix_shipments_packed_by", "store_id", "packed_by", "order_id"),
    )


class ShipmentLine(TenantKey, Base):
    """Units of one order item in one parcel. An undone line stays, and says when and by whom."""

    __tablename__ = "shipment_lines"

    shipment_id: Mapped[int] = mapped_column(BigInt)
    order_item_id: Mapped[int] = mapped_column(BigInt)
    quantity: Mapped[int] = mapped_column(BigInt)
    operation_id: Mapped[str] = mapped_column(String(32))
    """Shared with the ledger rows of the request that shipped it."""
    shipped_by: Mapped[str] = mapped_column(String(64))
    shipped_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    undone_by: Mapped[str | None] = mapped_column(String(64))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["store_id", "shipment_id"], ["shipments.store_id", "shipments.id"]),
        ForeignKeyConstraint(["store_id", "order_item_id"], ["order_items.store_id", "order_items.id"]),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
        *whole_numbers("quantity"),
        Index("ix_shipment_lines_item", "store_id", "order_item_id"),
        Index("ix_shipment_lines_shipment", "store_id", "shipment_id"),
    )
