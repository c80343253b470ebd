"""Products, their places, and the words by which they are found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.codes import code_key
from webapp.domain.count_tasks import CountCause
from webapp.domain.placement import MAIN_WAREHOUSE
from webapp.domain.products import PLACEHOLDER_GTIN
from webapp.domain.units import PlaceUnits
from webapp.models.base import Base, BigInt, Gtin, TenantKey, UtcDateTime, stored_enum, whole_numbers


def _where(name: str, *columns: str, predicate: str) -> Index:
    return Index(name, *columns, postgresql_where=text(predicate), sqlite_where=text(predicate))


def _key_of_sku(context: DefaultExecutionContext) -> str:
    return code_key(context.get_current_parameters()["sku"])  # type: ignore[no-untyped-call]


class Product(TenantKey, Base):
    """Something the shop sells, or the one placeholder that stands for unknown marketplace lines."""

    __tablename__ = "products"

    sku: Mapped[str] = mapped_column(String(64))
    sku_key: Mapped[str | None] = mapped_column(String(200), default=_key_of_sku)
    """What all spellings of the SKU share (``webapp.domain.codes.code_key``)."""
    sku_twin: Mapped[int] = mapped_column(server_default="0", default=0)
    """0; 1, 2, … for products from before this rule whose SKUs differ from an older one only in their spelling."""
    gtin: Mapped[str | None] = mapped_column(Gtin(14))
    name: Mapped[str] = mapped_column(String(255))
    is_placeholder: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    picture: Mapped[str | None] = mapped_column(String(80))
    """A file name in the store's picture folder."""
    has_place: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    """Whether it ever had a place; a trigger sets it with the first one."""
    weight_grams: Mapped[int | None] = mapped_column(BigInt)
    """Of one unit."""
    hs_code: Mapped[str | None] = mapped_column(String(10))
    origin_country: Mapped[str | None] = mapped_column(String(2))
    """ISO 3166: where it was made."""
    retired_by: Mapped[str | None] = mapped_column(String(64))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["stores.id"]),
        UniqueConstraint("store_id", "sku"),
        Index("uq_products_sku_key", "store_id", "sku_key", "sku_twin", unique=True),
        CheckConstraint(
            f"(is_placeholder AND gtin = '{PLACEHOLDER_GTIN}') "
            f"OR (NOT is_placeholder AND (gtin IS NULL OR gtin <> '{PLACEHOLDER_GTIN}'))",
            name="placeholder_gtin",
        ),
        CheckConstraint("weight_grams > 0", name="weight_positive"),
        CheckConstraint("length(origin_country) = 2", name="origin_of_two_letters"),
        CheckConstraint("weight_grams IS NULL OR typeof(weight_grams) = 'integer'", name="weight_grams_whole").ddl_if(
            dialect="sqlite"
        ),
        CheckConstraint("(retired_by IS NULL) = (retired_at IS NULL)", name="retired_by_somebody"),
        CheckConstraint("NOT is_placeholder OR retired_at IS NULL", name="placeholder_stays"),
        Index("ix_products_store_id_gtin", "store_id", "gtin"),
        _where("ix_products_without_place", "store_id", "sku", predicate="NOT has_place"),
        _where("ix_products_retired", "store_id", "sku", predicate="retired_at IS NOT NULL"),
        Index(
            "uq_products_placeholder",
            "store_id",
            unique=True,
            postgresql_where=text("is_placeholder"),
            sqlite_where=text("is_placeholder"),
        ),
    )


class Inventory(PlaceUnits, TenantKey, Base):
    """One product at one place: units on hand and units reserved; available is derived."""

    __tablename__ = "inventory"

    product_id: Mapped[int] = mapped_column(BigInt)
    warehouse: Mapped[str] = mapped_column(String(64), server_default=MAIN_WAREHOUSE, default=MAIN_WAREHOUSE)
    location: Mapped[str] = mapped_column(String(64))
    quantity: Mapped[int] = mapped_column(BigInt, server_default="0", default=0)
    reserved_quantity: Mapped[int] = mapped_column(BigInt, server_default="0", default=0)
    last_seq: Mapped[int] = mapped_column(BigInt, server_default="0", default=0)
    """``seq`` of this row's newest ledger entry; read and raised under this row's lock."""
    count_cause: Mapped[CountCause | None] = mapped_column(stored_enum(CountCause, "count_cause_known"))
    """Why a manager is asked to count the place; None if nobody asks."""
    count_asked_by: Mapped[str | None] = mapped_column(String(64))
    count_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_short: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    """Reported short: nothing is reserved here until more arrives or somebody counts."""

    __table_args__ = (
        ForeignKeyConstraint(["store_id", "product_id"], ["products.store_id", "products.id"]),
        UniqueConstraint("store_id", "product_id", "warehouse", "location"),
        CheckConstraint("reserved_quantity >= 0 AND reserved_quantity <= quantity", name="reserved_within_on_hand"),
        CheckConstraint("(count_cause IS NULL) = (count_asked_by IS NULL)", name="count_asked_by_somebody"),
        CheckConstraint("(count_cause IS NULL) = (count_asked_at IS NULL)", name="count_asked_at_some_time"),
        CheckConstraint("NOT is_short OR count_cause IS NOT NULL", name="short_until_counted"),
        *whole_numbers("quantity", "reserved_quantity"),
        _where("ix_inventory_reserved", "store_id", "product_id", predicate="reserved_quantity > 0"),
        _where("ix_inventory_empty", "store_id", "product_id", predicate="quantity = 0"),
        _where("ix_inventory_to_count", "store_id", "product_id", predicate="count_cause IS NOT NULL"),
    )


class ProductSearchWord(Base):
    """A word by which a product is found (SKU, GTIN, name), in lower case."""

    __tablename__ = "product_search_words"

    store_id: Mapped[int] = mapped_column(BigInt)
    word: Mapped[str] = mapped_column(String(64, collation="C").with_variant(String(64), "sqlite"))
    product_id: Mapped[int] = mapped_column(BigInt)
    __table_args__ = (
        PrimaryKeyConstraint("store_id", "word", "product_id"),
        ForeignKeyConstraint(["store_id", "product_id"], ["products.store_id", "products.id"]),
    )
