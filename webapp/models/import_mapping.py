"""How a store reads files of its own shape: which column is which field."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.clock import utc_now
from webapp.models.base import Base, TenantKey, UtcDateTime


class ImportMapping(TenantKey, Base):
    """A mapping of columns that a person saved under a name, as JSON; the service that reads it checks it."""

    __tablename__ = "import_mappings"

    name: Mapped[str] = mapped_column(String(60))
    mapping: Mapped[Any] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["stores.id"]),
        UniqueConstraint("store_id", "name"),
        CheckConstraint("name <> ''", name="has_name"),
    )
