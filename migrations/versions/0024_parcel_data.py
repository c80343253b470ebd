"""Parcel data of orders: where a parcel goes, whom to call, the notes, and who read the packing note.

The columns are added and dropped one by one, with their CHECKs, so that SQLite does not rebuild the table.
"""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

LONGEST = {
    "ship_to_name": 60,
    "ship_to_company": 60,
    "ship_to_lines": 182,
    "ship_to_postcode": 16,
    "ship_to_city": 60,
    "ship_to_region": 60,
    "phone": 32,
    "email": 254,
    "language": 35,
    "shipping_method": 100,
    "customer_note": 1000,
    "packing_note": 1000,
    "gift_text": 1000,
}
TIME = {"postgresql": "TIMESTAMP WITH TIME ZONE", "sqlite": "DATETIME"}
LETTERS = ", ".join(f"'{letter}'" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def upgrade() -> None:
    checks = {name: (f"{name}_fits", f"length({name}) <= {most}") for name, most in LONGEST.items()}
    letters = " AND ".join(f"substr(ship_to_country, {place}, 1) IN ({LETTERS})" for place in (1, 2))
    code = f"ship_to_country = '' OR (length(ship_to_country) = 2 AND {letters})"
    checks["ship_to_country"] = ("ship_to_country_code", code)
    for name, (check, rule) in checks.items():
        op.execute(
            f"ALTER TABLE orders ADD COLUMN {name} TEXT DEFAULT '' NOT NULL CONSTRAINT ck_orders_{check} CHECK ({rule})"
        )
    op.execute("ALTER TABLE orders ADD COLUMN packing_note_read_by VARCHAR(64)")
    op.execute(
        f"ALTER TABLE orders ADD COLUMN packing_note_read_at {TIME[op.get_bind().dialect.name]} "
        "CONSTRAINT ck_orders_note_read_by_somebody "
        "CHECK ((packing_note_read_by IS NULL) = (packing_note_read_at IS NULL))"
    )


def downgrade() -> None:
    for name in ("packing_note_read_at", "packing_note_read_by", "ship_to_country", *LONGEST):
        op.drop_column("orders", name)
