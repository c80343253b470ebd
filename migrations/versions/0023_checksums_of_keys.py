"""A key has a checksum of its row, so that `flask stock verify` finds a changed key or answer. Earlier keys have none.

Keys whose operation says that they must have one are from a later program whose database was taken down: they get it back.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.database.key_checksums import checksum_of
from webapp.domain.operation_ids import KEYED, LASTING, LENGTH, MARKED_AT
from webapp.models.base import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

CHUNK = 1000

columns = ("store_id", "key", "actor", "fingerprint", "operation_id", "status", "checksum")
keys = sa.table(
    "idempotency_keys",
    *map(sa.column, columns),
    sa.column("result", sa.JSON(none_as_null=True)),
    sa.column("created_at", UtcDateTime),
)


def upgrade() -> None:
    op.add_column(
        "idempotency_keys", sa.Column("checksum", sa.String(32), server_default=sa.text("''"), nullable=False)
    )
    _give_checksums()


def _give_checksums() -> None:
    connection = op.get_bind()
    statement = (
        keys.update()
        .where(keys.c.store_id == sa.bindparam("of_store"), keys.c.key == sa.bindparam("of_key"))
        .values(checksum=sa.bindparam("sum"))
    )
    mark = sa.func.substr(keys.c.operation_id, MARKED_AT + 1, 1)
    must = sa.select(keys).where(sa.func.length(keys.c.operation_id) == LENGTH, mark.in_((KEYED, LASTING)))
    place = sa.tuple_(keys.c.store_id, keys.c.key)
    chunk_of, after = must.order_by(keys.c.store_id, keys.c.key), (0, "")
    while chunk := connection.execute(chunk_of.where(place > after).limit(CHUNK)).mappings().all():
        connection.execute(
            statement, [{"of_store": key["store_id"], "of_key": key["key"], "sum": checksum_of(key)} for key in chunk]
        )
        after = (chunk[-1]["store_id"], chunk[-1]["key"])


def downgrade() -> None:
    op.drop_column("idempotency_keys", "checksum")
