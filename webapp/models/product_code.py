"""The codes by which a product is scanned, and the journal of who added and removed them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.clock import utc_now
from webapp.domain.codes import scan_key
from webapp.domain.stock import CodeRoad
from webapp.models.base import Base, BigInt, Gtin, TenantKey, UtcDateTime, stored_enum, whole_numbers


def _key_of_code(context: DefaultExecutionContext) -> str:
    return scan_key(context.get_current_parameters()["code"])  # type: ignore[no-untyped-call]


class ProductCode(TenantKey, Base):
    """A code that a scanner may read for a product: a GTIN, its own among them, or another code as it is."""

    __tablename__ = "product_codes"

    code: Mapped[str] = mapped_column(Gtin(64))
    scan_key: Mapped[str | None] = mapped_column(String(200), default=_key_of_code)
    """What all spellings share that a scan takes for this code (``webapp.domain.codes.scan_key``). None for a code from
    before this rule that an older one is spelled like."""
    product_id: Mapped[int] = mapped_column(BigInt)
    units: Mapped[int] = mapped_column(BigInt, server_default="1", default=1)
    """Units of the product that the code stands for: 6 for a case of 6."""
    taught_by: Mapped[str] = mapped_column(String(64))
    taught_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))

    __table_args__ = (
        ForeignKeyConstraint(["store_id", "product_id"], ["products.store_id", "products.id"]),
        UniqueConstraint("store_id", "code"),
        Index("uq_product_codes_scan_key", "store_id", "scan_key", unique=True),
        CheckConstraint("units > 0", name="units_positive"),
        *whole_numbers("units"),
        Index("ix_product_codes_product", "store_id", "product_id"),
    )


class ProductCodeChange(TenantKey, Base):
    """One entry of the journal of a product's codes: who added or removed which."""

    __tablename__ = "product_code_changes"

    product_id: Mapped[int] = mapped_column(BigInt)
    code: Mapped[str] = mapped_column(Gtin(64))
    units: Mapped[int] = mapped_column(BigInt)
    is_removal: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    road: Mapped[CodeRoad | None] = mapped_column(stored_enum(CodeRoad, "road_known"))
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))

    __table_args__ = (
        ForeignKeyConstraint(["store_id", "product_id"], ["products.store_id", "products.id"]),
        CheckConstraint("units > 0", name="units_positive"),
        *whole_numbers("units"),
        Index("ix_product_code_changes_product", "store_id", "product_id", "id"),
    )
