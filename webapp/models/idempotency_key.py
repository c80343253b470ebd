"""Keys of completed requests, so that a repeat has no second effect."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.clock import utc_now
from webapp.models.base import Base, BigInt, UtcDateTime


class IdempotencyKey(Base):
    """A key, its user, the request's fingerprint, and the answer that a repeat gets.

    Without an index beside the primary key, since every change writes a row (ADR 0025).
    """

    __tablename__ = "idempotency_keys"

    store_id: Mapped[int] = mapped_column(BigInt)
    key: Mapped[str] = mapped_column(String(255))
    actor: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))
    operation_id: Mapped[str] = mapped_column(String(32))
    status: Mapped[int] = mapped_column(server_default="200", default=200)
    result: Mapped[Any | None] = mapped_column(
        JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    checksum: Mapped[str] = mapped_column(String(32), server_default=text("''"), default="")
    """Of the other columns (``webapp.database.key_checksums``); empty in rows from before there were any."""
    __table_args__ = (
        PrimaryKeyConstraint("store_id", "key"),
        ForeignKeyConstraint(["store_id"], ["stores.id"]),
        CheckConstraint("actor <> ''", name="has_actor"),
    )
