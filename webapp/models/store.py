"""Stores, their people, and tokens of programs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.clock import utc_now
from webapp.domain.roles import Role
from webapp.models.base import Base, BigInt, TenantKey, UtcDateTime, stored_enum


class Store(Base):
    """A shop: the tenant that owns every other row."""

    __tablename__ = "stores"

    id: Mapped[int] = mapped_column(BigInt, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(64), server_default="UTC", default="UTC")
    """IANA name of the store's time zone."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))


class User(Base):
    """A person who signs in. A membership says what they may do in a store."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigInt, Identity(), primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    session_epoch: Mapped[int] = mapped_column(server_default="1", default=1)
    """Raised when all sessions end: a sign-in whose password was checked before begins none."""
    is_active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    language: Mapped[str | None] = mapped_column(String(8))
    """The language the person chose (see webapp.languages); None means the browser's."""
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person last gave the right password, by the database's clock."""
    earlier_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they did before that: the person is shown it, to notice a sign-in that was not theirs."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))


class Membership(TenantKey, Base):
    """A person's role in one store."""

    __tablename__ = "memberships"

    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    role: Mapped[Role] = mapped_column(stored_enum(Role, "role_known"))
    tour_ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person closed their role's tour for good."""
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["stores.id"]),
        UniqueConstraint("store_id", "user_id"),
        Index("ix_memberships_user_id", "user_id"),
    )


class SavedFilter(TenantKey, Base):
    """A filter of the order list that a person saved under a name; ``query`` is the list's query string."""

    __tablename__ = "saved_filters"

    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["stores.id"]),
        UniqueConstraint("store_id", "user_id", "name"),
    )


class ApiToken(TenantKey, Base):
    """A program's key to one store. Only the SHA-256 of the token is kept.

    A row stays when its token ends: the trail shows the name, which nobody gets again.
    """

    __tablename__ = "api_tokens"

    name: Mapped[str] = mapped_column(String(64))
    role: Mapped[Role] = mapped_column(stored_enum(Role, "role_known"))
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, server_default=text("'1970-01-01 00:00:00+00'"))
    """When it ends; a row that leaves this out is over."""
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a program last used it, give or take an hour."""
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["stores.id"]),
        UniqueConstraint("store_id", "token_hash"),
        Index("uq_api_tokens_store_id_name", "store_id", "name", unique=True),
    )
