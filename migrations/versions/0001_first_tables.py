"""First tables: stores and people, products and stock, orders, shipments, the ledger."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def tenant_table(name: str, *parts: Any) -> None:
    """Create a table keyed by (store_id, id).

    PostgreSQL: the pair is the primary key. SQLite: ``id`` is the rowid, since SQLite numbers nothing else, and the
    pair is unique, as composite foreign keys need.
    """
    if on_sqlite():
        op.create_table(
            name,
            sa.Column("store_id", sa.Integer(), nullable=False),
            sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
            *parts,
            sa.UniqueConstraint("store_id", "id", name=f"tenant_key_{name}"),
            sqlite_autoincrement=True,
        )
    else:
        op.create_table(
            name,
            sa.Column("store_id", sa.BigInteger(), nullable=False),
            sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
            *parts,
            sa.PrimaryKeyConstraint("store_id", "id", name=f"pk_{name}"),
        )


def whole(*columns: str) -> list[sa.CheckConstraint]:
    """Return checks that refuse fractions and text: SQLite's INTEGER columns accept both."""
    if not on_sqlite():
        return []
    return [sa.CheckConstraint(f"typeof({c}) = 'integer'", name=f"{c}_whole") for c in columns]


def upgrade() -> None:
    op.create_table(
        "stores",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("ship_within_hours", sa.Integer(), server_default="48", nullable=False),
        sa.Column("created_at", WHEN, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stores"),
        sa.UniqueConstraint("code", name="uq_stores_code"),
    )
    op.create_table(
        "users",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("session_epoch", sa.Integer(), server_default="1", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", WHEN, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("username", name="uq_users_username"),
    )
    tenant_table(
        "api_tokens",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "packer",
                "manager",
                "supervisor",
                "admin",
                name="role_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", WHEN, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("revoked_at", WHEN, nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_api_tokens_store_id"),
        sa.UniqueConstraint("store_id", "token_hash", name="uq_api_tokens_store_id_token_hash"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("store_id", BIG, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("operation_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.Integer(), server_default="200", nullable=False),
        sa.Column("result", DOCUMENT, nullable=True),
        sa.Column("created_at", WHEN, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.CheckConstraint("actor <> ''", name="has_actor"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_idempotency_keys_store_id"),
        sa.PrimaryKeyConstraint("store_id", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_age", "idempotency_keys", ["store_id", "created_at"])
    op.create_index("ix_idempotency_keys_operation", "idempotency_keys", ["store_id", "operation_id"])

    tenant_table(
        "memberships",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "packer",
                "manager",
                "supervisor",
                "admin",
                name="role_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_memberships_store_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_memberships_user_id"),
        sa.UniqueConstraint("store_id", "user_id", name="uq_memberships_store_id_user_id"),
    )
    op.create_index("ix_memberships_user_id", "memberships", ["user_id"])

    tenant_table(
        "orders",
        sa.Column("order_number", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), server_default=sa.text("''"), nullable=False),
        sa.Column("customer_name", sa.String(length=200), server_default=sa.text("''"), nullable=False),
        sa.Column("ordered_at", WHEN, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("ship_by", WHEN, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "processing",
                "partially_shipped",
                "shipped",
                "delivered",
                "cancelled",
                "refunded",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="pending",
            nullable=False,
        ),
        sa.Column("version", BIG, server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_orders_store_id"),
        sa.UniqueConstraint("store_id", "order_number", name="uq_orders_store_id_order_number"),
    )
    op.create_index("ix_orders_newest", "orders", ["store_id", "ordered_at", "id"])
    op.create_index(
        "ix_orders_queue",
        "orders",
        ["store_id", "ship_by", "id"],
        postgresql_where=sa.text("status IN ('pending', 'processing', 'partially_shipped')"),
        sqlite_where=sa.text("status IN ('pending', 'processing', 'partially_shipped')"),
    )
    op.create_index("ix_orders_status", "orders", ["store_id", "status", "ship_by", "id"])

    tenant_table(
        "products",
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("is_placeholder", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "(is_placeholder AND gtin = '0000000000000') OR (NOT is_placeholder AND (gtin IS NULL OR gtin <> '0000000000000'))",
            name="placeholder_gtin",
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_products_store_id"),
        sa.UniqueConstraint("store_id", "sku", name="uq_products_store_id_sku"),
    )
    op.create_index("ix_products_store_id_gtin", "products", ["store_id", "gtin"])
    op.create_index(
        "uq_products_placeholder",
        "products",
        ["store_id"],
        unique=True,
        postgresql_where=sa.text("is_placeholder"),
        sqlite_where=sa.text("is_placeholder"),
    )

    op.create_table(
        "gtin_matches",
        sa.Column("store_id", BIG, nullable=False),
        sa.Column("gtin", sa.String(length=64), nullable=False),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("matched_by", sa.String(length=64), nullable=False),
        sa.Column("matched_at", WHEN, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["products.store_id", "products.id"],
            name="fk_gtin_matches_store_id_product_id",
        ),
        sa.PrimaryKeyConstraint("store_id", "gtin", name="pk_gtin_matches"),
    )
    tenant_table(
        "inventory",
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("warehouse", sa.String(length=64), server_default="main", nullable=False),
        sa.Column("location", sa.String(length=64), nullable=False),
        sa.Column("quantity", BIG, server_default="0", nullable=False),
        sa.Column("reserved_quantity", BIG, server_default="0", nullable=False),
        sa.Column("last_seq", BIG, server_default="0", nullable=False),
        sa.CheckConstraint("reserved_quantity >= 0 AND reserved_quantity <= quantity", name="reserved_within_on_hand"),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["products.store_id", "products.id"],
            name="fk_inventory_store_id_product_id",
        ),
        sa.UniqueConstraint(
            "store_id",
            "product_id",
            "warehouse",
            "location",
            name="uq_inventory_store_id_product_id_warehouse_location",
        ),
        *whole("quantity", "reserved_quantity"),
    )
    tenant_table(
        "order_items",
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), server_default="1", nullable=False),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("product_name", sa.String(length=255), server_default=sa.text("''"), nullable=False),
        sa.Column("sku", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("gtin", sa.String(length=64), nullable=True),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("shipped_quantity", BIG, server_default="0", nullable=False),
        sa.Column("cancelled_quantity", BIG, server_default="0", nullable=False),
        sa.Column("returned_quantity", BIG, server_default="0", nullable=False),
        sa.Column("changed_in_version", BIG, server_default="1", nullable=False),
        sa.CheckConstraint("cancelled_quantity >= 0", name="cancelled_not_negative"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.CheckConstraint(
            "returned_quantity >= 0 AND returned_quantity <= shipped_quantity", name="returned_within_shipped"
        ),
        sa.CheckConstraint("shipped_quantity + cancelled_quantity <= quantity", name="within_ordered"),
        sa.CheckConstraint("shipped_quantity >= 0", name="shipped_not_negative"),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.store_id", "orders.id"],
            name="fk_order_items_store_id_order_id",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["products.store_id", "products.id"],
            name="fk_order_items_store_id_product_id",
        ),
        *whole("cancelled_quantity", "quantity", "returned_quantity", "shipped_quantity"),
    )
    op.create_index("ix_order_items_gtin", "order_items", ["store_id", "gtin", "order_id"])
    op.create_index(
        "ix_order_items_left",
        "order_items",
        ["store_id", "product_id", "order_id"],
        postgresql_where=sa.text("shipped_quantity + cancelled_quantity < quantity"),
        sqlite_where=sa.text("shipped_quantity + cancelled_quantity < quantity"),
    )
    op.create_index("ix_order_items_order", "order_items", ["store_id", "order_id", "position"])
    op.create_index("ix_order_items_sku", "order_items", ["store_id", "sku", "order_id"])

    op.create_table(
        "order_search_words",
        sa.Column("store_id", BIG, nullable=False),
        sa.Column(
            "word",
            sa.String(length=64, collation="C").with_variant(sa.String(length=64), "sqlite"),
            nullable=False,
        ),
        sa.Column("order_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.store_id", "orders.id"],
            name="fk_order_search_words_store_id_order_id",
        ),
        sa.PrimaryKeyConstraint("store_id", "word", "order_id", name="pk_order_search_words"),
    )
    tenant_table(
        "shipments",
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("carrier", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("tracking_number", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("packed_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", WHEN, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("closed_at", WHEN, nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"], ["orders.store_id", "orders.id"], name="fk_shipments_store_id_order_id"
        ),
    )
    op.create_index("ix_shipments_order", "shipments", ["store_id", "order_id"])
    op.create_index("ix_shipments_packed_by", "shipments", ["store_id", "packed_by", "order_id"])

    tenant_table(
        "allocations",
        sa.Column("order_item_id", BIG, nullable=False),
        sa.Column("inventory_id", BIG, nullable=False),
        sa.Column("quantity", BIG, server_default="0", nullable=False),
        sa.CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        sa.ForeignKeyConstraint(
            ["store_id", "inventory_id"],
            ["inventory.store_id", "inventory.id"],
            name="fk_allocations_store_id_inventory_id",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_item_id"],
            ["order_items.store_id", "order_items.id"],
            name="fk_allocations_store_id_order_item_id",
        ),
        sa.UniqueConstraint(
            "store_id",
            "order_item_id",
            "inventory_id",
            name="uq_allocations_store_id_order_item_id_inventory_id",
        ),
        *whole("quantity"),
    )
    op.create_index(
        "ix_allocations_held",
        "allocations",
        ["store_id", "inventory_id"],
        postgresql_where=sa.text("quantity > 0"),
        sqlite_where=sa.text("quantity > 0"),
    )

    tenant_table(
        "order_events",
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("order_item_id", BIG, nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "imported",
                "status_changed",
                "reserved",
                "released",
                "shipped",
                "shipment_undone",
                "item_cancelled",
                "cancelled",
                "returned",
                "written_off",
                "found_on_shelf",
                "short_picked",
                "backorder_filled",
                "item_matched",
                "stock_skipped",
                "exception_closed",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), server_default=sa.text("''"), nullable=False),
        sa.Column("details", DOCUMENT, nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", WHEN, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.CheckConstraint("actor <> ''", name="has_actor"),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.store_id", "orders.id"],
            name="fk_order_events_store_id_order_id",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_item_id"],
            ["order_items.store_id", "order_items.id"],
            name="fk_order_events_store_id_order_item_id",
        ),
    )
    op.create_index("ix_order_events_order", "order_events", ["store_id", "order_id", "id"])

    tenant_table(
        "shipment_lines",
        sa.Column("shipment_id", BIG, nullable=False),
        sa.Column("order_item_id", BIG, nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("operation_id", sa.String(length=32), nullable=False),
        sa.Column("shipped_by", sa.String(length=64), nullable=False),
        sa.Column("shipped_at", WHEN, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.Column("undone_at", WHEN, nullable=True),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.ForeignKeyConstraint(
            ["store_id", "order_item_id"],
            ["order_items.store_id", "order_items.id"],
            name="fk_shipment_lines_store_id_order_item_id",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "shipment_id"],
            ["shipments.store_id", "shipments.id"],
            name="fk_shipment_lines_store_id_shipment_id",
        ),
        *whole("quantity"),
    )
    op.create_index("ix_shipment_lines_item", "shipment_lines", ["store_id", "order_item_id"])
    op.create_index("ix_shipment_lines_shipment", "shipment_lines", ["store_id", "shipment_id"])

    tenant_table(
        "stock_exceptions",
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("order_item_id", BIG, nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "placeholder_product",
                "no_inventory",
                "insufficient_inventory",
                "short_pick",
                name="cause_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "closed", name="state_known", native_enum=False, create_constraint=True, length=32),
            server_default="open",
            nullable=False,
        ),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("opened_at", WHEN, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("closed_by", sa.String(length=64), nullable=True),
        sa.Column("closed_at", WHEN, nullable=True),
        sa.Column("resolution", sa.String(length=500), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("state = 'open' OR closed_by IS NOT NULL", name="closed_by_somebody"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.store_id", "orders.id"],
            name="fk_stock_exceptions_store_id_order_id",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_item_id"],
            ["order_items.store_id", "order_items.id"],
            name="fk_stock_exceptions_store_id_order_item_id",
        ),
        *whole("quantity"),
    )
    op.create_index(
        "ix_stock_exceptions_open_order",
        "stock_exceptions",
        ["store_id", "order_id", "id"],
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_stock_exceptions_open",
        "stock_exceptions",
        ["store_id", "order_item_id", "cause"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )

    tenant_table(
        "inventory_transactions",
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("inventory_id", BIG, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("allocation_id", BIG, nullable=True),
        sa.Column(
            "transaction_type",
            sa.Enum(
                "reserve",
                "fulfill",
                "release",
                "adjust",
                "set",
                "import",
                "return",
                name="type_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("quantity_change", BIG, nullable=False),
        sa.Column("reserved_change", BIG, nullable=False),
        sa.Column("quantity_after", BIG, nullable=False),
        sa.Column("reserved_after", BIG, nullable=False),
        sa.Column("location", sa.String(length=64), nullable=False),
        sa.Column("warehouse", sa.String(length=64), nullable=False),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("order_item_id", BIG, nullable=True),
        sa.Column("order_number", sa.String(length=64), nullable=True),
        sa.Column("reverses_id", BIG, nullable=True),
        sa.Column("operation_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=500), server_default=sa.text("''"), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", WHEN, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.CheckConstraint("created_by <> ''", name="has_actor"),
        sa.CheckConstraint("reserved_after >= 0 AND reserved_after <= quantity_after", name="reserved_within_on_hand"),
        sa.CheckConstraint("seq > 0", name="seq_positive"),
        sa.ForeignKeyConstraint(
            ["store_id", "allocation_id"],
            ["allocations.store_id", "allocations.id"],
            name="fk_inventory_transactions_store_id_allocation_id",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "inventory_id"],
            ["inventory.store_id", "inventory.id"],
            name="fk_inventory_transactions_store_id_inventory_id",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.store_id", "orders.id"],
            name="fk_inventory_transactions_store_id_order_id",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_item_id"],
            ["order_items.store_id", "order_items.id"],
            name="fk_inventory_transactions_store_id_order_item_id",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["products.store_id", "products.id"],
            name="fk_inventory_transactions_store_id_product_id",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "reverses_id"],
            ["inventory_transactions.store_id", "inventory_transactions.id"],
            name="fk_inventory_transactions_store_id_reverses_id",
        ),
        sa.UniqueConstraint(
            "store_id", "inventory_id", "seq", name="uq_inventory_transactions_store_id_inventory_id_seq"
        ),
        *whole("quantity_after", "quantity_change", "reserved_after", "reserved_change", "seq"),
    )
    op.create_index("ix_inventory_transactions_operation", "inventory_transactions", ["store_id", "operation_id"])
    op.create_index(
        "ix_inventory_transactions_order",
        "inventory_transactions",
        ["store_id", "order_id", "created_at", "id"],
    )
    op.create_index(
        "ix_inventory_transactions_product",
        "inventory_transactions",
        ["store_id", "product_id", "created_at", "id"],
    )
    op.create_index(
        "uq_inventory_transactions_reverses",
        "inventory_transactions",
        ["store_id", "reverses_id"],
        unique=True,
    )


def downgrade() -> None:
    for table in (
        "inventory_transactions",
        "stock_exceptions",
        "shipment_lines",
        "order_events",
        "allocations",
        "shipments",
        "order_search_words",
        "order_items",
        "inventory",
        "gtin_matches",
        "products",
        "orders",
        "memberships",
        "idempotency_keys",
        "api_tokens",
        "users",
        "stores",
    ):
        op.drop_table(table)
