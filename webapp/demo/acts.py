"""Acts of the demo's stories. Each calls one service, as a screen would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.parcel_data import ParcelData
from webapp.domain.statuses import OrderStatus
from webapp.domain.upstream import ShopLine, ShopOrder
from webapp.models import Allocation, Inventory, OrderItem, Product, Shipment, ShipmentLine
from webapp.schemas.order import OrderUpdate
from webapp.services import (
    inventory_service,
    matching_service,
    order_inventory_service,
    order_service,
    return_service,
    shelf_service,
    undo_service,
    upstream_service,
)


@dataclass(frozen=True)
class Scene:
    """What an act needs: a session in a unit of work, the store, the order, and the actor."""

    db: Session
    store_id: int
    order_id: int
    actor: str

    @property
    def order(self) -> dict[str, Any]:
        """The arguments ``store_id`` and ``order_id`` of a service."""
        return {"store_id": self.store_id, "order_id": self.order_id}

    def item(self, sku: str) -> OrderItem:
        """Return the order's item with this SKU."""
        return self.db.scalars(
            select(OrderItem).where(
                OrderItem.store_id == self.store_id, OrderItem.order_id == self.order_id, OrderItem.sku == sku
            )
        ).one()

    def product_id(self, sku: str) -> int:
        """Return the id of the product with this SKU."""
        return self.db.scalars(select(Product.id).where(Product.store_id == self.store_id, Product.sku == sku)).one()


Act = Callable[[Scene], object]


def status(new: OrderStatus, reason: str = "") -> Act:
    """Set the order's status."""
    update = OrderUpdate(status=new, reason=reason)
    return lambda scene: order_service.update_order_status(
        scene.db, **scene.order, order_update=update, actor=scene.actor
    )


def ship(sku: str, units: int | None = None) -> Act:
    """Ship units of one item; all that remain when left out."""
    return lambda scene: order_inventory_service.fulfill_item(
        scene.db, **scene.order, item_id=scene.item(sku).id, quantity=units, skip_missing=False, actor=scene.actor
    )


def ship_all() -> Act:
    return lambda scene: order_service.ship_order(scene.db, **scene.order, actor=scene.actor)


def cancel(reason: str) -> Act:
    """Cancel what has not shipped."""
    return lambda scene: order_service.cancel_order(scene.db, **scene.order, reason=reason, actor=scene.actor)


def cancel_units(sku: str, units: int, reason: str) -> Act:
    """Cancel units of one item."""
    return lambda scene: order_service.cancel_item(
        scene.db, **scene.order, item_id=scene.item(sku).id, quantity=units, reason=reason, actor=scene.actor
    )


def undo_last() -> Act:
    """Undo the line that shipped last."""

    def act(scene: Scene) -> object:
        line_id = scene.db.scalars(
            select(ShipmentLine.id)
            .join(Shipment, (Shipment.store_id == ShipmentLine.store_id) & (Shipment.id == ShipmentLine.shipment_id))
            .where(ShipmentLine.store_id == scene.store_id, Shipment.order_id == scene.order_id)
            .order_by(ShipmentLine.id.desc())
            .limit(1)
        ).one()
        return undo_service.undo_shipment_line(
            scene.db, **scene.order, line_id=line_id, actor=scene.actor, own_only=True
        )

    return act


def come_back(sku: str, units: int, reason: str, location: str = "") -> Act:
    """Book units as returned: put at a place, or written off without one."""
    return lambda scene: return_service.return_units(
        scene.db,
        **scene.order,
        item_id=scene.item(sku).id,
        quantity=units,
        reason=reason,
        location=location,
        write_off=not location,
        actor=scene.actor,
    )


def pick_short(sku: str, units_there: int) -> Act:
    """Report that only ``units_there`` units of the product are at the item's place."""

    def act(scene: Scene) -> object:
        item = scene.item(sku)
        of_place = (Inventory.store_id == Allocation.store_id) & (Inventory.id == Allocation.inventory_id)
        place = scene.db.scalars(
            select(Inventory)
            .join(Allocation, of_place)
            .where(Allocation.store_id == scene.store_id, Allocation.order_item_id == item.id)
        ).one()
        return shelf_service.report_short_pick(
            scene.db,
            **scene.order,
            item_id=item.id,
            inventory_id=place.id,
            counted_quantity=units_there,
            seen_quantity=place.quantity,
            actor=scene.actor,
        )

    return act


def find_on_shelf(sku: str, units: int, location: str) -> Act:
    """Ship units that the records lack."""
    return lambda scene: shelf_service.ship_found_on_shelf(
        scene.db, **scene.order, item_id=scene.item(sku).id, quantity=units, location=location, actor=scene.actor
    )


def match(gtin: str, sku: str) -> Act:
    """Match a marketplace GTIN to a product."""
    return lambda scene: matching_service.match_gtin(
        scene.db, store_id=scene.store_id, gtin=gtin, product_id=scene.product_id(sku), actor=scene.actor
    )


def change_in_shop(parcel_data: ParcelData, fulfilled: str, **units: int) -> Act:
    """Follow the shop: the units that it says now, by SKU; it has ``fulfilled`` one of them by itself."""

    def act(scene: Scene) -> object:
        items = {name: scene.item(name.replace("_", "-")) for name in units}
        lines = [
            ShopLine(item.sku, item.gtin or "", item.product_name, units[name], item.product_id, "", name == fulfilled)
            for name, item in items.items()
        ]
        shop = ShopOrder(lines, "", parcel_data, None, False, None, goods="changed in the shop", person="")
        return upstream_service.follow_shop(scene.db, **scene.order, shop=shop, source="shop", actor=scene.actor)

    return act


def adjust(sku: str, location: str, units: int, reason: str) -> Act:
    """Add or remove units at a place by hand."""
    return lambda scene: inventory_service.adjust_inventory(
        scene.db,
        store_id=scene.store_id,
        product_id=scene.product_id(sku),
        location=location,
        quantity_change=units,
        reason=reason,
        actor=scene.actor,
    )


def count(sku: str, location: str, fewer: int) -> Act:
    """Set a place to what was counted: ``fewer`` units less than the records say."""

    def act(scene: Scene) -> object:
        product_id = scene.product_id(sku)
        place = scene.db.scalars(
            select(Inventory).where(
                Inventory.store_id == scene.store_id,
                Inventory.product_id == product_id,
                Inventory.location == location,
            )
        ).one()
        return inventory_service.set_inventory(
            scene.db,
            store_id=scene.store_id,
            product_id=product_id,
            location=location,
            quantity=place.quantity - fewer,
            reason="Cycle count",
            actor=scene.actor,
        )

    return act
