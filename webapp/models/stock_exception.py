"""Stock that was missing, for a person to settle."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.causes import Cause, ExceptionState
from webapp.domain.clock import utc_now
from webapp.models.base import Base, BigInt, TenantKey, UtcDateTime, stored_enum, whole_numbers

_IS_OPEN = text(f"state = '{ExceptionState.OPEN}'")


class StockException(TenantKey, Base):
    """Units of an order item that a stock action could not cover; open until a person, or arriving stock, closes it."""

    __tablename__ = "stock_exceptions"

    order_id: Mapped[int] = mapped_column(BigInt)
    order_item_id: Mapped[int] = mapped_column(BigInt)
    cause: Mapped[Cause] = mapped_column(stored_enum(Cause, "cause_known"))
    quantity: Mapped[int] = mapped_column(BigInt)
    """Units missing when the exception was last updated."""
    ship_by: Mapped[datetime] = mapped_column(UtcDateTime, server_default=text("'9999-12-31 00:00:00'"))
    """The order's when this was opened, so that an index lists the most urgent first."""
    state: Mapped[ExceptionState] = mapped_column(
        stored_enum(ExceptionState, "state_known"),
        default=ExceptionState.OPEN,
        server_default=ExceptionState.OPEN,
    )
    opened_by: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    closed_by: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolution: Mapped[str] = mapped_column(String(500), server_default=text("''"), default="")
    __table_args__ = (
        ForeignKeyConstraint(["store_id", "order_id"], ["orders.store_id", "orders.id"]),
        ForeignKeyConstraint(["store_id", "order_item_id"], ["order_items.store_id", "order_items.id"]),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(f"state = '{ExceptionState.OPEN}' OR closed_by IS NOT NULL", name="closed_by_somebody"),
        *whole_numbers("quantity"),
        Index(
            "uq_stock_exceptions_open",
            "store_id",
            "order_item_id",
            "cause",
            unique=True,
            postgresql_where=_IS_OPEN,
            sqlite_where=_IS_OPEN,
        ),
        Index(
            "ix_stock_exceptions_open_due",
            "store_id",
            "ship_by",
            "id",
            postgresql_where=_IS_OPEN,
            sqlite_where=_IS_OPEN,
        ),
        Index(
            "ix_stock_exceptions_open_order",
            "store_id",
            "order_id",
            "id",
            postgresql_where=_IS_OPEN,
            sqlite_where=_IS_OPEN,
        ),
    )
