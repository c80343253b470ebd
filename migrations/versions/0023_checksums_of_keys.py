"""A key has a checksum of its row, so that `flask stock verify` finds a changed key or answer. Earlier keys have none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "idempotency_keys", sa.Column("checksum", sa.String(32), server_default=sa.text("''"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("idempotency_keys", "checksum")
