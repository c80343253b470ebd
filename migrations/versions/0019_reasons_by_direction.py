"""Reasons by direction: the setting ``adjust_reasons`` becomes ``add_reasons`` and ``take_reasons``, which begin alike."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COPY = """
INSERT INTO store_settings (store_id, name, value, changed_by, changed_at)
SELECT store_id, '{new}', value, changed_by, changed_at FROM store_settings WHERE name = '{old}'
"""


def upgrade() -> None:
    op.execute(COPY.format(old="adjust_reasons", new="add_reasons"))
    op.execute("UPDATE store_settings SET name = 'take_reasons' WHERE name = 'adjust_reasons'")


def downgrade() -> None:
    op.execute("UPDATE store_settings SET name = 'adjust_reasons' WHERE name = 'take_reasons'")
    op.execute("DELETE FROM store_settings WHERE name = 'add_reasons'")
