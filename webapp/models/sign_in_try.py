"""Failed sign-ins, so that nobody can guess passwords for long."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, UtcDateTime


class SignInTries(Base):
    """When sign-ins of a name, from an address or on a device failed lately. ``key`` is a keyed hash."""

    __tablename__ = "sign_in_tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[list[Any]] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))
    """Times of the tries, in seconds since 1970."""
    last_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (Index("ix_sign_in_tries_last_try_at", "last_try_at"),)
