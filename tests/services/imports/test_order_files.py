"""Orders are imported whole or not at all, once, with the right products."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.factories import channel_of, items_of, make_order, make_product, make_store
from tests.services.imports.importing import NATIVE, Importer, native, table
from webapp.domain.errors import DamagedFile
from webapp.domain.events import EventKind
from webapp.domain.statuses import OrderStatus
from webapp.models import Order, OrderEvent, OrderSearchWord, Store
from webapp.services.imports.dates import UNREADABLE
from webapp.services.imports.order_changes import ANOTHER_ORDER
from webapp.services.imports.quantity_cells import NOT_WHOLE


def orders_of(db: Session, store: Store) -> dict[str, Order]:
    db.rollback()
    return {order.order_number: order for order in db.scalars(select(Order).where(Order.store_id == store.id))}


def test_an_order_comes_in_with_its_lines_its_event_and_its_words(
    db: Session, importer: Importer, store: Store
) -> None:
    imported = importer.orders(
        native(
            {
                "customer_name": "Zoë Brontë",
                "channel": "shop",
                "sku": "A-1",
                "gtin": "4010000000005",
                "product_name": "Lamp",
                "quantity": 2,
            },
            {"customer_name": "Zoë Brontë", "channel": "shop", "sku": "B-1", "quantity": 1},
        )
    )

    order = orders_of(db, store)["1001"]
    event = db.scalars(select(OrderEvent).where(OrderEvent.order_id == order.id)).one()
    words = set(db.scalars(select(OrderSearchWord.word).where(OrderSearchWord.order_id == order.id)))
    assert imported.numbers == (2, 2, 0, 0)
    assert (order.status, channel_of(db, order).code, order.version) == (OrderStatus.PENDING, "shop", 1)
    assert order.ordered_at == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert [(item.sku, item.gtin, item.product_name, item.quantity, item.position) for item in items_of(db, order)] == [
        ("A-1", "4010000000005", "Lamp", 2, 1),
        ("B-1", None, "", 1, 2),
    ]
    assert (event.kind, event.actor) == (EventKind.IMPORTED, "max")
    assert (event.details["source"], event.details["format"], event.details["rows"]) == ("given.csv", "native", 2)
    assert words == {"1001", "zoe", "bronte"}


def test_a_promised_day_ends_at_the_stores_midnight(
    db: Session, importer: Importer, store: Store, tmp_path: Path
) -> None:
    file = native({"order_number": "1", "ordered_at": "2026-01-05 10:00", "ship_by": "2026-01-09"})
    store.time_zone = "America/Los_Angeles"
    db.commit()

    abroad = Importer(importer.session, store, tmp_path)
    assert abroad.orders(file).result.new_orders == 1
    again = importer.orders(file).result, abroad.orders(file).result

    (order,) = db.scalars(select(Order))
    assert order.ordered_at == datetime(2026, 1, 5, 18, tzinfo=UTC)
    assert order.ship_by == datetime(2026, 1, 10, 7, 59, 59, tzinfo=UTC)
    assert [(one.known_orders, one.rejected_orders) for one in again] == [(1, 0), (1, 0)], "whatever the zone is now"


def test_without_a_ship_by_date_the_stores_promise_counts(db: Session, importer: Importer, store: Store) -> None:
    importer.hours = 30
    importer.orders(native({"order_number": "1"}, {"order_number": "2", "ship_by": "2026-01-09"}))

    orders = orders_of(db, store)
    assert orders["1"].ship_by == orders["1"].ordered_at + timedelta(hours=30)
    assert orders["2"].ship_by == datetime(2026, 1, 9, 23, 59, 59, tzinfo=UTC)


def test_rows_of_an_order_need_not_stand_together(db: Session, importer: Importer, store: Store) -> None:
    imported = importer.orders(
        native(
            {"order_number": "1", "sku": "A-1"},
            {"order_number": "2", "sku": "B-1"},
            {"order_number": "1", "sku": "C-1"},
        )
    )

    orders = orders_of(db, store)
    assert imported.numbers == (3, 3, 0, 0)
    assert [item.sku for item in items_of(db, orders["1"])] == ["A-1", "C-1"]
    assert [item.sku for item in items_of(db, orders["2"])] == ["B-1"]


def test_one_bad_row_rejects_its_order_and_no_other(db: Session, importer: Importer, store: Store) -> None:
    imported = importer.orders(
        native(
            {"order_number": "1", "quantity": 1},
            {"order_number": "1", "quantity": "6.0"},
            {"order_number": "2", "quantity": 1},
            {"order_number": "1", "quantity": -1},
        )
    )

    assert imported.numbers == (4, 1, 0, 3)
    assert imported.reasons == {
        2: ("rejected", "another row of this order was rejected"),
        3: ("rejected", NOT_WHOLE),
        5: ("rejected", "Quantity is below 0. Enter 1 or more."),
    }
    assert imported.report[1]["value"] == "6.0"
    assert set(orders_of(db, store)) == {"2"}


NO_QUANTITIES = (" ", "0", "-1", "6.0", "1,5", "1e3", "six", "٣", "１２", "1_0", "+6", "06", "2147483648", "9" * 19)


def test_a_quantity_is_digits_from_1_to_the_most(db: Session, importer: Importer, store: Store) -> None:
    rows = ({"order_number": f"Q-{number}", "quantity": text} for number, text in enumerate(NO_QUANTITIES))

    imported = importer.orders(native(*rows))

    assert imported.numbers == (len(NO_QUANTITIES), 0, 0, len(NO_QUANTITIES))
    assert "another row of this order was rejected" not in {line["reason"] for line in imported.report}
    assert not orders_of(db, store)


def test_the_largest_quantity_comes_in(db: Session, importer: Importer, store: Store) -> None:
    importer.orders(native({"quantity": " 2147483647 "}))

    assert items_of(db, orders_of(db, store)["1001"])[0].quantity == 2**31 - 1


REFUSED_ROWS: tuple[tuple[dict[str, str], str], ...] = (
    ({"order_number": ""}, "the order number is blank"),
    ({"order_number": "1\u200b"}, "the order number holds characters that cannot be seen"),
    ({"order_number": "9" * 65}, "the order number is longer than 64 characters"),
    ({"sku": "S" * 65}, "the SKU is longer than 64 characters"),
    ({"gtin": "4" * 65}, "the GTIN is longer than 64 characters"),
    ({"channel": "c" * 33}, "the channel is longer than 32 characters"),
    ({"product_name": "n" * 1001}, "the product name is too long"),
    ({"sku": ""}, "the row names no product: SKU, GTIN and product name are blank"),
    ({"ordered_at": ""}, "the order date is blank"),
    ({"ordered_at": "yesterday"}, f"order date: {UNREADABLE}"),
    ({"ordered_at": "12/1/2010 8:26"}, f"order date: {UNREADABLE}"),
    ({"ship_by": "0202-01-01"}, "ship-by date: the date is not between 1970 and 2199"),
)


def test_rows_that_cannot_be_kept_as_they_are_are_rejected_with_the_reason(
    db: Session, importer: Importer, store: Store
) -> None:
    rows = ({"order_number": f"R-{number}", **row} for number, (row, _) in enumerate(REFUSED_ROWS))

    imported = importer.orders(native(*rows, {"order_number": "good"}))

    assert imported.reasons == {number: ("rejected", reason) for number, (_, reason) in enumerate(REFUSED_ROWS, 2)}
    assert set(orders_of(db, store)) == {"good"}


def test_rows_that_disagree_about_the_customer_are_no_order(db: Session, importer: Importer, store: Store) -> None:
    imported = importer.orders(native({"customer_name": "Anna"}, {"customer_name": ""}, {"customer_name": "Berta"}))

    assert imported.numbers == (3, 0, 0, 3)
    assert imported.reasons[4] == ("rejected", "the customer name differs from that of the order's first row")
    assert not orders_of(db, store)


def test_a_long_product_name_is_cut_and_the_history_says_so(db: Session, importer: Importer, store: Store) -> None:
    importer.orders(native({"product_name": "n" * 256, "customer_name": "c" * 200}))

    order = orders_of(db, store)["1001"]
    event = db.scalars(select(OrderEvent).where(OrderEvent.order_id == order.id)).one()
    assert len(order.customer_name) == 200
    assert len(items_of(db, order)[0].product_name) == 255
    assert event.details["shortened"] == ["row 2: product name cut at 255 characters"]


@pytest.mark.parametrize("length", [201, 1500])
def test_a_long_customer_name_is_never_cut(db: Session, importer: Importer, store: Store, length: int) -> None:
    imported = importer.orders(native({"customer_name": "c" * length}))

    reason = f"the customer name has {length} characters, and at most 200 are kept"
    assert imported.reasons[2] == ("rejected", reason)
    assert not orders_of(db, store)


def test_a_sku_that_an_order_repeats_stays_two_lines(db: Session, importer: Importer, store: Store) -> None:
    importer.orders(native({"quantity": 2}, {"quantity": 3}))

    assert [item.quantity for item in items_of(db, orders_of(db, store)["1001"])] == [2, 3]


def test_the_same_file_again_changes_nothing_and_says_so(db: Session, importer: Importer, store: Store) -> None:
    content = native({"order_number": "1"}, {"order_number": "2", "quantity": "0"}, {"order_number": "3"})
    importer.orders(content)
    before = db.scalar(select(func.count()).select_from(OrderEvent))

    again = importer.orders(content)

    db.rollback()
    assert again.numbers == (3, 0, 2, 1)
    assert again.reasons[2] == again.reasons[4] == ("skipped", "already imported")
    assert again.result.known_orders == 2
    assert db.scalar(select(func.count()).select_from(OrderEvent)) == before == 2


def test_a_known_order_is_known_in_other_files_and_after_it_moved_on(
    db: Session, importer: Importer, store: Store
) -> None:
    importer.orders(native({"order_number": "1", "sku": "A-1"}, {"order_number": "1", "sku": "B-1"}))
    db.execute(update(Order).values(status=OrderStatus.SHIPPED, ship_by=datetime(2030, 1, 1, tzinfo=UTC)))
    db.commit()
    importer.hours = 99

    again = importer.orders(
        native({"order_number": "1", "sku": "B-1"}, {"order_number": "2"}, {"order_number": "1", "sku": "A-1"})
    )

    assert again.reasons == {2: ("skipped", "already imported"), 4: ("skipped", "already imported")}
    assert set(orders_of(db, store)) == {"1", "2"}


def test_a_known_number_of_another_day_is_rejected(db: Session, importer: Importer, store: Store) -> None:
    importer.orders(native({"order_number": "1", "quantity": 1}))

    again = importer.orders(native({"order_number": "1", "quantity": 2, "ordered_at": "2027-01-05 10:00"}))

    assert again.reasons == {2: ("rejected", ANOTHER_ORDER)}
    assert again.result.rejected_orders == 1
    assert items_of(db, orders_of(db, store)["1"])[0].quantity == 1


def test_a_number_of_another_store_is_free_here(db: Session, importer: Importer, store: Store) -> None:
    other = make_store(db)
    make_order(db, other, [(make_product(db, other), 1)], order_number="1001")

    assert importer.orders(native({})).result.new_orders == 1
    assert set(orders_of(db, store)) == {"1001"}


def test_an_order_too_large_to_hold_is_rejected_row_by_row(db: Session, importer: Importer, store: Store) -> None:
    rows = [{"order_number": "big", "quantity": 1}] * 5001

    imported = importer.orders(native({"order_number": "1"}, *rows))

    assert imported.numbers == (5002, 1, 0, 5001)
    assert imported.result.rejected_orders == 1
    assert set(orders_of(db, store)) == {"1"}


DAMAGED: tuple[tuple[bytes, str], ...] = (
    (b"", "The file is empty"),
    (b"\n\n", "The file is empty"),
    (",".join(NATIVE).encode(), "a header and no rows"),
    (b"sku,quantity\nA,1\n", "the columns order_number and ordered_at are missing"),
    (",".join(NATIVE[:-1]).encode() + b"\n", "the column quantity is missing"),
    (";".join(NATIVE).encode() + b"\n", "a header and no rows"),
    ((",".join(NATIVE) + ",sku\n").encode(), "has sku more than once"),
    (
        b"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,CustomerID\n1,2,3,4,5,6\n",
        "try --format online-retail",
    ),
    (native({}).encode() + b"2,2026-01-05,,,,A,,,1,surplus\n", "Line 3 has 10 fields"),
    (native({}, {"product_name": "x"}).encode() + b"\x81", "Line 4 is not UTF-8"),
)


def test_a_damaged_file_changes_nothing(db: Session, importer: Importer, store: Store) -> None:
    for content, sentence in DAMAGED:
        with pytest.raises(DamagedFile, match=sentence):
            importer.orders(content)

    assert not orders_of(db, store)
    assert not list((importer.folder / "reports").iterdir())


def test_columns_are_found_in_any_order_and_spelling(db: Session, importer: Importer, store: Store) -> None:
    header = ["Quantity", "note", *(name.upper().replace("_", " ") for name in NATIVE[:-1])]
    row = {"Quantity": 3, "ORDER NUMBER": "1", "ORDERED AT": "2026-01-05", "SKU": "A-1", "note": "mind the dog"}

    imported = importer.orders("\ufeff" + table(header, [row, {}]))

    assert imported.result.unused_columns == ("note",)
    assert imported.reasons == {3: ("skipped", "empty row")}
    assert items_of(db, orders_of(db, store)["1"])[0].quantity == 3


def test_a_cell_of_the_report_is_no_formula(importer: Importer) -> None:
    imported = importer.orders(native({"order_number": "=1+1", "quantity": "-1"}))

    assert imported.report[0] == {
        "row": "2",
        "order_number": "'=1+1",
        "outcome": "rejected",
        "reason": "Quantity is below 0. Enter 1 or more.",
        "value": "'-1",
    }
