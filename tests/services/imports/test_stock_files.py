"""Stock is imported once, creates its products, is in the ledger, and fills waiting orders."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import items_of, make_inventory, make_order, make_placeholder, make_product
from tests.helpers.statements import counted
from tests.services.imports.importing import STOCK, Importer, stock, table
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.codes import ROUNDED
from webapp.domain.errors import DamagedFile
from webapp.models import Inventory, InventoryTransaction, Product, Store, TransactionType
from webapp.schemas.order import OrderUpdate
from webapp.services import order_inventory_service, order_service
from webapp.services.imports.product_facts import OTHER_FACTS
from webapp.services.imports.quantity_cells import NOT_WHOLE
from webapp.services.imports.stock_import import CHUNK_ROWS
from webapp.services.reads.product_search import find_products


def products_of(db: Session, store: Store) -> dict[str, Product]:
    db.rollback()
    stored_products = db.scalars(
        select(Product).where(Product.store_id == store.id).execution_options(populate_existing=True)
    )
    return {product.sku: product for product in stored_products}


def on_hand(db: Session, store: Store) -> dict[tuple[int, str, str], int]:
    db.rollback()
    places = db.scalars(
        select(Inventory).where(Inventory.store_id == store.id).execution_options(populate_existing=True)
    )
    return {(place.product_id, place.warehouse, place.location): place.quantity for place in places}


def test_unknown_products_are_made_and_units_are_in_the_ledger(db: Session, importer: Importer, store: Store) -> None:
    nameless = make_product(db, store, sku="B-1", gtin=None, name="")
    make_inventory(db, nameless, 2, "B-01")

    imported = importer.stock(
        stock(
            {"sku": "A-1", "gtin": "4010000000005", "product_name": "Lantern", "quantity": 5},
            {"sku": "A-1", "location": "A-02", "warehouse": "", "quantity": 7},
            {"sku": "A-1", "gtin": "4010000000005", "quantity": 1},
            {"sku": "B-1", "gtin": "00430005", "product_name": "Lamp", "location": "B-01", "quantity": 3},
        )
    )

    products = products_of(db, store)
    ledger = db.scalars(select(InventoryTransaction).order_by(InventoryTransaction.id)).all()
    assert imported.numbers == (4, 4, 0, 0)
    assert (imported.result.units, imported.result.new_products) == (16, 1)
    assert (products["A-1"].gtin, products["A-1"].name) == ("4010000000005", "Lantern")
    assert (products["B-1"].gtin, products["B-1"].name) == ("00430005", "Lamp")
    assert on_hand(db, store) == {
        (products["A-1"].id, "main", "A-01"): 6,
        (products["A-1"].id, "main", "A-02"): 7,
        (nameless.id, "main", "B-01"): 5,
    }
    assert [(row.transaction_type, row.quantity_change, row.quantity_after, row.seq) for row in ledger] == [
        (TransactionType.IMPORT, 2, 2, 1),
        (TransactionType.IMPORT, 5, 5, 1),
        (TransactionType.IMPORT, 7, 7, 1),
        (TransactionType.IMPORT, 1, 6, 2),
        (TransactionType.IMPORT, 3, 5, 2),
    ]
    assert {(row.created_by, row.reason) for row in ledger[1:]} == {("max", "Import of given.csv")}


def test_new_and_completed_products_are_found(db: Session, importer: Importer, store: Store) -> None:
    nameless = make_product(db, store, sku="B-1", gtin=None, name="")

    importer.stock(stock({"product_name": "Lantern"}, {"sku": "B-1", "product_name": "Lamp"}))

    assert len(find_products(db, store.id, "lant").product_ids) == 1
    assert list(find_products(db, store.id, "lamp").product_ids) == [nameless.id]


def test_the_same_stock_again_changes_nothing_and_says_so(db: Session, importer: Importer, store: Store) -> None:
    content = stock({"quantity": 5}, {"sku": "B-1", "quantity": "x"}, {"sku": "C-1", "quantity": 2})
    importer.stock(content)
    before = on_hand(db, store)

    for variant in (content, content.replace("\r\n", "\n"), "\ufeff" + content):
        again = importer.stock(variant)
        assert again.numbers == (3, 0, 2, 1)
        assert again.reasons[2] == again.reasons[4] == ("skipped", "already imported")
        assert again.result.is_repeat

    assert on_hand(db, store) == before


def test_another_delivery_with_equal_content_has_a_reference_of_its_own(
    db: Session, importer: Importer, store: Store
) -> None:
    for reference in ("D-1", "D-2", "D-2"):
        importer.stock(stock({"quantity": 5}), reference)

    assert list(on_hand(db, store).values()) == [10]


def test_arriving_units_go_to_the_orders_that_wait(db: Session, importer: Importer, store: Store) -> None:
    lamp = make_product(db, store, sku="A-1")
    order = make_order(db, store, [(lamp, 7)])
    update = OrderUpdate(status="processing")
    unit_of_work(db, lambda db: order_service.update_order_status(db, store.id, order.id, update))

    imported = importer.stock(stock({"quantity": 5}, {"location": "A-02", "quantity": 9}))

    status = order_inventory_service.get_shipment_status(db, store.id, order.id)
    assert imported.result.filled_units == 7
    assert [item["reserved_quantity"] for item in status["items"]] == [7]
    assert len(items_of(db, order)) == 1


def test_a_row_of_no_units_makes_its_product_known(db: Session, importer: Importer, store: Store) -> None:
    imported = importer.stock(stock({"quantity": 0}))

    assert imported.reasons == {2: ("skipped", "no units to add (quantity 0); the product itself is known now")}
    assert set(products_of(db, store)) == {"A-1"}
    assert not on_hand(db, store)


REFUSED: tuple[tuple[dict[str, object], str], ...] = (
    ({"sku": ""}, "the SKU is blank"),
    ({"location": ""}, "the location is blank"),
    ({"sku": "S" * 65}, "the SKU is longer than 64 characters"),
    ({"product_name": "n" * 256}, "the product name is longer than 255 characters"),
    ({"location": "L" * 65}, "the location is longer than 64 characters"),
    ({"gtin": "4.00638E+12"}, ROUNDED.fill(field="GTIN")),
    ({"sku": "4.00638E+12"}, ROUNDED.fill(field="SKU")),
    ({"gtin": "1" * 65}, "the GTIN is longer than 64 characters"),
    ({"sku": "A-1\u200b"}, "the SKU holds invisible characters"),
    ({"gtin": "\u200e4010000000005"}, "the GTIN holds invisible characters"),
    ({"sku": "A\tB"}, "the SKU holds control characters"),
    ({"sku": "placeholder"}, "the placeholder product has no stock"),
    ({"sku": "N-1", "gtin": "4010000000005"}, "the product B-1 has this GTIN"),
    ({"sku": "B -1"}, "a product has nearly this SKU: did you mean B-1?"),
    ({"gtin": "0000000000000"}, "the placeholder product has no stock"),
    ({"sku": "PLACEHOLDER"}, "the placeholder product has no stock"),
    ({"quantity": "-3"}, "Quantity is below 0. Enter 1 or more."),
    ({"quantity": "3.0"}, NOT_WHOLE),
    ({"quantity": ""}, "the quantity is blank"),
    ({"sku": "B-1", "quantity": 2147483647}, "the place would hold more than 2147483647 units"),
)


def test_rows_that_cannot_be_meant_are_rejected_alone(db: Session, importer: Importer, store: Store) -> None:
    make_placeholder(db, store)
    make_inventory(db, make_product(db, store, sku="B-1", gtin="4010000000005"), 1, "A-01")
    content = stock(*(row for row, _ in REFUSED), {"sku": "C-1", "quantity": 4})

    imported, again = importer.stock(content), importer.stock(content)

    refused = {number: ("rejected", reason) for number, (_, reason) in enumerate(REFUSED, 2)}
    assert imported.reasons == refused
    assert again.reasons == {**refused, len(REFUSED) + 2: ("skipped", "already imported")}
    assert sorted(on_hand(db, store).values()) == [1, 4]


def test_more_rows_than_one_chunk_come_in_and_only_once(db: Session, importer: Importer, store: Store) -> None:
    content = stock(*({"sku": f"S-{number % 450}", "quantity": 2} for number in range(2 * CHUNK_ROWS + 100)))

    imported, again = importer.stock(content), importer.stock(content)

    assert imported.numbers == (500, 500, 0, 0)
    assert again.numbers == (500, 0, 500, 0)
    assert sum(on_hand(db, store).values()) == 1000


def test_damaged_stock_changes_nothing(db: Session, importer: Importer, store: Store) -> None:
    for content in ("", "sku,gtin\nA-1,1\n", stock({}) + "A-1,,,,,,x\n", stock({}) + '"A-1,,,,,\n'):
        with pytest.raises(DamagedFile):
            importer.stock(content)

    assert not products_of(db, store)
    assert not on_hand(db, store)


def test_weight_customs_code_and_origin_complete_a_product_and_never_overwrite_it(
    db: Session, importer: Importer, store: Store
) -> None:
    make_product(db, store, sku="B-1", weight_grams=500)
    usual = {"location": "A-01", "quantity": 5, "weight_grams": "350", "hs_code": "6912.00", "origin_country": "pt"}
    rows = [{"sku": sku, **usual} for sku in ("A-1", "B-1", "C-1")]
    rows[2]["weight_grams"] = "heavy"

    imported = importer.stock(table((*STOCK, "weight_grams", "hs_code", "origin_country"), rows))

    products = products_of(db, store)
    known = {sku: (one.weight_grams, one.hs_code, one.origin_country) for sku, one in products.items()}
    assert known == {"A-1": (350, "691200", "PT"), "B-1": (500, "691200", "PT")}
    assert imported.reasons[3] == ("imported", OTHER_FACTS)
    assert imported.reasons[4][0] == "rejected"


def test_weights_of_many_products_are_stored_together(db: Session, importer: Importer, store: Store) -> None:
    rows = [{"sku": f"A-{number}", "location": "A-01", "quantity": 5, "weight_grams": number} for number in range(1, 6)]

    with counted(db.get_bind().engine) as statements:
        importer.stock(table((*STOCK, "weight_grams"), rows))

    assert sum("UPDATE products SET" in statement for statement in statements) == 1
    assert {one.weight_grams for one in products_of(db, store).values()} == {1, 2, 3, 4, 5}
