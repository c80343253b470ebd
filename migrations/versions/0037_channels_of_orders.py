"""Channels, and orders that are known by their channel: one number may stand in two channels of a store.

The texts of ``orders.channel`` become rows; texts that differ only in their spelling become one. On SQLite the unique
key of the numbers goes only with its table, so the table is made again from its own definition, which keeps every CHECK.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from webapp.domain.codes import code_key

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

channels = sa.table("channels", *map(sa.column, ("store_id", "id", "code", "code_key", "name", "kind")))
orders = sa.table("orders", *map(sa.column, ("store_id", "id", "order_number", "channel", "channel_id", "external_id")))

OLD_KEY = "CONSTRAINT uq_orders_store_id_order_number UNIQUE (store_id, order_number)"
NEW_KEYS = (
    "CONSTRAINT fk_orders_store_id_channel_id FOREIGN KEY (store_id, channel_id) REFERENCES channels (store_id, id)",
    "CONSTRAINT uq_orders_store_id_channel_id_external_id UNIQUE (store_id, channel_id, external_id)",
    "CONSTRAINT uq_orders_store_id_order_number_channel_id UNIQUE (store_id, order_number, channel_id)",
)
OLD_COLUMN = "channel VARCHAR(32) DEFAULT '' NOT NULL"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "channels",
        *_keys(sqlite),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("code_key", sa.String(200), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(32), server_default="file", nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_channels_store_id"),
        sa.UniqueConstraint("store_id", "code", name="uq_channels_store_id_code"),
        sa.CheckConstraint("kind IN ('file')", name=op.f("ck_channels_kind_known")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_channels_code_key", "channels", ["store_id", "code_key"], unique=True)
    op.execute(f"ALTER TABLE orders ADD COLUMN channel_id {'INTEGER' if sqlite else 'BIGINT'}")
    op.execute("ALTER TABLE orders ADD COLUMN external_id VARCHAR(64)")
    _make_channels()
    if sqlite:
        _make_again(
            [
                (OLD_KEY, ", ".join(NEW_KEYS)),
                ("channel_id INTEGER", "channel_id INTEGER NOT NULL"),
                ("external_id VARCHAR(64)", "external_id VARCHAR(64) NOT NULL"),
            ]
        )
    else:
        op.execute("ALTER TABLE orders ALTER COLUMN channel_id SET NOT NULL, ALTER COLUMN external_id SET NOT NULL")
        op.execute(f"ALTER TABLE orders DROP {OLD_KEY.split(' UNIQUE')[0]}")
        op.execute(f"ALTER TABLE orders {', '.join(f'ADD {key}' for key in NEW_KEYS)}")
        # Of indexes that seem equally good PostgreSQL takes the newest: for lists of a status it has to be this one.
        op.drop_index("ix_orders_status", table_name="orders")
        op.create_index("ix_orders_status", "orders", ["store_id", "status", "ship_by", "id"])
    op.drop_column("orders", "channel")


def downgrade() -> None:
    """Give the texts back. Raises RuntimeError if a number stands in two channels: the old tables cannot hold it."""
    connection = op.get_bind()
    same = sa.select(orders.c.order_number).group_by(orders.c.store_id, orders.c.order_number)
    if (number := connection.scalar(same.having(sa.func.count() > 1).limit(1))) is not None:
        raise RuntimeError(f"the order number {number!r} stands in two channels of a store")
    op.execute(f"ALTER TABLE orders ADD COLUMN {OLD_COLUMN}")
    code = (
        sa.select(channels.c.code)
        .where(channels.c.store_id == orders.c.store_id, channels.c.id == orders.c.channel_id)
        .scalar_subquery()
    )
    connection.execute(orders.update().values(channel=code))
    if connection.dialect.name == "sqlite":
        _make_again([(f", {key}", "") for key in NEW_KEYS[1:]] + [(NEW_KEYS[0], OLD_KEY)])
    else:
        op.execute(
            f"ALTER TABLE orders {', '.join('DROP CONSTRAINT ' + key.split()[1] for key in NEW_KEYS)}, ADD {OLD_KEY}"
        )
    op.drop_column("orders", "external_id")
    op.drop_column("orders", "channel_id")
    op.drop_table("channels")


def _keys(sqlite: bool) -> tuple[sa.schema.SchemaItem, ...]:
    """Return the key (store_id, id): the primary key, and on SQLite the rowid with a unique pair (ADR 0003)."""
    if sqlite:
        return (
            sa.Column("store_id", sa.Integer(), nullable=False),
            sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
            sa.UniqueConstraint("store_id", "id", name="tenant_key_channels"),
        )
    return (
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "id", name="pk_channels"),
    )


def _make_channels() -> None:
    """Make a channel of each text, one for its spellings, and point the orders to it."""
    connection = op.get_bind()
    texts = sa.select(orders.c.store_id, orders.c.channel).group_by(orders.c.store_id, orders.c.channel)
    first: dict[tuple[int, str], str] = {}
    rows = connection.execute(texts.order_by(orders.c.store_id, sa.func.min(orders.c.id))).all()
    for row in rows:
        first.setdefault((row.store_id, code_key(row.channel)), row.channel)
    if not first:
        return
    connection.execute(
        channels.insert(),
        [
            {"store_id": store_id, "code": code, "code_key": key, "name": code, "kind": "file"}
            for (store_id, key), code in first.items()
        ],
    )
    stored = connection.execute(sa.select(channels.c.store_id, channels.c.code_key, channels.c.id)).all()
    ids = {(row.store_id, row.code_key): row.id for row in stored}
    connection.execute(
        orders.update()
        .where(orders.c.store_id == sa.bindparam("of_store"), orders.c.channel == sa.bindparam("text"))
        .values(channel_id=sa.bindparam("of_channel"), external_id=orders.c.order_number),
        [
            {"of_store": row.store_id, "text": row.channel, "of_channel": ids[row.store_id, code_key(row.channel)]}
            for row in rows
        ],
    )


def _make_again(changes: Iterable[tuple[str, str]]) -> None:
    """Make the table ``orders`` again with parts of its definition replaced, with its rows and its indexes.

    Raises ValueError where a part is not written as expected.
    """
    connection = op.get_bind()
    stored = connection.exec_driver_sql(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'orders' AND sql IS NOT NULL"
    ).all()
    (definition,) = (sql for kind, sql in stored if kind == "table")
    for old, new in changes:
        definition, count = re.subn(
            re.escape(old).replace(r"\ ", r"\s*") + r"(?=\s*[,)])", lambda _, n=new: n, definition
        )
        if count != 1:
            raise ValueError(f"{old} is not written in orders as expected")
    definition = re.sub(r'^CREATE TABLE "?orders"?', "CREATE TABLE orders_again", definition)
    connection.exec_driver_sql(definition)
    names = ", ".join(row.name for row in connection.exec_driver_sql("PRAGMA table_info(orders)"))
    connection.exec_driver_sql(f"INSERT INTO orders_again ({names}) SELECT {names} FROM orders")
    connection.exec_driver_sql("DROP TABLE orders")
    connection.exec_driver_sql("ALTER TABLE orders_again RENAME TO orders")
    for kind, sql in stored:
        if kind != "table":
            connection.exec_driver_sql(sql)
