"""Stock at a place."""

from __future__ import annotations

from sqlalchemy.orm import Session

from webapp.models import Inventory, Product
from webapp.services import inventory_service


def make_inventory(
    db: Session, product: Product, quantity: int, location: str = "A-1", warehouse: str = "main"
) -> Inventory:
    """Put units of a product at a place, through the ledger, like an import."""
    level = inventory_service.import_inventory(
        db=db,
        store_id=product.store_id,
        product_id=product.id,
        warehouse=warehouse,
        location=location,
        quantity=quantity,
        actor="test",
    )
    db.commit()
    return db.get_one(Inventory, (product.store_id, level["inventory_id"]))
