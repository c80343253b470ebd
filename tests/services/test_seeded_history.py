"""The large stores that the measurements need: made by statements of their own, and as correct as a worked store."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.rig import history
from bench.rig.seed import seed_orders
from tests.factories import make_store
from webapp.domain.statuses import OrderStatus
from webapp.models import Order
from webapp.services.verification import verify


def test_a_store_with_years_of_shipped_orders_breaks_no_invariant(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "CHUNK", 500)
    store = make_store(db)
    db.commit()

    seed_orders(db, store, 4, open_share=2, history=1_100)

    counted = {row.status: row.orders for row in db.execute(_BY_STATUS)}
    assert counted == {OrderStatus.SHIPPED: 1_100, OrderStatus.PROCESSING: 2, OrderStatus.PENDING: 2}
    assert list(verify(db)) == []


_BY_STATUS = select(Order.status, func.count().label("orders")).group_by(Order.status)
