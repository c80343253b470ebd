"""Lines with neither GTIN nor SKU are matched by their name in their channel, whatever its spelling."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from webapp.database.definitions import rewrite_definition
from webapp.database.stored_enums import change_kinds
from webapp.domain.unknown_lines import NO_GTIN, NO_SKU, key_of_line

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

CHUNK: Final = 5_000
NAMED = sa.text("name_key IS NOT NULL")
CONSTRAINTS = (
    "CONSTRAINT fk_matches_store_id_channel_id FOREIGN KEY(store_id, channel_id) REFERENCES channels (store_id, id)",
    "CONSTRAINT ck_matches_names_of_channels CHECK (kind <> 'name' OR channel_id IS NOT NULL)",
)

items = sa.table("order_items", *map(sa.column, ("store_id", "id", "gtin", "sku", "product_name", "name_key")))


def upgrade() -> None:
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    change_kinds(connection, "matches", "kind", ["gtin", "sku", "name", "item"])
    op.execute(f"ALTER TABLE matches ADD COLUMN channel_id {'INTEGER' if sqlite else 'BIGINT'}")
    if sqlite:
        added = ", ".join(CONSTRAINTS)
        rewrite_definition(connection, "matches", lambda text: f"{text.rstrip().removesuffix(')')}, {added})")
    else:
        op.execute(f"ALTER TABLE matches {', '.join(f'ADD {constraint}' for constraint in CONSTRAINTS)}")
    op.execute("ALTER TABLE order_items ADD COLUMN name_key VARCHAR(32)")
    _fill()
    op.create_index(
        "ix_order_items_name",
        "order_items",
        ["store_id", "name_key", "order_id"],
        postgresql_where=NAMED,
        sqlite_where=NAMED,
    )


def downgrade() -> None:
    """Take the names away. Raises KindInUse if one was matched: the history of its lines names the match."""
    connection = op.get_bind()
    change_kinds(connection, "matches", "kind", ["gtin", "sku", "item"])
    op.drop_index("ix_order_items_name", table_name="order_items")
    op.drop_column("order_items", "name_key")
    if connection.dialect.name == "sqlite":
        added = ", ".join(CONSTRAINTS)
        rewrite_definition(connection, "matches", lambda text: text.replace(f", {added}", ""))
    else:
        names = [constraint.split()[1] for constraint in CONSTRAINTS]
        op.execute(f"ALTER TABLE matches {', '.join(f'DROP CONSTRAINT {name}' for name in names)}")
    op.drop_column("matches", "channel_id")


def _fill() -> None:
    """Store the keys of the lines that there are, some thousand at a time."""
    connection = op.get_bind()
    without_code = sa.and_(sa.func.coalesce(items.c.gtin, "").in_(NO_GTIN), items.c.sku.in_(NO_SKU))
    read = sa.select(items.c.store_id, items.c.id, items.c.product_name).where(without_code, items.c.product_name != "")
    after: tuple[int, int] = (0, 0)
    while True:
        beyond = sa.or_(items.c.store_id > after[0], sa.and_(items.c.store_id == after[0], items.c.id > after[1]))
        rows = connection.execute(read.where(beyond).order_by(items.c.store_id, items.c.id).limit(CHUNK)).all()
        if not rows:
            return
        connection.execute(
            items.update()
            .where(items.c.store_id == sa.bindparam("of_store"), items.c.id == sa.bindparam("of_id"))
            .values(name_key=sa.bindparam("key")),
            [
                {"of_store": row.store_id, "of_id": row.id, "key": key_of_line(None, "", row.product_name)}
                for row in rows
            ],
        )
        after = (rows[-1].store_id, rows[-1].id)
