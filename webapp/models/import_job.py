"""Imports that people began on a screen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.clock import utc_now
from webapp.domain.import_jobs import ImportKind, JobState
from webapp.models.base import Base, BigInt, JsonDict, TenantKey, UtcDateTime, stored_enum

_JSON = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class ImportJobRow(TenantKey, Base):
    """One uploaded file and its import. The file itself lies in the folder of imports for a while."""

    __tablename__ = "import_jobs"

    kind: Mapped[ImportKind] = mapped_column(stored_enum(ImportKind, "kind_known"))
    format: Mapped[str] = mapped_column(String(64), server_default=text("''"), default="")
    mapping: Mapped[JsonDict | None] = mapped_column(_JSON)
    """Which columns are which fields, if no format says it."""
    reference: Mapped[str] = mapped_column(String(64), server_default=text("''"), default="")
    file_name: Mapped[str] = mapped_column(String(255))
    file_size: Mapped[int] = mapped_column(BigInt)
    file_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 (hex) of its content."""
    state: Mapped[JobState] = mapped_column(stored_enum(JobState, "state_known"))
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    progress_of: Mapped[str] = mapped_column(String(40), server_default=text("''"), default="")
    progress_done: Mapped[int] = mapped_column(BigInt, server_default=text("0"), default=0)
    progress_total: Mapped[int] = mapped_column(BigInt, server_default=text("0"), default=0)
    report: Mapped[str] = mapped_column(String(200), server_default=text("''"), default="")
    problem: Mapped[str] = mapped_column(String(500), server_default=text("''"), default="")
    expected: Mapped[JsonDict | None] = mapped_column(_JSON)
    result: Mapped[JsonDict | None] = mapped_column(_JSON)
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["stores.id"]),
        CheckConstraint("file_size > 0", name="file_size_positive"),
        CheckConstraint("progress_done >= 0 AND progress_total >= 0", name="progress_not_negative"),
        Index("ix_import_jobs_store_id_created_at", "store_id", "created_at"),
    )
