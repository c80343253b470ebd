"""What the lines of orders were matched to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKeyConstraint, Index, String, Text, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.clock import utc_now
from webapp.domain.packs import MOST_UNITS
from webapp.domain.unknown_lines import MatchBy
from webapp.models.base import Base, BigInt, TenantKey, UtcDateTime, stored_enum

_REMEMBERED = text("is_remembered")
IS_REMEMBERED: Final[ColumnElement[Any]] = literal_column("matches.is_remembered")
"""The condition as the partial index has it: SQLite does not find the index with ``is_remembered = 1``."""


class Match(TenantKey, Base):
    """One match of a manager's: what a channel calls a product. The lines that have their product by it name it."""

    __tablename__ = "matches"

    kind: Mapped[MatchBy] = mapped_column(stored_enum(MatchBy, "kind_known"))
    code: Mapped[str] = mapped_column(String(255))
    """As the channel wrote it; for a line that was matched alone, its name."""
    match_key: Mapped[str] = mapped_column(String(200))
    """What all its spellings share (``webapp.domain.unknown_lines.UnknownCode.key``)."""
    folded: Mapped[str] = mapped_column(Text)
    """``code`` as a search compares it."""
    channel_id: Mapped[int | None] = mapped_column(BigInt)
    """Whose name it is: another channel may call something else so. None for a code."""
    product_id: Mapped[int] = mapped_column(BigInt)
    pack_units: Mapped[int] = mapped_column(BigInt, server_default="1", default=1)
    """Units of the product in one ordered unit."""
    is_remembered: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    """Whether later imports go by it."""
    matched_by: Mapped[str] = mapped_column(String(64))
    matched_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    undone_by: Mapped[str | None] = mapped_column(String(64))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        ForeignKeyConstraint(["store_id", "product_id"], ["products.store_id", "products.id"]),
        ForeignKeyConstraint(["store_id", "channel_id"], ["channels.store_id", "channels.id"]),
        CheckConstraint("kind <> 'name' OR channel_id IS NOT NULL", name="names_of_channels"),
        CheckConstraint(f"pack_units >= 1 AND pack_units <= {MOST_UNITS}", name="pack_units_in_range"),
        CheckConstraint("(undone_by IS NULL) = (undone_at IS NULL)", name="undone_by_somebody"),
        CheckConstraint("undone_at IS NULL OR NOT is_remembered", name="forgotten_when_undone"),
        Index(
            "uq_matches_remembered",
            "store_id",
            "match_key",
            "kind",
            unique=True,
            postgresql_where=_REMEMBERED,
            sqlite_where=_REMEMBERED,
        ),
        Index("ix_matches_product", "store_id", "product_id"),
    )
