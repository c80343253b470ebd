"""Orders that come in again with other content: what the shop changed is followed, and what is too late is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import items_of
from tests.helpers.warehouse import Warehouse
from tests.services.imports.importing import CASES, NATIVE, Imported, Importer, Killed, case, table
from webapp.domain.causes import Cause, ExceptionState
from webapp.domain.events import EventKind
from webapp.domain.statuses import OrderStatus
from webapp.models import Allocation, Order, OrderEvent, OrderItem, OrderState, StockException, Store
from webapp.services import erasure_service
from webapp.services.imports.order_changes import CONTRADICTED
from webapp.services.imports.order_import import OrdersImported
from webapp.services.imports.report import OLDER
from webapp.services.verification import verify

COLUMNS = (*NATIVE, "updated_at", "line_id", "cancelled_at", "fulfillment_status", "ship_to_line1", "ship_to_city")
LAMP, CUP = {"sku": "LAMP"}, {"sku": "CUP"}

pytestmark = pytest.mark.both_engines


@pytest.fixture
def shop(importer: Importer, db: Session, store: Store) -> Shop:
    return Shop(importer, db, store)


class Shop:
    """A shop whose order 1001 comes in again and again, and the warehouse that ships it."""

    def __init__(self, importer: Importer, db: Session, store: Store) -> None:
        self.importer, self.db = importer, db
        self.warehouse = Warehouse(db, store)
        for name, sku in (("Lamp", "LAMP"), ("Cup", "CUP"), ("Plate", "PLATE")):
            self.warehouse.product(name, sku, A1=10)

    def says(self, *lines: dict[str, Any], **head: Any) -> Imported[OrdersImported]:
        self.db.rollback()
        usual = {"order_number": "1001", "ordered_at": "2026-01-05 10:00", "quantity": 2}
        return self.importer.orders(table(COLUMNS, ({**usual, **line, **head} for line in lines)))

    def started(self, *lines: dict[str, Any], **head: Any) -> Order:
        self.says(*lines, **head)
        self.warehouse.process(self.order)
        return self.order

    @property
    def order(self) -> Order:
        self.db.rollback()
        return self.db.scalars(select(Order).execution_options(populate_existing=True)).one()

    @property
    def lines(self) -> list[tuple[str, int, int, int, int]]:
        """SKU, ordered, shipped, cancelled and reserved of each line."""
        return [
            (item.sku, item.quantity, item.shipped_quantity, item.cancelled_quantity, self._reserved(item))
            for item in items_of(self.db, self.order)
        ]

    def _reserved(self, item: OrderItem) -> int:
        held = select(Allocation.quantity).where(Allocation.order_item_id == item.id)
        return sum(self.db.scalars(held))

    @property
    def events(self) -> list[EventKind]:
        return list(self.db.scalars(select(OrderEvent.kind).order_by(OrderEvent.id)))

    @property
    def exceptions(self) -> list[tuple[Cause, int]]:
        is_open = StockException.state == ExceptionState.OPEN
        return [(one.cause, one.quantity) for one in self.db.scalars(select(StockException).where(is_open))]

    def assert_sound(self) -> None:
        self.db.rollback()
        assert [violation.message for violation in verify(self.db)] == []


def test_more_units_are_reserved_and_fewer_are_freed(shop: Shop) -> None:
    shop.started({**LAMP, "quantity": 2}, {**CUP, "quantity": 5})

    changed = shop.says({**LAMP, "quantity": 4}, {**CUP, "quantity": 3})

    assert shop.lines == [("LAMP", 4, 0, 0, 4), ("CUP", 5, 0, 2, 3)]
    assert changed.numbers == (2, 2, 0, 0)
    assert changed.reasons[2] == ("imported", "changed in the shop: more units, fewer units")
    assert shop.order.upstream_changes == 1
    operations = {event.operation_id for event in shop.db.scalars(select(OrderEvent).where(OrderEvent.id > 6))}
    assert len(operations) == 1
    shop.assert_sound()


def test_a_line_more_and_a_line_less(shop: Shop) -> None:
    shop.started(LAMP, CUP)

    shop.says(LAMP, {"sku": "PLATE", "quantity": 3}, {"sku": "UNKNOWN", "quantity": 1})

    assert shop.lines == [
        ("LAMP", 2, 0, 0, 2),
        ("CUP", 2, 0, 2, 0),
        ("PLATE", 3, 0, 0, 3),
        ("UNKNOWN", 1, 0, 0, 0),
    ]
    assert shop.exceptions == [(Cause.PLACEHOLDER_PRODUCT, 1)]
    shop.assert_sound()


def test_the_same_again_is_unchanged_and_an_older_state_changes_nothing(shop: Shop) -> None:
    one, two = {**LAMP, "quantity": 2}, {**LAMP, "quantity": 3}
    shop.started(one)

    assert shop.says(two).result.changed_orders == 1
    assert shop.says(two).result.known_orders == 1
    older = shop.says(one)

    assert older.reasons == {2: ("skipped", OLDER)}
    assert shop.lines == [("LAMP", 3, 0, 0, 3)]
    shop.assert_sound()


def test_what_the_shop_changed_back_is_followed_if_its_file_has_a_newer_order(shop: Shop) -> None:
    usual = {"order_number": "1001", "ordered_at": "2026-01-05 10:00"}
    newer = {**CUP, "order_number": "1002", "ordered_at": "2026-01-06 09:00", "quantity": 1}
    one, two = {**usual, **LAMP, "quantity": 2}, {**usual, **LAMP, "quantity": 3}
    shop.started(one)
    shop.says(two)

    back = shop.importer.orders(table(COLUMNS, [one, newer]))

    assert (back.result.changed_orders, back.result.new_orders) == (1, 1)
    first = shop.db.scalars(select(OrderItem).where(OrderItem.sku == "LAMP")).one()
    assert (first.quantity, first.cancelled_quantity) == (3, 1)
    older = shop.importer.orders(table(COLUMNS, [two]))
    assert older.reasons == {2: ("skipped", OLDER)}
    again = shop.importer.orders(table(COLUMNS, [two, newer]))
    assert again.reasons[2] == ("skipped", OLDER)
    shop.assert_sound()


def test_a_date_in_the_future_makes_no_file_newer(shop: Shop) -> None:
    future = {**CUP, "order_number": "1002", "ordered_at": "2150-01-06 09:00", "quantity": 1}
    usual = {"order_number": "1001", "ordered_at": "2026-01-05 10:00"}
    shop.started({**LAMP, "quantity": 2})
    shop.says({**LAMP, "quantity": 3})

    back = shop.importer.orders(table(COLUMNS, [{**usual, **LAMP, "quantity": 2}, future]))

    assert back.reasons[2] == ("skipped", OLDER)


def test_the_shops_own_time_decides_what_is_newer(shop: Shop) -> None:
    shop.started({**LAMP, "quantity": 2}, updated_at="2026-01-05 10:00")
    shop.says({**LAMP, "quantity": 3}, updated_at="2026-01-05 12:00")

    older = shop.says({**LAMP, "quantity": 5}, updated_at="2026-01-05 11:00")
    assert older.reasons == {2: ("skipped", OLDER)}

    shop.says({**LAMP, "quantity": 2}, updated_at="2026-01-05 13:00")
    assert shop.lines == [("LAMP", 3, 0, 1, 2)]
    shop.assert_sound()


def test_the_first_files_time_counts(shop: Shop) -> None:
    shop.started({**LAMP, "quantity": 2}, updated_at="2026-01-05 12:00")

    older = shop.says({**LAMP, "quantity": 5}, updated_at="2026-01-05 11:00")

    assert older.reasons == {2: ("skipped", OLDER)}
    assert shop.lines == [("LAMP", 2, 0, 0, 2)]


def test_the_time_of_a_state_that_came_again_counts(shop: Shop) -> None:
    shop.started({**LAMP, "quantity": 2}, updated_at="2026-01-05 10:00")
    shop.says({**LAMP, "quantity": 2}, updated_at="2026-01-05 14:00")

    older = shop.says({**LAMP, "quantity": 5}, updated_at="2026-01-05 13:00")
    shop.says({**LAMP, "quantity": 2}, updated_at="2026-01-05 09:00")
    older_too = shop.says({**LAMP, "quantity": 6}, updated_at="2026-01-05 13:30")

    assert (older.reasons, older_too.reasons) == ({2: ("skipped", OLDER)}, {2: ("skipped", OLDER)})
    assert shop.lines == [("LAMP", 2, 0, 0, 2)]
    shop.assert_sound()


def test_what_the_bench_cancelled_stays_cancelled(shop: Shop) -> None:
    order = shop.started({**LAMP, "quantity": 3})
    shop.warehouse.cancel_item(order, 1)

    shop.says({**LAMP, "quantity": 2})
    assert shop.lines == [("LAMP", 3, 0, 1, 2)]

    shop.says({**LAMP, "quantity": 4})
    assert shop.lines == [("LAMP", 5, 0, 1, 4)]
    shop.assert_sound()


def test_fewer_than_have_shipped_opens_an_exception_and_undoes_nothing(shop: Shop) -> None:
    order = shop.started({**LAMP, "quantity": 3})
    shop.warehouse.ship(order, 2)

    told = shop.says({**LAMP, "quantity": 1})

    assert shop.lines == [("LAMP", 3, 2, 1, 0)]
    assert shop.order.status is OrderStatus.SHIPPED
    assert shop.exceptions == [(Cause.CHANGED_UPSTREAM, 1)]
    assert "some of it too late" in told.reasons[2][1]
    shop.assert_sound()

    shop.says({**LAMP, "quantity": 2})
    assert shop.exceptions == []
    shop.assert_sound()


def test_units_that_were_taken_away_too_late_do_not_ship_again_when_the_shop_gives_them_back(shop: Shop) -> None:
    order = shop.started({**LAMP, "quantity": 3})
    shop.warehouse.ship(order, 2)
    shop.says({**LAMP, "quantity": 1})

    shop.says({**LAMP, "quantity": 2})
    assert (shop.lines, shop.order.status) == ([("LAMP", 3, 2, 1, 0)], OrderStatus.SHIPPED)

    shop.says({**LAMP, "quantity": 5})
    assert shop.lines == [("LAMP", 6, 2, 1, 3)]
    shop.assert_sound()


def test_a_refund_of_what_has_all_shipped_is_refused_in_words(shop: Shop) -> None:
    order = shop.started({**LAMP, "quantity": 2})
    shop.warehouse.ship(order, 2)

    refused = shop.says({**LAMP, "quantity": 2}, cancelled_at="2026-01-06")
    again = shop.says({**LAMP, "quantity": 2}, cancelled_at="2026-01-06")

    assert refused.reasons == {2: ("rejected", CONTRADICTED)}
    assert again.numbers == (1, 0, 1, 0)
    assert shop.exceptions == [(Cause.CHANGED_UPSTREAM, 2)]
    shop.assert_sound()


def test_a_cancellation_before_anything_shipped_frees_the_stock_for_others(shop: Shop) -> None:
    shop.started({**LAMP, "quantity": 10})
    shop.db.rollback()
    shop.importer.orders(table(COLUMNS, [{"order_number": "1002", "ordered_at": "2026-01-06", "quantity": 4, **LAMP}]))
    other = shop.db.scalars(select(Order).where(Order.order_number == "1002")).one()
    shop.warehouse.process(other)

    shop.says({**LAMP, "quantity": 10}, cancelled_at="2026-01-06")

    first = shop.db.scalars(select(Order).where(Order.order_number == "1001")).one()
    shop.db.refresh(first)
    assert first.status is OrderStatus.CANCELLED
    held = shop.db.scalars(select(Allocation.quantity).order_by(Allocation.id)).all()
    assert sum(held) == 4
    shop.assert_sound()


def test_more_of_a_shipped_order_opens_it_again(shop: Shop) -> None:
    order = shop.started({**LAMP, "quantity": 2})
    shop.warehouse.ship(order, 2)

    shop.says({**LAMP, "quantity": 3})

    assert shop.lines == [("LAMP", 3, 2, 0, 1)]
    assert shop.order.status is OrderStatus.PARTIALLY_SHIPPED
    shop.assert_sound()


def test_more_of_a_cancelled_order_is_told(shop: Shop) -> None:
    order = shop.started({**LAMP, "quantity": 2})
    shop.warehouse.cancel(order)

    refused = shop.says({**LAMP, "quantity": 3})

    assert refused.reasons == {2: ("rejected", CONTRADICTED)}
    assert shop.exceptions == [(Cause.CHANGED_UPSTREAM, 1)]
    shop.assert_sound()


def test_a_new_address_is_followed_until_something_has_left(shop: Shop) -> None:
    order = shop.started(LAMP, ship_to_line1="Old 1", ship_to_city="Metz")

    shop.says(LAMP, ship_to_line1="New 2", ship_to_city="Trier")
    assert (shop.order.ship_to_lines, shop.exceptions) == ("New 2", [])

    shop.warehouse.ship(order, 1)
    shop.says(LAMP, ship_to_line1="Third 3", ship_to_city="Trier")
    assert (shop.order.ship_to_lines, shop.exceptions) == ("Third 3", [(Cause.SHIP_TO_UPSTREAM, 1)])

    shop.warehouse.ship(order, 1)
    shop.says(LAMP, ship_to_line1="Fourth 4", ship_to_city="Trier")
    assert (shop.order.ship_to_lines, shop.exceptions) == ("Third 3", [(Cause.SHIP_TO_UPSTREAM, 2)])
    shop.assert_sound()


def test_what_the_file_does_not_say_is_kept(shop: Shop) -> None:
    shop.started(LAMP, ship_to_line1="Old 1", ship_to_city="Metz", customer_name="Anna")

    assert shop.says(LAMP).result.known_orders == 1
    assert (shop.order.ship_to_lines, shop.order.customer_name) == ("Old 1", "Anna")


def test_lines_are_known_by_their_ids_whatever_their_order(shop: Shop) -> None:
    shop.started({**LAMP, "line_id": "7", "quantity": 1}, {**LAMP, "line_id": "8", "quantity": 5})

    shop.says({**LAMP, "line_id": "8", "quantity": 4}, {**LAMP, "line_id": "7", "quantity": 2})

    assert shop.lines == [("LAMP", 2, 0, 0, 2), ("LAMP", 5, 0, 1, 4)]
    shop.assert_sound()


def test_an_erased_person_does_not_come_back(shop: Shop) -> None:
    order = shop.started(LAMP, ship_to_line1="Old 1", ship_to_city="Metz", customer_name="Anna")
    shop.warehouse.ship(order, 2)
    shop.warehouse.do(erasure_service.erase_person, order_id=order.id)

    assert shop.says(LAMP, ship_to_line1="Old 1", ship_to_city="Metz", customer_name="Anna").result.known_orders == 1
    assert shop.says(LAMP, ship_to_line1="New 2", ship_to_city="Metz", customer_name="Anna").result.known_orders == 1
    assert (shop.order.ship_to_lines, shop.order.customer_name, shop.exceptions) == ("", "", [])
    assert set(shop.db.scalars(select(OrderState.person))) == {""}
    shop.assert_sound()


def test_orders_of_the_daily_export_that_the_shop_closed_are_followed(
    importer: Importer, db: Session, store: Store
) -> None:
    importer.stock(case("00-base-stock"))
    folder = CASES / "01-shopify-changed-later"
    importer.starts_orders = True
    importer.orders(folder / "day1.csv", "shopify")

    day2 = importer.orders(folder / "day2.csv", "shopify")

    db.rollback()
    status = {order.order_number: order.status for order in db.scalars(select(Order))}
    assert (status["#9001"], status["#9002"]) == (OrderStatus.CANCELLED, OrderStatus.CANCELLED)
    exceptions = db.execute(
        select(Order.order_number, StockException.cause).join(Order, Order.id == StockException.order_id)
    )
    assert {("#9003", Cause.FULFILLED_UPSTREAM), ("#9004", Cause.FULFILLED_UPSTREAM)} <= {
        tuple(row) for row in exceptions
    }
    assert day2.result.changed_orders == 2
    assert [day2.reasons[row][0] for row in (2, 3, 4, 5)] == ["imported", "imported", "rejected", "rejected"]
    assert [violation.message for violation in verify(db)] == []

    again = importer.orders(folder / "day2.csv", "shopify")
    assert again.result.changed_orders == 0


def test_two_imports_of_a_change_at_once_follow_it_once(
    shop: Shop, store: Store, new_session: Callable[[], Session], tmp_path: Path
) -> None:
    shop.started({**LAMP, "quantity": 2})
    usual = {"order_number": "1001", "ordered_at": "2026-01-05 10:00"}
    content = table(COLUMNS, [{**usual, **LAMP, "quantity": 3}])
    shop.db.rollback()

    importers = [Importer(new_session(), store, tmp_path / str(number)) for number in range(3)]
    for importer in importers:
        importer.folder.mkdir()

    with ThreadPoolExecutor(3) as pool:
        changed = pool.map(lambda importer: importer.orders(content).result.changed_orders, importers)
        assert sorted(changed) == [0, 0, 1]
    assert shop.lines == [("LAMP", 3, 0, 0, 3)]
    shop.assert_sound()


def test_of_two_changes_at_once_the_newer_one_stays_while_somebody_ships(
    shop: Shop, store: Store, new_session: Callable[[], Session], tmp_path: Path
) -> None:
    order = shop.started({**LAMP, "quantity": 2})
    usual = {"order_number": "1001", "ordered_at": "2026-01-05 10:00", **LAMP}
    files = [
        table(COLUMNS, [{**usual, "quantity": units, "updated_at": f"2026-01-0{units} 10:00"}])
        for units in (3, 5, 4, 5)
    ]
    shop.db.rollback()
    importers = [Importer(new_session(), store, tmp_path / str(number)) for number in range(len(files))]
    for importer in importers:
        importer.folder.mkdir()
    packer = Warehouse(new_session(), store)

    with ThreadPoolExecutor(len(files) + 1) as pool:
        shipped = pool.submit(packer.ship, order, 1)
        brought = [pool.submit(importer.orders, file) for importer, file in zip(importers, files, strict=True)]
        assert shipped.result()["fulfilled_quantity"] == 1
        assert all(one.result().tally.rejected == 0 for one in brought)

    assert shop.lines == [("LAMP", 5, 1, 0, 4)]
    shop.assert_sound()


def test_a_change_that_is_interrupted_is_followed_by_the_next_import(shop: Shop) -> None:
    shop.started({**LAMP, "quantity": 2})
    usual = {"order_number": "1001", "ordered_at": "2026-01-05 10:00"}
    content = table(COLUMNS, [{**usual, **LAMP, "quantity": 3}])
    calls = iter((False, True))

    def die(work: Any) -> Any:
        def work_or_die(session: Session) -> Any:
            written = work(session)
            if next(calls):
                raise Killed
            return written

        return shop.importer.run(work_or_die)

    with pytest.raises(Killed):
        shop.importer.orders(content, run=die)
    assert shop.lines == [("LAMP", 2, 0, 0, 2)]

    assert shop.importer.orders(content).result.changed_orders == 1
    assert shop.lines == [("LAMP", 3, 0, 0, 3)]
    shop.assert_sound()
