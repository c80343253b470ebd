"""Failed sign-ins, counted in the database for all server processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NAME = "sign_in_tries"


def upgrade() -> None:
    op.create_table(
        NAME,
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("last_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=f"pk_{NAME}"),
    )
    op.create_index(f"ix_{NAME}_last_try_at", NAME, ["last_try_at"])


def downgrade() -> None:
    op.drop_table("sign_in_tries")
