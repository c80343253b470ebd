"""Files whose codes are spelled in many ways, with the right outcome of each row, and their neighbours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.imports.importing import CASES, Importer, case, native, stock
from tests.services.imports.test_stock_files import products_of
from webapp.domain.codes import ROUNDED
from webapp.models import Inventory, Order, OrderItem, Product, Store
from webapp.presenters.picking.screen import find_scanned
from webapp.services import matching_service, product_code_service
from webapp.services.imports import product_matching, stock_writing
from webapp.services.imports.product_matching import ALIKE, OTHER_SPELLING, SHARED_GTIN, TWO_PRODUCTS
from webapp.services.imports.stock_writing import CODE_OF_ANOTHER, OF_A_CASE
from webapp.services.reads.order_search import find_orders
from webapp.services.reads.picking_queries import read_progress
from webapp.services.reads.product_codes import owners_of, read_codes
from webapp.services.reads.product_search import find_products


@pytest.fixture
def based(importer: Importer) -> Importer:
    """An importer for a store with the base stock: MUG-BLUE, MUG-RED, TEA-UPC and PLATE, 50 units each."""
    assert importer.stock(case("00-base-stock")).numbers == (4, 4, 0, 0)
    return importer


def matches(db: Session, store: Store) -> dict[str, list[str]]:
    """Return the SKUs of each order's products, by its number; the placeholder's is blank."""
    rows = db.execute(
        select(Order.order_number, Product.sku, Product.is_placeholder)
        .join(OrderItem, OrderItem.order_id == Order.id)
        .join(Product, Product.id == OrderItem.product_id)
        .where(Order.store_id == store.id)
        .order_by(Order.id, OrderItem.position)
    )
    found: dict[str, list[str]] = {}
    for number, sku, is_placeholder in rows:
        found.setdefault(number, []).append("" if is_placeholder else sku)
    return found


def on_hand(db: Session, store: Store) -> dict[str, int]:
    rows = db.execute(
        select(Product.sku, Inventory.quantity)
        .join(Product, Product.id == Inventory.product_id)
        .where(Product.store_id == store.id)
    )
    units: dict[str, int] = {}
    for sku, quantity in rows:
        units[sku] = units.get(sku, 0) + quantity
    return units


def test_gtins_that_a_spreadsheet_rounded_are_rejected_and_say_what_to_do(
    db: Session, based: Importer, store: Store
) -> None:
    for name in ("04-gtin-exponent", "04-gtin-exponent-later"):
        imported = based.orders(case(name))
        assert set(imported.reasons.values()) == {("rejected", ROUNDED.fill(field="GTIN"))}

    assert matches(db, store) == {}


def test_a_rounded_sku_is_rejected_alike(based: Importer) -> None:
    imported = based.orders(native({"sku": "5,01E+12"}, {"order_number": "2", "sku": "MUG-RED"}))

    assert imported.reasons == {2: ("rejected", ROUNDED.fill(field="SKU"))}


def test_every_form_of_a_gtin_leads_to_its_product_or_is_rejected(db: Session, based: Importer, store: Store) -> None:
    imported = based.orders(case("08-gtin-forms"))

    tea, mug = {f"GT-{number}": ["TEA-UPC"] for number in range(1, 5)}, {f"GT-{n}": ["MUG-BLUE"] for n in range(5, 12)}
    del mug["GT-10"]
    assert matches(db, store) == {**tea, **mug}
    assert imported.reasons == {
        11: ("rejected", "the GTIN holds invisible characters"),
        13: ("rejected", "the GTIN's check digit is wrong, and there is no SKU to find the product by"),
    }


def test_one_article_is_one_product_whatever_the_form_of_its_gtin(db: Session, based: Importer, store: Store) -> None:
    imported = based.stock(case("08-stock-gtin-forms"))

    assert imported.reasons == {3: ("rejected", "the product TEA-UPC has this GTIN")}
    assert on_hand(db, store)["TEA-UPC"] == 55
    assert set(products_of(db, store)) == {"MUG-BLUE", "MUG-RED", "TEA-UPC", "PLATE"}
    assert products_of(db, store)["TEA-UPC"].gtin == "043210000101"


def test_a_new_box_brings_its_gtin_and_its_units(db: Session, based: Importer, store: Store) -> None:
    imported = based.stock(case("18-gtin-changed-stock"))
    based.orders(
        native(*({"order_number": gtin, "sku": "", "gtin": gtin} for gtin in ("2000000000022", "2000000000039")))
    )

    red = products_of(db, store)["MUG-RED"]
    codes = [(one.code, one.units, one.taught_by) for one in read_codes(db, store.id, red.id)]
    assert (imported.numbers, imported.reasons) == ((1, 1, 0, 0), {})
    assert (red.gtin, on_hand(db, store)["MUG-RED"]) == ("2000000000022", 55)
    assert codes == [("2000000000022", 1, "max"), ("2000000000039", 1, "max")]
    assert matches(db, store) == {"2000000000022": ["MUG-RED"], "2000000000039": ["MUG-RED"]}
    assert set(find_products(db, store.id, "02000000000039").product_ids) == {red.id}


def test_a_case_is_never_taken_for_one_unit(db: Session, based: Importer, store: Store) -> None:
    blue = products_of(db, store)["MUG-BLUE"]
    product_code_service.teach_code(db, store.id, blue.id, "12000000000012", 6, actor="max")
    db.commit()

    ordered = based.orders(native({"sku": "MUG-BLUE", "gtin": "12000000000012"}))
    stocked = based.stock(stock({"sku": "MUG-BLUE", "gtin": "12000000000012", "quantity": 5}))

    assert matches(db, store) == {"1001": [""]}
    assert ordered.reasons == {2: ("imported", product_matching.OF_A_CASE)}
    assert stocked.reasons == {2: ("rejected", OF_A_CASE.fill(units=6, sku="MUG-BLUE"))}


@pytest.mark.parametrize("sku", ["SUPPLIER-7", "supplier\u20117", "12000000000012", "4006381333931", "04006381333931"])
def test_a_code_of_a_product_is_no_new_products_sku(db: Session, based: Importer, store: Store, sku: str) -> None:
    blue = products_of(db, store)["MUG-BLUE"]
    for code, units in (("SUPPLIER-7", 1), ("12000000000012", 6), ("4006381333931", 1)):
        product_code_service.teach_code(db, store.id, blue.id, code, units, actor="max")
    db.commit()

    stocked = based.stock(stock({"sku": sku, "quantity": 5}, {"sku": "NEW", "quantity": 1}))

    assert stocked.reasons == {2: ("rejected", CODE_OF_ANOTHER.fill(sku="MUG-BLUE"))}
    assert set(products_of(db, store)) == {"MUG-BLUE", "MUG-RED", "TEA-UPC", "PLATE", "NEW"}


def test_a_gtin_is_no_other_products_sku_in_the_same_file(db: Session, based: Importer, store: Store) -> None:
    rows = ({"sku": "NEW", "gtin": "12000000000012"}, {"sku": "12000000000012"}, {"sku": "4006381333931"})
    stocked = based.stock(stock(*rows, {"sku": "4006381333931", "gtin": "4006381333931"}))

    assert stocked.reasons == {3: ("rejected", CODE_OF_ANOTHER.fill(sku="NEW"))}
    assert products_of(db, store)["4006381333931"].gtin == "4006381333931"


def test_a_code_that_became_a_cases_during_the_import_is_not_taken_for_a_unit(
    db: Session, based: Importer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    blue = products_of(db, store)["MUG-BLUE"]
    blue_id, own = blue.id, blue.gtin
    looked_up = iter([False])

    def owners_then_teach(*asked: Any) -> Any:
        owners = owners_of(*asked)
        if next(looked_up, True) is False:
            product_code_service.teach_code(asked[0], store.id, blue_id, "12000000000012", 6, actor="max")
        return owners

    monkeypatch.setattr(stock_writing, "owners_of", owners_then_teach)
    case_of_blue = {"sku": "MUG-BLUE", "gtin": "12000000000012", "quantity": 5}
    stocked = based.stock(stock(case_of_blue, case_of_blue))

    assert stocked.reasons == dict.fromkeys((2, 3), ("rejected", OF_A_CASE.fill(units=6, sku="MUG-BLUE")))
    assert on_hand(db, store)["MUG-BLUE"] == 50
    assert products_of(db, store)["MUG-BLUE"].gtin == own


def test_a_line_is_matched_by_another_code_of_its_product(db: Session, based: Importer, store: Store) -> None:
    blue = products_of(db, store)["MUG-BLUE"]
    product_code_service.teach_code(db, store.id, blue.id, "SUPPLIER-7", actor="max")
    db.commit()

    based.orders(native({"sku": "SUPPLIER-7"}))

    assert matches(db, store) == {"1001": ["MUG-BLUE"]}


@pytest.mark.parametrize("form", ["2000000000015", "02000000000015"])
def test_lists_find_a_gtin_in_each_form(db: Session, based: Importer, store: Store, form: str) -> None:
    based.orders(native({"sku": "MUG-BLUE"}, {"order_number": "2", "sku": "PLATE"}))

    order = db.scalars(select(Order).where(Order.order_number == "1001")).one()
    mug = products_of(db, store)["MUG-BLUE"]
    assert find_orders(db, store.id, form).order_ids == {order.id}
    assert set(find_products(db, store.id, form).product_ids) == {mug.id}


@pytest.mark.parametrize("form", ["043210000101", "0043210000101", "00043210000101"])
def test_lists_find_a_upc_in_each_form(db: Session, based: Importer, store: Store, form: str) -> None:
    based.orders(native({"sku": "TEA-UPC"}))

    assert find_orders(db, store.id, form).order_ids
    assert find_products(db, store.id, form).product_ids


def test_other_spellings_of_a_sku_make_no_twin(db: Session, based: Importer, store: Store) -> None:
    imported = based.stock(case("09-sku-forms-stock"))

    assert set(products_of(db, store)) == {"MUG-BLUE", "MUG-RED", "TEA-UPC", "PLATE", "CAF\u00c9"}
    assert on_hand(db, store) == {"MUG-BLUE": 65, "MUG-RED": 50, "TEA-UPC": 50, "PLATE": 50, "CAF\u00c9": 10}
    assert imported.reasons == {
        2: ("imported", OTHER_SPELLING),
        3: ("rejected", "the SKU holds invisible characters"),
        4: ("imported", OTHER_SPELLING),
        6: ("imported", OTHER_SPELLING),
        7: ("rejected", "the SKU holds control characters"),
    }


def test_orders_find_a_sku_in_other_spellings(db: Session, based: Importer, store: Store) -> None:
    imported = based.orders(case("09-sku-forms-orders"))

    assert matches(db, store) == {"SK-1": ["MUG-BLUE"], "SK-3": ["MUG-BLUE"]}
    assert imported.reasons == {
        2: ("imported", OTHER_SPELLING),
        3: ("rejected", "the SKU holds invisible characters"),
    }


def test_a_sku_that_only_looks_like_another_waits(db: Session, based: Importer, store: Store) -> None:
    based.stock(stock({"sku": "BIG CUP"}, {"sku": "0010"}, {"sku": "CAF\u00c9"}))

    imported = based.orders(
        native(
            {"order_number": "1", "sku": "BIGCUP"},
            {"order_number": "2", "sku": "10"},
            {"order_number": "3", "sku": "CAFE"},
            {"order_number": "4", "sku": "big  cup"},
        )
    )

    assert matches(db, store) == {"1": [""], "2": [""], "3": [""], "4": ["BIG CUP"]}
    assert imported.reasons == {2: ("imported", ALIKE), 5: ("imported", OTHER_SPELLING)}


def test_twins_from_before_keep_their_own_lines_and_a_third_spelling_waits(
    db: Session, based: Importer, store: Store
) -> None:
    db.add(Product(store_id=store.id, sku="mug-blue", sku_twin=1, name="A twin"))
    db.commit()

    imported = based.orders(
        native(*({"order_number": sku, "sku": sku} for sku in ("MUG-BLUE", "mug-blue", "Mug-Blue")))
    )
    stocked = based.stock(stock({"sku": "Mug-blue", "quantity": 5}))

    assert matches(db, store) == {"MUG-BLUE": ["MUG-BLUE"], "mug-blue": ["mug-blue"], "Mug-Blue": [""]}
    assert imported.reasons == {4: ("imported", ALIKE)}
    assert stocked.numbers == (1, 0, 0, 1)


def test_a_line_whose_gtin_and_sku_name_two_products_waits_and_says_so(
    db: Session, based: Importer, store: Store
) -> None:
    imported = based.orders(case("17-gtin-and-sku-disagree"))

    assert matches(db, store) == {"CF-1": [""]}
    assert imported.reasons == {2: ("imported", TWO_PRODUCTS)}
    assert imported.report[0]["value"] == "2000000000015 MUG-RED"


def test_matching_such_a_line_does_not_give_one_products_gtin_to_another(
    db: Session, based: Importer, store: Store
) -> None:
    based.orders(case("17-gtin-and-sku-disagree"))

    red = products_of(db, store)["MUG-RED"]
    result = matching_service.match_gtin(db, store.id, "2000000000015", red.id, actor="max")
    db.commit()
    based.orders(native({"order_number": "LATER", "sku": "", "gtin": "2000000000015"}))

    assert (result["matched_items"], result["is_remembered"]) == (1, False)
    assert matches(db, store) == {"CF-1": ["MUG-RED"], "LATER": ["MUG-BLUE"]}


def test_what_was_matched_before_its_product_was_stocked_goes_to_the_product(
    db: Session, based: Importer, store: Store
) -> None:
    folder = CASES / "27-matched-before-stocked"
    based.orders(folder / "orders.csv")
    red = products_of(db, store)["MUG-RED"]
    matching_service.match_gtin(db, store.id, "12000000000012", red.id, actor="max")
    db.commit()
    stocked = based.stock(folder / "stock.csv")

    later = based.orders(folder / "orders-later.csv")
    unclear = based.orders(native({"order_number": "MB-3", "sku": "", "gtin": "12000000000012"}))

    assert matches(db, store)["MB-2"] == ["SAUCER-GREEN"]
    assert stocked.tally.imported == 1
    assert not later.reasons
    assert unclear.reasons == {2: ("imported", SHARED_GTIN)}
    assert matches(db, store)["MB-3"] == [""]


def test_a_gtin_that_is_none_leaves_the_line_to_its_sku_and_the_report_says_so(
    db: Session, based: Importer, store: Store
) -> None:
    texts = ("2000000000016", "12345", "Does not apply", "B00EXAMPLE", "0000000000000")
    imported = based.orders(
        native(*({"order_number": text, "sku": "MUG-RED", "gtin": text} for text in texts), {"gtin": ""})
    )

    assert matches(db, store) == {**{text: ["MUG-RED"] for text in texts}, "1001": [""]}
    assert [reason for _, reason in imported.reasons.values()] == [
        product_matching.NO_GTIN.fill(fault=fault)
        for fault in (
            "the GTIN's check digit is wrong",
            "a GTIN has 8, 12, 13 or 14 digits",
            "a GTIN has digits only",
            "a GTIN has digits only",
            "a GTIN is not all zeros",
        )
    ]
    assert imported.report[0]["value"] == "2000000000016"
    assert set(db.scalars(select(OrderItem.gtin))) == {None}


def test_a_line_that_only_says_that_it_has_no_gtin_goes_by_its_name(db: Session, based: Importer, store: Store) -> None:
    named = {"order_number": "1", "sku": "", "gtin": "Does not apply", "product_name": "A lamp"}
    nameless = {"order_number": "2", "sku": "", "gtin": "Does not apply"}

    imported = based.orders(native(named, nameless))

    assert matches(db, store) == {"1": [""]}
    assert imported.reasons[3][0] == "rejected"


def test_a_scan_leads_to_the_product_and_zeros_count_in_a_sku(db: Session, based: Importer, store: Store) -> None:
    based.stock(case("20-scan-stock"))
    based.orders(case("20-scan-orders"))

    def scanned(number: str, code: str) -> str | None:
        order = db.scalars(select(Order).where(Order.order_number == number)).one()
        progress = read_progress(db, store.id, order.id, timedelta(minutes=15))
        item = progress.item(find_scanned(progress, code).item_id or 0)
        return item.product_sku if item else None

    for code in ("043210000101", "0043210000101", "00043210000101", "tea-upc", "TEA\u2011UPC"):
        assert scanned("SCAN-1", code) == "TEA-UPC", code
    assert scanned("SCAN-1", "02000000000015") == "MUG-BLUE"
    assert scanned("SCAN-1", "43210000101") is None
    assert [scanned("SCAN-2", code) for code in ("10", "0010", "010", "00010")] == ["10", "0010", None, None]


def test_codes_with_blanks_and_of_four_characters_are_found_by_a_scan(
    db: Session, based: Importer, store: Store
) -> None:
    based.stock(case("24-scanner-stock"))
    based.orders(case("24-scanner-order"))
    order = db.scalars(select(Order).where(Order.order_number == "KEY-1")).one()
    progress = read_progress(db, store.id, order.id, timedelta(minutes=15))

    for code, sku in (("BIG CUP", "BIG CUP"), ("big  cup", "BIG CUP"), ("C001", "C001"), ("cup-12", None)):
        item = progress.item(find_scanned(progress, code).item_id or 0)
        assert (item and item.sku) == sku, code


def test_what_stays_apart_in_a_gtin_column_is_one_gtin_in_the_database(
    db: Session, based: Importer, store: Store
) -> None:
    based.orders(case("08-gtin-forms"))

    stored = db.connection().exec_driver_sql("SELECT DISTINCT gtin FROM order_items ORDER BY gtin").scalars().all()

    assert stored == ["00043210000101", "02000000000015"]
