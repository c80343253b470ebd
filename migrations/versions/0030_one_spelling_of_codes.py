"""One spelling of codes: GTINs get 14 digits, and products the key that all spellings of their SKU share.

Nothing is merged (ADR 0037). Products whose SKUs differ only in their spelling stay apart by ``sku_twin``. Two products
may have one GTIN now; then its lines wait for a person. Where two spellings of one GTIN were matched to two products,
both matches stay as they were written, and neither counts any longer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from webapp.domain.codes import GTIN_LENGTHS, code_key, gtin14, shown_gtin
from webapp.services.reads.word_index import index_words

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

INDEX = "uq_products_sku_key"
CHUNK = 1000

products = sa.table(
    "products",
    *map(sa.column, ("store_id", "id", "sku", "gtin", "sku_key", "sku_twin")),
    sa.column("is_placeholder", sa.Boolean()),
)
items = sa.table("order_items", *map(sa.column, ("store_id", "gtin")))
matches = sa.table("gtin_matches", *map(sa.column, ("store_id", "gtin", "product_id", "matched_at")))
words = sa.table("product_search_words", *map(sa.column, ("store_id", "word", "product_id")))


def upgrade() -> None:
    # Uses the program's own reading of codes, not a frozen copy: stored codes must match what it looks for.
    op.add_column("products", sa.Column("sku_key", sa.String(length=200), nullable=True))
    op.add_column("products", sa.Column("sku_twin", sa.Integer(), server_default="0", nullable=False))
    _give_keys()
    op.create_index(INDEX, "products", ["store_id", "sku_key", "sku_twin"], unique=True)
    _show_gtins_to_searches()
    for table in (products, items):
        _spell_gtins(table, gtin14)
    _merge_equal_matches()


def downgrade() -> None:
    for table in (products, items):
        _spell_gtins(table, lambda text: shown_gtin(text) if len(text) == max(GTIN_LENGTHS) else None)
    _spell_matches_as_shown()
    op.drop_index(INDEX, table_name="products")
    op.drop_column("products", "sku_twin")
    op.drop_column("products", "sku_key")


def _give_keys() -> None:
    connection = op.get_bind()
    key = sa.tuple_(products.c.store_id, products.c.id)
    after, seen = (0, 0), Counter[tuple[int, str]]()
    statement = (
        products.update()
        .where(products.c.store_id == sa.bindparam("of_store"), products.c.id == sa.bindparam("of_id"))
        .values(sku_key=sa.bindparam("key"), sku_twin=sa.bindparam("twin"))
    )
    chunk_of = sa.select(products.c.store_id, products.c.id, products.c.sku).order_by(
        products.c.store_id, products.c.id
    )
    while chunk := connection.execute(chunk_of.where(key > after).limit(CHUNK)).all():
        rows = []
        for product in chunk:
            spelled = code_key(product.sku)
            twin = seen[product.store_id, spelled]
            seen[product.store_id, spelled] += 1
            rows.append({"of_store": product.store_id, "of_id": product.id, "key": spelled, "twin": twin})
        connection.execute(statement, rows)
        after = (chunk[-1].store_id, chunk[-1].id)


def _spell_gtins(table: sa.TableClause, spell: Callable[[str], str | None]) -> None:
    """Rewrite each GTIN of the table that ``spell`` spells otherwise; other texts stay."""
    connection = op.get_bind()
    spellings = connection.execute(
        sa.select(table.c.store_id, table.c.gtin).where(table.c.gtin.is_not(None)).distinct()
    ).all()
    changed = [
        {"of_store": store_id, "before": text, "after": after}
        for store_id, text in spellings
        if (after := spell(text)) is not None and after != text
    ]
    if changed:
        statement = (
            table.update()
            .where(table.c.store_id == sa.bindparam("of_store"), table.c.gtin == sa.bindparam("before"))
            .values(gtin=sa.bindparam("after"))
        )
        connection.execute(statement, changed)


def _show_gtins_to_searches() -> None:
    """Let searches find a GTIN as the goods show it, where it was stored in another form."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(products.c.store_id, products.c.id, products.c.gtin).where(
            products.c.gtin.is_not(None), products.c.is_placeholder.is_(False)
        )
    )
    new = [
        {"store_id": store_id, "word": word, "product_id": product_id}
        for store_id, product_id, text in rows
        if shown_gtin(text) != text
        for word in index_words(shown_gtin(text))
    ]
    known = sa.select(sa.literal(1)).where(
        words.c.store_id == sa.bindparam("of_store"),
        words.c.word == sa.bindparam("of_word"),
        words.c.product_id == sa.bindparam("of_product"),
    )
    for row in new:
        of = {"of_store": row["store_id"], "of_word": row["word"], "of_product": row["product_id"]}
        if connection.scalar(known, of) is None:
            connection.execute(words.insert(), row)


def _merge_equal_matches() -> None:
    """Give the newest match of each GTIN 14 digits, unless its spellings were matched to several products."""
    connection = op.get_bind()
    by_gtin = defaultdict(list)
    for row in connection.execute(sa.select(matches).order_by(matches.c.matched_at)):
        if digits := gtin14(row.gtin):
            by_gtin[row.store_id, digits].append(row)
    for (store_id, digits), rows in by_gtin.items():
        if len({row.product_id for row in rows}) == 1 and digits not in {row.gtin for row in rows}:
            _rename_match(store_id, rows[-1].gtin, digits)
        elif len({row.product_id for row in rows}) > 1 and digits in {row.gtin for row in rows}:
            _rename_match(store_id, digits, f"{digits} ")  # A blank behind it: no GTIN, so it does not count.


def _spell_matches_as_shown() -> None:
    """Take 14 digits back, to the shortest spelling that no older match has."""
    connection = op.get_bind()
    kept = {(row.store_id, row.gtin) for row in connection.execute(sa.select(matches))}
    for store_id, text in sorted(kept):
        if text.endswith(" "):
            _rename_match(store_id, text, text.rstrip())
        elif len(text) == max(GTIN_LENGTHS) and gtin14(text):
            forms = [text[-length:] for length in GTIN_LENGTHS if gtin14(text[-length:]) == text]
            after = next((form for form in forms if (store_id, form) not in kept), text)
            _rename_match(store_id, text, after)


def _rename_match(store_id: int, before: str, after: str) -> None:
    op.get_bind().execute(
        matches.update().where(matches.c.store_id == store_id, matches.c.gtin == before).values(gtin=after)
    )
