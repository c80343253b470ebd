"""Pages use the store's settings."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.helpers.cast import Cast
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.database.unit_of_work import unit_of_work
from webapp.services.people.store_settings import change_setting


def set_to(db: Session, cast: Cast, name: str, text: str) -> None:
    unit_of_work(db, lambda session: change_setting(session, cast.store.id, name, text))


def test_a_store_without_time_to_undo_offers_no_undo(
    db: Session, cast: Cast, warehouse: Warehouse, packer: Tablet
) -> None:
    order = warehouse.processing((warehouse.product("Mug", A1=10), 2))
    warehouse.ship(order, 1)
    assert "Undo" in packer.get(f"/orders/{order.id}").words

    set_to(db, cast, "undo_minutes", "0")

    assert "Undo" not in packer.get(f"/orders/{order.id}").words


def test_the_stores_own_reasons_are_offered_and_then_other(
    db: Session, cast: Cast, warehouse: Warehouse, manager: Tablet
) -> None:
    order = warehouse.processing((warehouse.product("Mug", A1=10), 2))
    set_to(db, cast, "cancel_reasons", "Fire in the warehouse")

    words = manager.get(f"/orders/{order.id}/cancellation").words

    assert "Fire in the warehouse" in words
    assert "Other" in words
    assert "Payment failed" not in words
