"""Parcels: one is open per packer and order, and none once nothing is left to ship."""

from __future__ import annotations

from sqlalchemy import select

from tests.helpers.warehouse import Warehouse
from webapp.models import Shipment


def test_the_last_units_close_the_parcels_of_everybody(warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 1), (warehouse.product(A1=5), 1))
    warehouse.ship(order, 1, line=1, actor="paula")
    warehouse.ship(order, 1, line=2, actor="piet")

    parcels = warehouse.db.scalars(select(Shipment).where(Shipment.order_id == order.id)).all()

    assert {parcel.packed_by for parcel in parcels} == {"paula", "piet"}
    assert all(parcel.closed_at for parcel in parcels)
