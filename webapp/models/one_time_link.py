"""Links that open a page once: to join a store, to choose a new password, or to set up an empty database.

Only the SHA-256 of the token in a link is kept. The row goes when the link is used.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.clock import utc_now
from webapp.domain.roles import Role
from webapp.models.base import Base, BigInt, TenantKey, UtcDateTime, stored_enum


class OneTimeLink(TenantKey, Base):
    """A link of a store. With a ``role`` it invites somebody to work there; with a ``user_id`` that person chooses a
    new password. When they leave the store, the database itself takes it away.
    """

    __tablename__ = "one_time_links"

    token_hash: Mapped[str] = mapped_column(String(64))
    username: Mapped[str | None] = mapped_column(String(64))
    """The name that an invitation proposes."""
    role: Mapped[Role | None] = mapped_column(stored_enum(Role, "role_known"))
    user_id: Mapped[int | None] = mapped_column(BigInt)
    made_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint(
            "(role IS NULL) = (username IS NULL) AND (role IS NULL) <> (user_id IS NULL)", name="invites_or_resets"
        ),
        ForeignKeyConstraint(["store_id"], ["stores.id"]),
        ForeignKeyConstraint(
            ["store_id", "user_id"], ["memberships.store_id", "memberships.user_id"], ondelete="CASCADE"
        ),
        UniqueConstraint("store_id", "token_hash"),
        Index("ix_one_time_links_store_id_user_id", "store_id", "user_id"),
        Index("ix_one_time_links_user_id", "user_id"),
    )


class SetupLink(Base):
    """A link with which somebody sets up an empty database. It opens nothing once there is a person."""

    __tablename__ = "setup_links"

    id: Mapped[int] = mapped_column(BigInt, Identity(), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
