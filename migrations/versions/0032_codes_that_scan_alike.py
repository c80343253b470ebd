"""Codes of products get the key that all their spellings share, so that two products never have ``box-7`` and ``BOX-7``.

Nothing is merged: of codes that scan alike already, the oldest has the key and the others stay as they are, without one.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.domain.codes import scan_key

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

INDEX = "uq_product_codes_scan_key"
CHUNK = 1000

codes = sa.table("product_codes", *map(sa.column, ("store_id", "id", "code", "scan_key")))


def upgrade() -> None:
    # Uses the program's own reading of codes, not a frozen copy: stored keys must match what it looks for.
    op.add_column("product_codes", sa.Column("scan_key", sa.String(length=200), nullable=True))
    _give_keys()
    op.create_index(INDEX, "product_codes", ["store_id", "scan_key"], unique=True)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="product_codes")
    op.drop_column("product_codes", "scan_key")


def _give_keys() -> None:
    connection = op.get_bind()
    statement = (
        codes.update()
        .where(codes.c.store_id == sa.bindparam("of_store"), codes.c.id == sa.bindparam("of_id"))
        .values(scan_key=sa.bindparam("key"))
    )
    place = sa.tuple_(codes.c.store_id, codes.c.id)
    chunk_of = sa.select(codes.c.store_id, codes.c.id, codes.c.code).order_by(codes.c.store_id, codes.c.id)
    after, seen = (0, 0), set[tuple[int, str]]()
    while chunk := connection.execute(chunk_of.where(place > after).limit(CHUNK)).all():
        rows = []
        for code in chunk:
            key = (code.store_id, scan_key(code.code))
            if key not in seen:
                rows.append({"of_store": code.store_id, "of_id": code.id, "key": key[1]})
                seen.add(key)
        if rows:
            connection.execute(statement, rows)
        after = (chunk[-1].store_id, chunk[-1].id)
