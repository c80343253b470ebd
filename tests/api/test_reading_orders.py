"""GET /orders/{order_id} and /orders/{order_id}/transactions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.helpers.client_fixtures import ApiClient
from tests.helpers.warehouse import Warehouse
from webapp.domain.clock import utc_now
from webapp.domain.holds import Hold
from webapp.domain.unknown_lines import MatchBy, UnknownCode
from webapp.models import InventoryTransaction, Order
from webapp.services.matching_service import match_lines

LEDGER_COLUMNS = [
    "id",
    "store_id",
    "product_id",
    "inventory_id",
    "seq",
    "allocation_id",
    "transaction_type",
    "quantity_change",
    "reserved_change",
    "quantity_after",
    "reserved_after",
    "location",
    "warehouse",
    "order_id",
    "order_item_id",
    "order_number",
    "reverses_id",
    "operation_id",
    "reason",
    "created_by",
    "created_at",
]
"""As docs/contract.md, "Ledger", lists them."""


TO_TRIER = {
    "ship_to_name": "Anna Ship",
    "ship_to_company": "Ship & Co",
    "ship_to_lines": "Hauptstr. 5\nHinterhaus",
    "ship_to_postcode": "01099",
    "ship_to_city": "Trier",
    "ship_to_region": "RP",
    "ship_to_country": "DE",
    "phone": "+49 651 1",
    "email": "anna@example.org",
    "language": "de",
    "shipping_method": "Express",
    "customer_note": "Ring twice",
    "packing_note": "Two layers",
    "gift_text": "Happy birthday",
}


def test_an_order_shows_its_customer_its_items_and_what_waits_for_a_person(
    warehouse: Warehouse, packer: ApiClient
) -> None:
    order = warehouse.processing((warehouse.product(A1=3), 5), customer_name="Zoë Ångström", channel="letzshop")

    shown = packer.get(f"/orders/{order.id}").get_json()

    assert (shown["order_number"], shown["order_status"]) == (order.order_number, "processing")
    assert (shown["customer_name"], shown["channel"]) == ("Zoë Ångström", "letzshop")
    assert datetime.fromisoformat(shown["ordered_at"]) == order.ordered_at
    assert [item["reserved_quantity"] for item in shown["items"]] == [3]
    (waiting,) = shown["stock_exceptions"]
    assert (waiting["item_id"], waiting["reason"], waiting["quantity"]) == (
        warehouse.item(order).id,
        "insufficient_inventory",
        2,
    )


def test_an_order_shows_its_prices_as_decimals(warehouse: Warehouse, packer: ApiClient) -> None:
    order = warehouse.processing((warehouse.product(A1=3), 1), (warehouse.product(A1=3), 1), currency="EUR")
    warehouse.item(order).unit_price = Decimal("8.5")
    warehouse.db.commit()

    shown = packer.get(f"/orders/{order.id}").get_json()

    assert shown["currency"] == "EUR"
    assert [item["unit_price"] for item in shown["items"]] == ["8.50", None]


def test_an_order_says_of_which_packs_its_lines_are(warehouse: Warehouse, packer: ApiClient) -> None:
    order = warehouse.processing((warehouse.placeholder(), 2), gtin="4099999999996")
    unknown, lamp = UnknownCode.require(MatchBy.GTIN, "4099999999996"), warehouse.product(A1=9)
    warehouse.do(match_lines, unknown=unknown, product_id=lamp.id, pack_units=3)

    (item,) = packer.get(f"/orders/{order.id}").get_json()["items"]

    assert (item["quantity"], item["pack_units"]) == (6, 3)


def test_an_order_says_why_it_is_on_hold(warehouse: Warehouse, packer: ApiClient) -> None:
    order = warehouse.order((warehouse.product(A1=3), 1), hold=Hold.UNPAID)

    assert packer.get(f"/orders/{order.id}").get_json()["hold"] == "unpaid"
    (row,) = packer.get("/orders", number=order.order_number).get_json()["orders"]
    assert row["hold"] == "unpaid"


def test_an_order_shows_where_it_goes_and_every_note(warehouse: Warehouse, packer: ApiClient) -> None:
    product = warehouse.product(A1=3)
    order = warehouse.processing((product, 1), **TO_TRIER)
    bare = warehouse.processing((product, 1))

    shown, empty = (packer.get(f"/orders/{one.id}").get_json() for one in (order, bare))

    assert shown["ship_to"] == {
        "name": "Anna Ship",
        "company": "Ship & Co",
        "lines": ["Hauptstr. 5", "Hinterhaus"],
        "postcode": "01099",
        "city": "Trier",
        "region": "RP",
        "country": "DE",
    }
    rest = {name: text for name, text in TO_TRIER.items() if not name.startswith("ship_to")}
    assert {name: shown[name] for name in rest} == rest
    assert (shown["packing_note_read_by"], shown["packing_note_read_at"]) == (None, None)
    assert empty["ship_to"] == {**dict.fromkeys(shown["ship_to"], ""), "lines": []}
    assert {empty[name] for name in rest} == {""}


def test_an_order_shows_who_read_its_packing_note(warehouse: Warehouse, packer: ApiClient) -> None:
    order = warehouse.processing((warehouse.product(A1=3), 1), packing_note="Two layers")

    warehouse.read_packing_note(order)

    shown = packer.get(f"/orders/{order.id}").get_json()
    assert shown["packing_note_read_by"] == "paula"
    assert datetime.fromisoformat(shown["packing_note_read_at"]) <= utc_now()


def test_the_transactions_of_an_order_are_its_ledger_rows_oldest_first(
    warehouse: Warehouse, order: Order, packer: ApiClient, db: Session
) -> None:
    warehouse.ship(order, 1)
    warehouse.undo(order)
    warehouse.ship(order, 2)

    answer = packer.get(f"/orders/{order.id}/transactions").get_json()

    rows = db.scalars(
        select(InventoryTransaction)
        .where(InventoryTransaction.store_id == order.store_id, InventoryTransaction.order_id == order.id)
        .order_by(InventoryTransaction.id)
    ).all()
    assert (answer["order_id"], answer["order_number"]) == (order.id, order.order_number)
    assert [row["id"] for row in answer["transactions"]] == [row.id for row in rows]
    for sent, stored in zip(answer["transactions"], rows, strict=True):
        assert sorted(sent) == sorted(LEDGER_COLUMNS)
        assert sent.pop("created_at") == stored.created_at.isoformat().replace("+00:00", "Z")
        assert sent == {name: getattr(stored, name) for name in sent}
    kinds = [row["transaction_type"] for row in answer["transactions"]]
    assert kinds == ["reserve", "reserve", "fulfill", "fulfill", "fulfill"]
    assert answer["transactions"][3]["reverses_id"] == answer["transactions"][2]["id"]


def test_an_order_that_never_touched_stock_has_no_transactions(warehouse: Warehouse, packer: ApiClient) -> None:
    order = warehouse.order((warehouse.product(A1=3), 1))

    assert packer.get(f"/orders/{order.id}/transactions").get_json()["transactions"] == []
