"""Merges of a product with its twin: which one stays, and what a merge moved, so that it can be undone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.clock import utc_now
from webapp.models.base import Base, BigInt, JsonDict, TenantKey, UtcDateTime

_STANDING = text("undone_at IS NULL")


class ProductMerge(TenantKey, Base):
    """One product that was merged into another. Its row stays, retired, so that its ledger and its lines stay."""

    __tablename__ = "product_merges"

    product_id: Mapped[int] = mapped_column(BigInt)
    survivor_id: Mapped[int] = mapped_column(BigInt)
    present_id: Mapped[int] = mapped_column(BigInt)
    """The product that it is now: another than the survivor once that was merged, too."""
    operation_id: Mapped[str] = mapped_column(String(32))
    merged_by: Mapped[str] = mapped_column(String(64))
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    undone_by: Mapped[str | None] = mapped_column(String(64))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    details: Mapped[JsonDict] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))
    """What the merge moved (``webapp.domain.merges.MergedParts``)."""

    __table_args__ = (
        ForeignKeyConstraint(["store_id", "product_id"], ["products.store_id", "products.id"]),
        ForeignKeyConstraint(["store_id", "survivor_id"], ["products.store_id", "products.id"]),
        ForeignKeyConstraint(["store_id", "present_id"], ["products.store_id", "products.id"]),
        CheckConstraint("(undone_by IS NULL) = (undone_at IS NULL)", name="undone_by_somebody"),
        Index(
            "uq_product_merges_standing",
            "store_id",
            "product_id",
            unique=True,
            postgresql_where=_STANDING,
            sqlite_where=_STANDING,
        ),
        Index("ix_product_merges_present", "store_id", "present_id"),
    )
