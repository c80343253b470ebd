"""A product's picture: the name of a stored file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("products", sa.Column("picture", sa.String(length=80), nullable=True))


def downgrade() -> None:
    op.drop_column("products", "picture")
