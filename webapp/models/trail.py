"""Append-only tables: the stock ledger and the order events."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.clock import utc_now
from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.models.base import Base, BigInt, JsonDict, TenantKey, UtcDateTime, stored_enum, whole_numbers

_OF_NO_ORDER = text("order_number IS NULL")
"""Movements without an order; order histories tell the others. Not ``order_id``, for which SQLite would choose the
index of an order's movements."""


class InventoryTransaction(TenantKey, Base):
    """One movement of one inventory row. ``seq`` (1, 2, 3 … per inventory row) orders them, never the clock."""

    __tablename__ = "inventory_transactions"

    product_id: Mapped[int] = mapped_column(BigInt)
    inventory_id: Mapped[int] = mapped_column(BigInt)
    seq: Mapped[int] = mapped_column(BigInt)
    allocation_id: Mapped[int | None] = mapped_column(BigInt)
    transaction_type: Mapped[TransactionType] = mapped_column(stored_enum(TransactionType, "type_known"))
    quantity_change: Mapped[int] = mapped_column(BigInt)
    reserved_change: Mapped[int] = mapped_column(BigInt)
    quantity_after: Mapped[int] = mapped_column(BigInt)
    reserved_after: Mapped[int] = mapped_column(BigInt)
    location: Mapped[str] = mapped_column(String(64))
    warehouse: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[int | None] = mapped_column(BigInt)
    order_item_id: Mapped[int | None] = mapped_column(BigInt)
    order_number: Mapped[str | None] = mapped_column(String(64))
    reverses_id: Mapped[int | None] = mapped_column(BigInt)
    operation_id: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(500), server_default=text("''"), default="")
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    __table_args__ = (
        ForeignKeyConstraint(["store_id", "product_id"], ["products.store_id", "products.id"]),
        ForeignKeyConstraint(["store_id", "inventory_id"], ["inventory.store_id", "inventory.id"]),
        ForeignKeyConstraint(["store_id", "allocation_id"], ["allocations.store_id", "allocations.id"]),
        ForeignKeyConstraint(["store_id", "order_id"], ["orders.store_id", "orders.id"]),
        ForeignKeyConstraint(["store_id", "order_item_id"], ["order_items.store_id", "order_items.id"]),
        ForeignKeyConstraint(
            ["store_id", "reverses_id"], ["inventory_transactions.store_id", "inventory_transactions.id"]
        ),
        UniqueConstraint("store_id", "inventory_id", "seq"),
        CheckConstraint("seq > 0", name="seq_positive"),
        CheckConstraint("reserved_after >= 0 AND reserved_after <= quantity_after", name="reserved_within_on_hand"),
        CheckConstraint("created_by <> ''", name="has_actor"),
        *whole_numbers("seq", "quantity_change", "reserved_change", "quantity_after", "reserved_after"),
        Index("ix_inventory_transactions_order", "store_id", "order_id", "created_at", "id"),
        Index("ix_inventory_transactions_product", "store_id", "product_id", "created_at", "id"),
        Index("ix_inventory_transactions_product_order", "store_id", "product_id", "id"),
        Index("ix_inventory_transactions_operation", "store_id", "operation_id"),
        Index("uq_inventory_transactions_reverses", "store_id", "reverses_id", unique=True),
        Index(
            "ix_inventory_transactions_stock",
            "store_id",
            "created_at",
            "operation_id",
            "created_by",
            "transaction_type",
            postgresql_where=_OF_NO_ORDER,
            sqlite_where=_OF_NO_ORDER,
        ),
    )


class OrderEvent(TenantKey, Base):
    """One event of an order: what happened, by whom, why, and the numbers in ``details``."""

    __tablename__ = "order_events"

    order_id: Mapped[int] = mapped_column(BigInt)
    order_item_id: Mapped[int | None] = mapped_column(BigInt)
    kind: Mapped[EventKind] = mapped_column(stored_enum(EventKind, "kind_known"))
    actor: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500), server_default=text("''"), default="")
    details: Mapped[JsonDict] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))
    operation_id: Mapped[str] = mapped_column(String(32))
    """Shared with the ledger rows of the same request."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    __table_args__ = (
        ForeignKeyConstraint(["store_id", "order_id"], ["orders.store_id", "orders.id"]),
        ForeignKeyConstraint(["store_id", "order_item_id"], ["order_items.store_id", "order_items.id"]),
        CheckConstraint("actor <> ''", name="has_actor"),
        Index("ix_order_events_order", "store_id", "order_id", "id"),
        Index("ix_order_events_newest", "store_id", "created_at", "operation_id"),
        Index("ix_order_events_actor", "store_id", "actor", "created_at", "operation_id"),
        Index("ix_order_events_kind", "store_id", "kind", "created_at", "operation_id"),
    )
