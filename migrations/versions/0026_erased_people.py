"""Who erased a person's data from an order, and when; such an order never has a name or parcel data again.

The columns are added and dropped one by one, with their CHECKs, so that SQLite does not rebuild the table.
"""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

OF_THE_PERSON = (
    "customer_name",
    "ship_to_name",
    "ship_to_company",
    "ship_to_lines",
    "ship_to_postcode",
    "ship_to_city",
    "ship_to_region",
    "ship_to_country",
    "phone",
    "email",
    "language",
    "shipping_method",
    "customer_note",
    "packing_note",
    "gift_text",
)
TIME = {"postgresql": "TIMESTAMP WITH TIME ZONE", "sqlite": "DATETIME"}


def upgrade() -> None:
    blank = " AND ".join(f"{name} = ''" for name in OF_THE_PERSON)
    op.execute("ALTER TABLE orders ADD COLUMN person_erased_by VARCHAR(64)")
    op.execute(
        f"ALTER TABLE orders ADD COLUMN person_erased_at {TIME[op.get_bind().dialect.name]} "
        "CONSTRAINT ck_orders_person_erased_by_somebody "
        "CHECK ((person_erased_by IS NULL) = (person_erased_at IS NULL)) "
        f"CONSTRAINT ck_orders_person_stays_erased CHECK (person_erased_at IS NULL OR ({blank}))"
    )


def downgrade() -> None:
    for name in ("person_erased_at", "person_erased_by"):
        op.drop_column("orders", name)
