"""People's holds on orders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.clock import utc_now
from webapp.models.base import Base, BigInt, TenantKey, UtcDateTime

_FIRST = text("NOT is_joint")


class Assignment(TenantKey, Base):
    """An order is a person's while they work on it. One person has it; others join knowingly (``is_joint``).

    The row goes when the order is done, or the person leaves the store. One that has ended by the clock may stay:
    who opens the order next takes it away.
    """

    __tablename__ = "assignments"

    order_id: Mapped[int] = mapped_column(BigInt)
    user_id: Mapped[int] = mapped_column(BigInt)
    is_joint: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    last_active: Mapped[datetime] = mapped_column(
        UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP")
    )
    __table_args__ = (
        ForeignKeyConstraint(["store_id", "order_id"], ["orders.store_id", "orders.id"]),
        ForeignKeyConstraint(
            ["store_id", "user_id"], ["memberships.store_id", "memberships.user_id"], ondelete="CASCADE"
        ),
        UniqueConstraint("store_id", "order_id", "user_id"),
        Index(
            "uq_assignments_first",
            "store_id",
            "order_id",
            unique=True,
            postgresql_where=_FIRST,
            sqlite_where=_FIRST,
        ),
        Index("ix_assignments_user_id", "store_id", "user_id"),
    )
