"""Each row of a delivery adds its units once, in whatever file it comes again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tests.services.imports.importing import CASES, Importer, Killed, killed_in_second_chunk, stock
from webapp.domain.quantities import MAX_QUANTITY
from webapp.models import ImportedStockRow, Inventory, InventoryTransaction, Product, Store
from webapp.services.imports.stock_import import CHUNK_ROWS
from webapp.services.imports.stock_writing import CAME_BEFORE, PLACE_FULL

CORRECTED = CASES / "06-stock-corrected"

DELIVERY = ({"sku": "A-1", "quantity": 5}, {"sku": "B-1", "quantity": 7, "warehouse": ""})


def on_hand(db: Session, store: Store) -> dict[str, int]:
    db.rollback()
    rows = db.execute(
        select(Product.sku, func.sum(Inventory.quantity).label("units"))
        .join(Inventory, (Inventory.product_id == Product.id) & (Inventory.store_id == Product.store_id))
        .where(Product.store_id == store.id)
        .group_by(Product.sku)
    )
    return {row.sku: int(row.units) for row in rows}


def test_a_corrected_and_a_sorted_file_add_only_what_is_new(db: Session, importer: Importer, store: Store) -> None:
    first, corrected, sorted_again = (
        importer.stock(CORRECTED / f"{name}.csv") for name in ("first", "corrected", "first-resorted")
    )

    assert on_hand(db, store) == {"F-ONE": 10, "F-TWO": 1000, "F-THREE": 5}
    assert [one.numbers for one in (first, corrected, sorted_again)] == [(3, 2, 0, 1), (3, 1, 2, 0), (3, 0, 2, 1)]
    assert corrected.reasons == {2: ("skipped", CAME_BEFORE), 4: ("skipped", CAME_BEFORE)}
    assert corrected.report[0]["value"].startswith("first.csv, 20")
    assert (corrected.result.rows_before, corrected.result.is_repeat) == (2, False)
    assert (sorted_again.result.rows_before, sorted_again.result.is_repeat) == (2, True)


@pytest.mark.parametrize(
    "changed",
    [
        stock(*DELIVERY) + ",,,,,\n",
        stock(*reversed(DELIVERY)),
        stock(DELIVERY[0], {**DELIVERY[1], "warehouse": "main"}),
        stock({**DELIVERY[0], "product_name": "Lantern, red"}, DELIVERY[1]),
        stock({**DELIVERY[0], "gtin": "4006380013117"}, DELIVERY[1]),
        stock({**DELIVERY[0], "sku": "a-1", "location": "a-01"}, DELIVERY[1]),
        stock(*DELIVERY).replace(",", ";"),
        "sku,location,quantity,note\nA-1,A-01,5,x\nB-1,A-01,7,\n",
    ],
)
def test_the_same_rows_in_another_file_add_nothing(db: Session, importer: Importer, store: Store, changed: str) -> None:
    importer.stock(stock(*DELIVERY))

    again = importer.stock(changed)

    assert on_hand(db, store) == {"A-1": 5, "B-1": 7}
    assert again.tally.imported == 0
    assert again.result.units == 0


def test_a_longer_file_adds_its_new_rows(db: Session, importer: Importer, store: Store) -> None:
    importer.stock(stock(*DELIVERY))

    again = importer.stock(stock({"sku": "C-1"}, *DELIVERY, {"sku": "B-1", "quantity": 8}))

    assert again.numbers == (4, 2, 2, 0)
    assert on_hand(db, store) == {"A-1": 5, "B-1": 15, "C-1": 5}


def test_a_row_that_stands_twice_is_two_boxes_each_time(db: Session, importer: Importer, store: Store) -> None:
    importer.stock(stock({}, {}))
    again = importer.stock(stock({}, {}, {}, {"sku": "B-1"}))

    assert again.numbers == (4, 2, 2, 0)
    assert on_hand(db, store) == {"A-1": 15, "B-1": 5}


def test_another_delivery_adds_the_rows_from_before_and_no_others(
    db: Session, importer: Importer, store: Store
) -> None:
    importer.stock(stock(*DELIVERY))
    content = stock(*DELIVERY, {"sku": "C-1"})
    importer.stock(content)

    for _ in range(2):
        another = importer.stock(content, is_another_delivery=True)

    assert on_hand(db, store) == {"A-1": 10, "B-1": 14, "C-1": 5}
    assert another.tally.imported == 0


def test_a_reference_tells_deliveries_apart_by_their_rows(db: Session, importer: Importer, store: Store) -> None:
    for reference in ("D-1", "D-2", "D-2"):
        importer.stock(stock(*DELIVERY), reference)
        importer.stock(stock(*reversed(DELIVERY)), reference)

    assert on_hand(db, store) == {"A-1": 10, "B-1": 14}


def test_a_row_that_was_refused_may_come_again(db: Session, importer: Importer, store: Store) -> None:
    importer.stock(stock({"quantity": MAX_QUANTITY}))
    refused = importer.stock(stock({}, {"sku": "B-1"}))
    place = db.scalars(select(Inventory).join(Product).where(Product.sku == "A-1")).one()
    assert refused.reasons[2] == ("rejected", PLACE_FULL)
    importer.stock(stock({"sku": "C-1"}, {}))
    db.rollback()

    keys = db.scalar(select(func.count()).select_from(ImportedStockRow).where(ImportedStockRow.store_id == store.id))
    assert (place.quantity, keys) == (MAX_QUANTITY, 3)


def test_what_was_added_before_rows_were_remembered_is_known_by_its_file(
    db: Session, importer: Importer, store: Store
) -> None:
    content = stock(*DELIVERY)
    importer.stock(content)
    db.execute(delete(ImportedStockRow))
    db.commit()

    assert importer.stock(content).numbers == (2, 0, 2, 0)
    assert on_hand(db, store) == {"A-1": 5, "B-1": 7}


@pytest.mark.parametrize("at_work", [True, False])
def test_an_interrupted_import_is_completed_by_a_sorted_file(
    db: Session, importer: Importer, store: Store, at_work: bool
) -> None:
    rows = [{"sku": f"S-{number}", "quantity": 3} for number in range(2 * CHUNK_ROWS)]
    with pytest.raises(Killed):
        importer.stock(stock(*rows), run=killed_in_second_chunk(importer.run_once, at_work=at_work))
    db.rollback()

    importer.stock(stock(*reversed(rows)))

    assert set(on_hand(db, store).values()) == {3}
    assert sum(on_hand(db, store).values()) == 3 * len(rows)
    assert db.scalar(select(func.count()).select_from(InventoryTransaction)) == len(rows)


def test_files_with_the_same_rows_at_once_add_them_once(
    db: Session, store: Store, new_session: Callable[[], Session], tmp_path: Path
) -> None:
    rows = [{"sku": f"S-{number}", "quantity": 3} for number in range(CHUNK_ROWS + 20)]

    def import_from(start: int) -> None:
        folder = tmp_path / str(start)
        folder.mkdir()
        Importer(new_session(), store, folder).stock(stock(*rows[start:], *rows[:start]))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(import_from, (0, 70, 140)))

    assert set(on_hand(db, store).values()) == {3}
    assert len(on_hand(db, store)) == len(rows)
