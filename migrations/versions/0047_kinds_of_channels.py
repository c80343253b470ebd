"""Kinds of channels that a person chooses: a shop of one's own, a marketplace, the counter."""

from __future__ import annotations

from alembic import op

from webapp.database.stored_enums import change_kinds

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

FORMER = ("file",)
KINDS = (*FORMER, "shop", "marketplace", "counter")


def upgrade() -> None:
    change_kinds(op.get_bind(), "channels", "kind", KINDS)


def downgrade() -> None:
    """Take the kinds back: channels that have one are of a file again."""
    op.execute("UPDATE channels SET kind = 'file' WHERE kind <> 'file'")
    change_kinds(op.get_bind(), "channels", "kind", FORMER)
