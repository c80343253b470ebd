"""Which rows of stock files came in, so that each counts once, in whatever file it stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.clock import utc_now
from webapp.models.base import Base, BigInt, UtcDateTime


class ImportedStockRow(Base):
    """A row whose units were added: ``row_key`` is made of its SKU, place, units, and how many such rows precede it.

    ``delivery`` is blank, or the content of the file that somebody gave as another delivery. ``content`` and ``source``
    are of the file by which the row came.
    """

    __tablename__ = "imported_stock_rows"

    store_id: Mapped[int] = mapped_column(BigInt)
    row_key: Mapped[str] = mapped_column(String(64))
    delivery: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))
    content: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(255))
    imported_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP")
    )
    __table_args__ = (
        PrimaryKeyConstraint("store_id", "row_key", "delivery"),
        ForeignKeyConstraint(["store_id"], ["stores.id"]),
    )
