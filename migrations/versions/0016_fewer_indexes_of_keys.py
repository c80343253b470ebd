"""Drop two indexes of idempotency keys, which every change wrote and only pruning and verification could read.

Pruning walks along the primary key instead, and verification reads whole tables.
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_idempotency_keys_age", ["store_id", "created_at"]),
    ("ix_idempotency_keys_operation", ["store_id", "operation_id"]),
)


def upgrade() -> None:
    for name, _ in INDEXES:
        op.drop_index(name, table_name="idempotency_keys")


def downgrade() -> None:
    for name, columns in INDEXES:
        op.create_index(name, "idempotency_keys", columns)
