"""The activity and an order's trail as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_order
from tests.helpers.cast import Cast, Part
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Order, OrderEvent


@pytest.fixture
def supervisor(tablet_of: Callable[[Part], Tablet]) -> Tablet:
    return tablet_of("supervisor")


def last_operation(db: Session, order: Order) -> str:
    newest = select(OrderEvent.operation_id).where(OrderEvent.order_id == order.id).order_by(OrderEvent.id.desc())
    return str(db.scalars(newest).first())


def rows(tablet: Tablet, path: str) -> list[dict[str, str]]:
    response = tablet.client.get(path, buffered=True)
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


@pytest.mark.both_engines
def test_the_activity_has_every_row_the_newest_operation_first(
    supervisor: Tablet, db: Session, warehouse: Warehouse
) -> None:
    lamp = warehouse.product("=LAMP", A1=9)
    order = warehouse.processing((lamp, 3))
    warehouse.ship(order, 2)

    exported = rows(supervisor, "/exports/activity.csv")

    assert len(exported) >= len(warehouse.events(order)) + len(warehouse.ledger(order))
    assert exported[0]["operation_id"] == last_operation(db, order)
    fulfilled = [row for row in exported if row["entry"] == "stock fulfill"]
    assert [(row["order_number"], row["on_hand_change"]) for row in fulfilled] == [(order.order_number, "-2")]
    assert {row["product_name"] for row in exported} <= {"", "'=LAMP"}
    assert all(row["time"][-6] in "+-" for row in exported)


def test_the_activity_takes_the_pages_filters(supervisor: Tablet, db: Session, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product("LAMP", A1=9), 3))
    warehouse.ship(order, 1)
    (link,) = [one for one in supervisor.get("/activity?kind=shipped").root.all("a") if one.words == "CSV"]

    shipped = rows(supervisor, link["href"])
    assert shipped
    assert {row["operation_id"] for row in shipped} == {last_operation(db, order)}
    assert rows(supervisor, "/exports/activity.csv?person=nobody") == []
    assert supervisor.client.get("/exports/activity.csv?day=never").status_code == 422


def test_an_order_is_called_by_its_channel_where_two_have_its_number(
    supervisor: Tablet, db: Session, cast: Cast, warehouse: Warehouse
) -> None:
    lamp = warehouse.product("LAMP", A1=9)
    order = warehouse.processing((lamp, 1))
    make_order(db, cast.store, [(lamp, 1)], channel="eBay", order_number=order.order_number)
    db.commit()

    numbers = {row["order_number"] for row in rows(supervisor, "/exports/activity.csv")}

    assert f"{order.order_number} · shop" in numbers


def test_both_are_sheets_too(supervisor: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product("LAMP", A1=9), 3))
    for path in ("/exports/activity", f"/orders/{order.id}/audit"):
        book = supervisor.client.get(f"{path}.xlsx", buffered=True)
        assert book.headers["Content-Disposition"].endswith(".xlsx")
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0).to_python()
        table = csv.reader(io.StringIO(supervisor.client.get(f"{path}.csv", buffered=True).data.decode("utf-8-sig")))
        assert [len(row) for row in sheet] == [len(row) for row in table]
