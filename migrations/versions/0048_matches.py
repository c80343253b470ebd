"""Matches as rows of their own, which the lines of orders name. Remembered GTINs become such rows.

Merges of products name the matches that they moved.

Of lines that were matched before, the open ones with a remembered GTIN name its match; of the others nothing is known.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from webapp.database.definitions import rewrite_definition
from webapp.domain.codes import fold_code, shown_gtin

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

FOREIGN_KEY = (
    "CONSTRAINT fk_order_items_store_id_match_id FOREIGN KEY(store_id, match_id) REFERENCES matches (store_id, id)"
)
TIME = sa.DateTime(timezone=True)
NOW = sa.text("CURRENT_TIMESTAMP")
REMEMBERED = sa.text("is_remembered")
FOLLOWING = sa.text("match_id IS NOT NULL AND quantity > shipped_quantity + cancelled_quantity")

events = sa.table("order_events", *map(sa.column, ("id", "kind", "details")))
gtins = sa.table("gtin_matches", *map(sa.column, ("store_id", "gtin", "product_id", "matched_by", "matched_at")))
matches = sa.table(
    "matches",
    *map(
        sa.column,
        (
            *("id", "store_id", "kind", "code", "match_key", "folded"),
            *("product_id", "is_remembered", "matched_by", "matched_at"),
        ),
    ),
)
merges = sa.table(
    "product_merges",
    *map(sa.column, ("store_id", "id", "undone_at")),
    sa.column("details", sa.JSON().with_variant(JSONB(), "postgresql")),
)


def upgrade() -> None:
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    big = sa.Integer() if sqlite else sa.BigInteger()
    op.create_table(
        "matches",
        *_keys(sqlite),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("code", sa.String(255), nullable=False),
        sa.Column("match_key", sa.String(200), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("product_id", big, nullable=False),
        sa.Column("is_remembered", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("matched_by", sa.String(64), nullable=False),
        sa.Column("matched_at", TIME, server_default=NOW, nullable=False),
        sa.Column("undone_by", sa.String(64), nullable=True),
        sa.Column("undone_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"], ["products.store_id", "products.id"], name="fk_matches_store_id_product_id"
        ),
        sa.CheckConstraint("kind IN ('gtin', 'sku', 'item')", name=op.f("ck_matches_kind_known")),
        sa.CheckConstraint("(undone_by IS NULL) = (undone_at IS NULL)", name=op.f("ck_matches_undone_by_somebody")),
        sa.CheckConstraint("undone_at IS NULL OR NOT is_remembered", name=op.f("ck_matches_forgotten_when_undone")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_matches_remembered",
        "matches",
        ["store_id", "match_key", "kind"],
        unique=True,
        postgresql_where=REMEMBERED,
        sqlite_where=REMEMBERED,
    )
    op.create_index("ix_matches_product", "matches", ["store_id", "product_id"])
    remembered = [
        {**row, "kind": "gtin", "code": (code := shown_gtin(row["match_key"])), "folded": fold_code(code)}
        for row in connection.execute(
            sa.select(
                gtins.c.store_id,
                gtins.c.gtin.label("match_key"),
                gtins.c.product_id,
                gtins.c.matched_by,
                gtins.c.matched_at,
            ).order_by(gtins.c.matched_at)
        ).mappings()
    ]
    if remembered:
        connection.execute(matches.insert().values(is_remembered=True), remembered)
    _name_in_merges()
    op.execute(f"ALTER TABLE order_items ADD COLUMN match_id {'INTEGER' if sqlite else 'BIGINT'}")
    op.execute(
        "UPDATE order_items SET match_id = (SELECT matches.id FROM matches WHERE matches.store_id = "
        "order_items.store_id AND matches.match_key = order_items.gtin AND matches.kind = 'gtin' AND "
        "matches.product_id = order_items.product_id) "
        "WHERE gtin IS NOT NULL AND quantity > shipped_quantity + cancelled_quantity"
    )
    if sqlite:
        rewrite_definition(connection, "order_items", lambda text: f"{text.rstrip().removesuffix(')')}, {FOREIGN_KEY})")
    else:
        op.execute(f"ALTER TABLE order_items ADD {FOREIGN_KEY}")
    op.create_index(
        "ix_order_items_match",
        "order_items",
        ["store_id", "match_id"],
        postgresql_where=FOLLOWING,
        sqlite_where=FOLLOWING,
    )
    op.drop_table("gtin_matches")


def downgrade() -> None:
    """Keep the remembered GTINs. Raises RuntimeError once the history of a line names a match: the old tables have no
    place for it."""
    connection = op.get_bind()
    names_match = sa.cast(events.c.details, sa.Text).like('%"match_id"%')
    of_kind = sa.cast(events.c.kind, sa.Text) == "item_matched"
    if connection.scalar(sa.select(events.c.id).where(of_kind, names_match).limit(1)) is not None:
        raise RuntimeError("lines were matched since, and their history names the matches")
    sqlite = connection.dialect.name == "sqlite"
    big = sa.Integer() if sqlite else sa.BigInteger()
    op.create_table(
        "gtin_matches",
        sa.Column("store_id", big, nullable=False),
        sa.Column("gtin", sa.String(64), nullable=False),
        sa.Column("product_id", big, nullable=False),
        sa.Column("matched_by", sa.String(64), nullable=False),
        sa.Column("matched_at", TIME, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"], ["products.store_id", "products.id"], name="fk_gtin_matches_store_id_product_id"
        ),
        sa.PrimaryKeyConstraint("store_id", "gtin", name="pk_gtin_matches"),
    )
    op.execute(
        "INSERT INTO gtin_matches (store_id, gtin, product_id, matched_by, matched_at) "
        "SELECT store_id, match_key, product_id, matched_by, matched_at FROM matches "
        "WHERE kind = 'gtin' AND is_remembered"
    )
    _spell_out_in_merges()
    op.drop_index("ix_order_items_match", table_name="order_items")
    if sqlite:
        rewrite_definition(connection, "order_items", lambda text: text.replace(f", {FOREIGN_KEY}", ""))
    else:
        op.execute("ALTER TABLE order_items DROP CONSTRAINT fk_order_items_store_id_match_id")
    op.drop_column("order_items", "match_id")
    op.drop_table("matches")


def _name_in_merges() -> None:
    """Let merges of products name the matches that they moved by their ids. Who matched each, and when, is the match's
    own again: a standing merge had put the person who merged in their place."""
    connection = op.get_bind()
    for merge, moved in _moves():
        named = []
        for gtin, matched_by, matched_at in moved:
            of_gtin = (matches.c.store_id == merge.store_id, matches.c.match_key == gtin)
            match_id = connection.scalar(sa.select(matches.c.id).where(*of_gtin))
            if match_id is None:
                continue
            named.append([match_id, matched_at])
            if merge.undone_at is None:
                at = sa.bindparam("at", datetime.fromisoformat(matched_at), TIME)
                made = {"matched_by": matched_by, "matched_at": at}
                connection.execute(matches.update().where(*of_gtin).values(made))
        _rewrite(merge, named)


def _spell_out_in_merges() -> None:
    """Let merges of products tell the GTINs that they moved; the old tables have no place for other matches."""
    connection = op.get_bind()
    for merge, moved in _moves():
        spelled = []
        for match_id, matched_at in moved:
            of_match = (matches.c.store_id == merge.store_id, matches.c.id == match_id, matches.c.kind == "gtin")
            row = connection.execute(
                sa.select(matches.c.match_key, matches.c.matched_by).where(*of_match)
            ).one_or_none()
            if row is not None:
                spelled.append([row.match_key, row.matched_by, matched_at])
        _rewrite(merge, spelled)


def _moves() -> list[tuple[sa.Row[Any], list[Any]]]:
    """Return the merges that moved matches, the newest first: the first one tells who matched."""
    rows = op.get_bind().execute(sa.select(merges).order_by(merges.c.id.desc())).all()
    return [(row, row.details["matches"]) for row in rows if row.details.get("matches")]


def _rewrite(merge: sa.Row[Any], moved: list[Any]) -> None:
    of_merge = (merges.c.store_id == merge.store_id, merges.c.id == merge.id)
    details = {**merge.details, "matches": moved}
    op.get_bind().execute(merges.update().where(*of_merge).values(details=details))


def _keys(sqlite: bool) -> tuple[sa.schema.SchemaItem, ...]:
    """Return the key (store_id, id): the primary key, and on SQLite the rowid with a unique pair (ADR 0003)."""
    if sqlite:
        return (
            sa.Column("store_id", sa.Integer(), nullable=False),
            sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
            sa.UniqueConstraint("store_id", "id", name="tenant_key_matches"),
        )
    return (
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "id", name="pk_matches"),
    )
