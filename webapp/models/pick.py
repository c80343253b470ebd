"""Units that a person has picked for an order item and not shipped yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.clock import utc_now
from webapp.models.base import Base, BigInt, TenantKey, UtcDateTime, whole_numbers


class Pick(TenantKey, Base):
    """What one person has picked of one order item. It moves no stock: shipping takes the person's units off, and the
    rows of an item go when nothing is left to ship of it."""

    __tablename__ = "picks"

    order_item_id: Mapped[int] = mapped_column(BigInt)
    person: Mapped[str] = mapped_column(String(64))
    units: Mapped[int] = mapped_column(BigInt)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))

    __table_args__ = (
        ForeignKeyConstraint(["store_id", "order_item_id"], ["order_items.store_id", "order_items.id"]),
        UniqueConstraint("store_id", "order_item_id", "person"),
        CheckConstraint("units >= 0", name="units_not_negative"),
        *whole_numbers("units"),
    )
