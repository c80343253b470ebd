"""Every screen counts days in the same way, and keeps the exact time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.helpers.cast import Cast
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.domain.clock import time_is
from webapp.models import Store

MONDAY = datetime(2026, 3, 9, 8, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Luxembourg", "America/Los_Angeles"])
def test_the_order_page_and_the_trail_give_a_shipment_the_same_age(
    manager: Tablet, warehouse: Warehouse, cast: Cast, db: Session, zone: str
) -> None:
    db.execute(update(Store).where(Store.id == cast.store.id).values(time_zone=zone))
    order = warehouse.processing((warehouse.product("Lamp", A1=5), 5))
    with time_is(datetime(2026, 3, 6, 23, 30, tzinfo=UTC)):
        warehouse.ship(order, 2)

    with time_is(MONDAY):
        page, trail = manager.get(f"/orders/{order.id}"), manager.get(f"/orders/{order.id}/audit")

    shown = page.root.one("section", id="parcels").one(css="parcel__line").one("time")
    packed = page.root.one(css="status__packed").one("time")
    told = next(time for time in trail.root.all("time") if time["datetime"] == shown["datetime"])
    days = {"UTC": 3, "Europe/Luxembourg": 2, "America/Los_Angeles": 3}[zone]
    assert shown.words == packed.words == told.words.split(",")[0] == f"{days} days ago"
    assert shown["title"] == packed["title"] == told["title"]


def test_the_trail_as_csv_has_the_times_of_the_screen_with_their_offset(
    manager: Tablet, warehouse: Warehouse, cast: Cast, db: Session
) -> None:
    db.execute(update(Store).where(Store.id == cast.store.id).values(time_zone="Europe/Luxembourg"))
    order = warehouse.processing((warehouse.product("Lamp", A1=5), 5), order_number="#1001/é")
    with time_is(datetime(2026, 7, 6, 23, 30, tzinfo=UTC)):
        warehouse.ship(order, 2)

    answer = manager.client.get(f"/orders/{order.id}/audit.csv")

    assert answer.headers["Content-Disposition"] == "attachment; filename=1001-trail.csv"
    assert answer.text.startswith("time,person,entry")
    assert "\n2026-07-07T01:30:00+02:00," in answer.text
