"""Orders, their items, and the items' allocations."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    FromClause,
    Index,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.domain.clock import utc_now
from webapp.domain.holds import Hold
from webapp.domain.packs import MOST_UNITS
from webapp.domain.parcel_data import MOST_CHARACTERS, OF_THE_PERSON
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.domain.units import ItemUnits
from webapp.domain.unknown_lines import key_of_line
from webapp.models.base import Base, BigInt, Gtin, Price, TenantKey, UtcDateTime, stored_enum, whole_numbers
from webapp.models.product import Product

_OPEN = text(f"status IN ({', '.join(repr(str(status)) for status in OPEN_STATUSES)})")
_TO_SHIP = text(f"{_OPEN.text} AND hold IS NULL")
_ON_HOLD = text(f"{_OPEN.text} AND hold IS NOT NULL")
_LEFT = text("quantity > shipped_quantity + cancelled_quantity")
"""The column must come first: SQLite rewrites ``a + b < c`` before it looks for an index, and would not find this
one."""
_FOLLOWING = text("match_id IS NOT NULL AND quantity > shipped_quantity + cancelled_quantity")
_NAMED = text("name_key IS NOT NULL")
_HELD = text("quantity > 0")

_BLANK = "''"
_LETTERS = ", ".join(f"'{letter}'" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_TWO_LETTERS = " AND ".join(f"substr(ship_to_country, {place}, 1) IN ({_LETTERS})" for place in (1, 2))


def _text() -> Mapped[str]:
    """Return a column of parcel data. A CHECK limits it: SQLite ignores the length of a type."""
    return mapped_column(Text, server_default=text("''"), default="")


def _number(context: DefaultExecutionContext) -> str:
    return str(context.get_current_parameters()["order_number"])  # type: ignore[no-untyped-call]


def _key_of_name(context: DefaultExecutionContext) -> str | None:
    line = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return key_of_line(line.get("gtin"), line.get("sku") or "", line.get("product_name") or "")


class Order(TenantKey, Base):
    """A customer's order as it came from a channel."""

    __tablename__ = "orders"

    order_number: Mapped[str] = mapped_column(String(64))
    channel_id: Mapped[int] = mapped_column(BigInt)
    external_id: Mapped[str] = mapped_column(String(64), default=_number)
    """What the channel calls the order; its number, if the channel's files have no ids."""
    upstream_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the shop changed the order last, as the newest file that was followed says."""
    upstream_changes: Mapped[int] = mapped_column(BigInt, server_default="0", default=0)
    """How often the shop's changes were followed. A screen that was drawn before the last one ships nothing."""
    hold: Mapped[Hold | None] = mapped_column(stored_enum(Hold, "hold_known"))
    """Why nobody ships it yet; None if it is not on hold."""
    upstream_hold: Mapped[Hold | None] = mapped_column(stored_enum(Hold, "upstream_hold_known"))
    """What the shop said last about it: a manager's release stays until the shop says something else."""
    customer_name: Mapped[str] = mapped_column(String(200), server_default=text("''"), default="")
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    ship_by: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    status: Mapped[OrderStatus] = mapped_column(
        stored_enum(OrderStatus, "status_known"),
        default=OrderStatus.PENDING,
        server_default=OrderStatus.PENDING,
    )
    version: Mapped[int] = mapped_column(BigInt, server_default="1", default=1)
    """Raised by one with every change of the order, its items or its allocations; screens compare it."""
    ship_to_name: Mapped[str] = _text()
    ship_to_company: Mapped[str] = _text()
    ship_to_lines: Mapped[str] = _text()
    ship_to_postcode: Mapped[str] = _text()
    ship_to_city: Mapped[str] = _text()
    ship_to_region: Mapped[str] = _text()
    ship_to_country: Mapped[str] = _text()
    phone: Mapped[str] = _text()
    email: Mapped[str] = _text()
    language: Mapped[str] = _text()
    shipping_method: Mapped[str] = _text()
    customer_note: Mapped[str] = _text()
    packing_note: Mapped[str] = _text()
    gift_text: Mapped[str] = _text()
    """Parcel data: see ``webapp.domain.parcel_data``."""
    currency: Mapped[str] = mapped_column(String(3), server_default=text("''"), default="")
    """Of the lines' prices: ISO 4217; blank if the shop did not say it."""
    packing_note_read_by: Mapped[str | None] = mapped_column(String(64))
    packing_note_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Who confirmed that the packing note was read; nobody ships from a screen before that."""
    person_erased_by: Mapped[str | None] = mapped_column(String(64))
    person_erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Who erased the customer's name and the parcel data; the order never has them again."""

    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["stores.id"]),
        ForeignKeyConstraint(["store_id", "channel_id"], ["channels.store_id", "channels.id"]),
        UniqueConstraint("store_id", "channel_id", "external_id"),
        UniqueConstraint("store_id", "order_number", "channel_id"),
        *(CheckConstraint(f"length({name}) <= {most}", name=f"{name}_fits") for name, most in MOST_CHARACTERS.items()),
        CheckConstraint(
            f"ship_to_country = '' OR (length(ship_to_country) = 2 AND {_TWO_LETTERS})", name="ship_to_country_code"
        ),
        CheckConstraint("currency = '' OR length(currency) = 3", name="currency_code"),
        CheckConstraint(
            "(packing_note_read_by IS NULL) = (packing_note_read_at IS NULL)", name="note_read_by_somebody"
        ),
        CheckConstraint("(person_erased_by IS NULL) = (person_erased_at IS NULL)", name="person_erased_by_somebody"),
        CheckConstraint(
            f"person_erased_at IS NULL OR ({' AND '.join(f'{name} = {_BLANK}' for name in OF_THE_PERSON)})",
            name="person_stays_erased",
        ),
        Index("ix_orders_queue", "store_id", "ship_by", "id", postgresql_where=_TO_SHIP, sqlite_where=_TO_SHIP),
        Index(
            "ix_orders_held",
            "store_id",
            "status",
            "ship_by",
            "id",
            "hold",
            postgresql_where=_ON_HOLD,
            sqlite_where=_ON_HOLD,
        ),
        Index("ix_orders_status", "store_id", "status", "ship_by", "id"),
        Index("ix_orders_newest", "store_id", "ordered_at", "id"),
    )


def note_is_unread(orders: FromClause) -> ColumnElement[bool]:
    """Return the condition that an order's packing note must still be read; ``orders`` is the table or an alias."""
    return (orders.c.packing_note != literal_column("''")) & orders.c.packing_note_read_at.is_(None)


class OrderItem(ItemUnits, TenantKey, Base):
    """One line of an order, with the product's name, SKU and GTIN as they were when it was ordered."""

    __tablename__ = "order_items"

    order_id: Mapped[int] = mapped_column(BigInt)
    position: Mapped[int] = mapped_column(server_default="1", default=1)
    product_id: Mapped[int] = mapped_column(BigInt)
    product_name: Mapped[str] = mapped_column(String(255), server_default=text("''"), default="")
    sku: Mapped[str] = mapped_column(String(64), server_default=text("''"), default="")
    gtin: Mapped[str | None] = mapped_column(Gtin(64))
    quantity: Mapped[int] = mapped_column(BigInt)
    shipped_quantity: Mapped[int] = mapped_column(BigInt, server_default="0", default=0)
    cancelled_quantity: Mapped[int] = mapped_column(BigInt, server_default="0", default=0)
    returned_quantity: Mapped[int] = mapped_column(BigInt, server_default="0", default=0)
    line_id: Mapped[str] = mapped_column(String(64), server_default=text("''"), default="")
    """What the channel calls the line; blank if its files do not say it."""
    upstream_quantity: Mapped[int | None] = mapped_column(BigInt)
    """Units that the shop said last; None while they are those of the first file."""
    unit_price: Mapped[Decimal | None] = mapped_column(Price)
    """What the shop asks for one unit as it counts them, as it said last; None if it did not say."""
    name_key: Mapped[str | None] = mapped_column(String(32), default=_key_of_name)
    """What all spellings of the name share, on a line with neither GTIN nor SKU: it is matched by its name."""
    match_id: Mapped[int | None] = mapped_column(BigInt)
    """The match by which the line has its product; None if it has it by its own codes, or has none."""
    pack_units: Mapped[int] = mapped_column(BigInt, server_default="1", default=1)
    """Units of the product in one unit that the shop counts. All other columns are in units of the product."""
    changed_in_version: Mapped[int] = mapped_column(BigInt, server_default="1", default=1)
    """The order's version that last changed this item; a poll sends only items newer than the screen's."""

    product: Mapped[Product] = relationship(viewonly=True, lazy="raise")

    @classmethod
    def has_units_left(cls) -> ColumnElement[bool]:
        """Return the condition that units are neither shipped nor cancelled, written as in ``ix_order_items_left``."""
        return cls.quantity > cls.shipped_quantity + cls.cancelled_quantity

    __table_args__ = (
        ForeignKeyConstraint(["store_id", "order_id"], ["orders.store_id", "orders.id"]),
        ForeignKeyConstraint(["store_id", "product_id"], ["products.store_id", "products.id"]),
        ForeignKeyConstraint(["store_id", "match_id"], ["matches.store_id", "matches.id"]),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("shipped_quantity >= 0", name="shipped_not_negative"),
        CheckConstraint("cancelled_quantity >= 0", name="cancelled_not_negative"),
        CheckConstraint("shipped_quantity + cancelled_quantity <= quantity", name="within_ordered"),
        CheckConstraint(
            "returned_quantity >= 0 AND returned_quantity <= shipped_quantity", name="returned_within_shipped"
        ),
        CheckConstraint("unit_price >= 0 AND unit_price < 1000000000000000000", name="unit_price_in_range"),
        CheckConstraint(f"pack_units >= 1 AND pack_units <= {MOST_UNITS}", name="pack_units_in_range"),
        CheckConstraint("unit_price IS NULL OR typeof(unit_price) = 'integer'", name="unit_price_whole").ddl_if(
            dialect="sqlite"
        ),
        *whole_numbers("quantity", "shipped_quantity", "cancelled_quantity", "returned_quantity"),
        Index("ix_order_items_order", "store_id", "order_id", "position"),
        Index(
            "ix_order_items_left",
            "store_id",
            "product_id",
            "order_id",
            postgresql_where=_LEFT,
            sqlite_where=_LEFT,
        ),
        Index("ix_order_items_match", "store_id", "match_id", postgresql_where=_FOLLOWING, sqlite_where=_FOLLOWING),
        Index("ix_order_items_name", "store_id", "name_key", "order_id", postgresql_where=_NAMED, sqlite_where=_NAMED),
        Index("ix_order_items_sku", "store_id", "sku", "order_id"),
        Index("ix_order_items_gtin", "store_id", "gtin", "order_id"),
    )

    @property
    def is_placeholder(self) -> bool:
        """Return whether the line waits to be matched to a product; ``product`` must be loaded."""
        return self.product.is_placeholder


class Allocation(TenantKey, Base):
    """One order item's allocation of one inventory row. It stays at 0, because ledger rows refer to it."""

    __tablename__ = "allocations"

    order_item_id: Mapped[int] = mapped_column(BigInt)
    inventory_id: Mapped[int] = mapped_column(BigInt)
    quantity: Mapped[int] = mapped_column(BigInt, server_default="0", default=0)
    """Units still reserved."""

    __table_args__ = (
        ForeignKeyConstraint(["store_id", "order_item_id"], ["order_items.store_id", "order_items.id"]),
        ForeignKeyConstraint(["store_id", "inventory_id"], ["inventory.store_id", "inventory.id"]),
        UniqueConstraint("store_id", "order_item_id", "inventory_id"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        *whole_numbers("quantity"),
        Index("ix_allocations_held", "store_id", "inventory_id", postgresql_where=_HELD, sqlite_where=_HELD),
    )


class OrderState(TenantKey, Base):
    """A state of an order in the shop that a file brought, as two hashes; the highest id is the newest one. An older
    one never comes back."""

    __tablename__ = "order_states"

    order_id: Mapped[int] = mapped_column(BigInt)
    goods: Mapped[str] = mapped_column(String(64))
    """Of everything but the person."""
    person: Mapped[str] = mapped_column(String(64))
    """Of the person's data; blank once they are erased."""
    newest_order_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The channel's when it came in: a file with a newer order is newer than it."""

    __table_args__ = (
        ForeignKeyConstraint(["store_id", "order_id"], ["orders.store_id", "orders.id"]),
        UniqueConstraint("store_id", "order_id", "goods", "person"),
    )


class OrderSearchWord(Base):
    """A word by which an order is found (its number, the customer's names), in lower case."""

    __tablename__ = "order_search_words"

    store_id: Mapped[int] = mapped_column(BigInt)
    word: Mapped[str] = mapped_column(String(64, collation="C").with_variant(String(64), "sqlite"))
    order_id: Mapped[int] = mapped_column(BigInt)
    __table_args__ = (
        PrimaryKeyConstraint("store_id", "word", "order_id"),
        ForeignKeyConstraint(["store_id", "order_id"], ["orders.store_id", "orders.id"]),
    )
