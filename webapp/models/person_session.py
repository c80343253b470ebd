"""Where people are signed in: one row for each browser."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, BigInt, TenantKey, UtcDateTime


class PersonSession(TenantKey, Base):
    """A person signed in to a store in one browser. Only the SHA-256 of the token in its cookie is kept.

    Its times are the database's (see ``database_clock``). The row goes when the session ends; with the membership, the
    database itself takes it away.
    """

    __tablename__ = "sessions"

    user_id: Mapped[int] = mapped_column(BigInt)
    token_hash: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(60))
    """Browser and system: Chrome, Android. Empty when the browser does not say."""
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, server_default=text("CURRENT_TIMESTAMP"))
    """When the person gave the password; a change of stores leaves it as it is."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, server_default=text("CURRENT_TIMESTAMP"))
    """When the person last opened a page or sent a form, give or take a few minutes."""
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["stores.id"]),
        ForeignKeyConstraint(
            ["store_id", "user_id"], ["memberships.store_id", "memberships.user_id"], ondelete="CASCADE"
        ),
        UniqueConstraint("store_id", "token_hash"),
        Index("ix_sessions_store_id_user_id", "store_id", "user_id"),
        Index("ix_sessions_user_id", "user_id"),
    )
