"""A product that was made twice is merged with its twin: everything moves at once, and back while nothing happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from tests.factories import make_product, make_store
from tests.factories.numbers import gtin13
from tests.helpers.warehouse import Warehouse
from webapp.database.unit_of_work import Once
from webapp.domain.errors import ConflictError, InvalidInput, ProductNotFound, UndoRefused
from webapp.models import InventoryTransaction, Match, Order, Product, ProductMerge
from webapp.services import inventory_service, matching_service, product_code_service
from webapp.services.imports.product_matching import OF_A_MERGED, OrderedAs, ProductFinder
from webapp.services.product_merge_service import ProductsMerged, merge_products, undo_merge
from webapp.services.reads.product_codes import read_codes
from webapp.services.reads.product_search import find_products

pytestmark = pytest.mark.both_engines

CASE = "14006381333938"


def merge(warehouse: Warehouse, former: Product, survivor: Product, once: Once | None = None) -> ProductsMerged:
    return warehouse.do(merge_products, once, product_id=former.id, survivor_id=survivor.id, actor="max")


def undo(warehouse: Warehouse, former: Product) -> ProductsMerged:
    return warehouse.do(undo_merge, product_id=former.id, actor="max")


def product_of(warehouse: Warehouse, order: Order, line: int = 1) -> int:
    warehouse.db.rollback()
    return warehouse.item(order, line).product_id


def ledger_rows(warehouse: Warehouse) -> int:
    warehouse.db.rollback()
    of_store = InventoryTransaction.store_id == warehouse.store.id
    return warehouse.db.scalar(select(func.count()).select_from(InventoryTransaction).where(of_store)) or 0


def test_stock_is_joined_place_by_place_and_reserved_units_stay_with_their_lines(warehouse: Warehouse) -> None:
    twin, mug = warehouse.product("Mug 2", A1=5, B2=4), warehouse.product("Mug", A1=10)
    order, other = warehouse.processing((twin, 7)), warehouse.processing((mug, 2))

    done = merge(warehouse, twin, mug)

    assert (done["units"], done["lines"], done["is_new"]) == (9, 1, True)
    assert warehouse.shelves(mug) == {"A1": (15, 7), "B2": (4, 2)}
    assert all(units == (0, 0) for units in warehouse.shelves(twin).values())
    assert product_of(warehouse, order) == product_of(warehouse, other) == mug.id
    warehouse.ship(order, 7)
    warehouse.ship(other, 2)
    assert warehouse.unsound() == []


def test_available_units_of_one_fill_the_backorders_of_the_other(warehouse: Warehouse) -> None:
    twin, mug = warehouse.product("Mug 2", A1=5), warehouse.product("Mug", A1=1)
    waits, waits_too = warehouse.processing((mug, 3)), warehouse.processing((twin, 3))

    merge(warehouse, twin, mug)

    assert warehouse.shelves(mug)["A1"] == (6, 6)
    assert [one[2:] for one in warehouse.exceptions(waits)] == [(2, "closed")]
    assert warehouse.unsound() == []
    undo(warehouse, twin)
    assert (warehouse.shelves(mug)["A1"], warehouse.shelves(twin)["A1"]) == ((1, 1), (5, 3))
    assert (product_of(warehouse, waits), product_of(warehouse, waits_too)) == (mug.id, twin.id)
    assert warehouse.unsound() == []


def test_a_shipped_line_keeps_its_product_and_a_return_goes_to_the_one_that_stays(warehouse: Warehouse) -> None:
    twin, mug = warehouse.product("Mug 2", A1=5), warehouse.product("Mug", A1=1)
    shipped, partly = warehouse.processing((twin, 2)), warehouse.processing((twin, 3))
    warehouse.ship(shipped, 2)
    warehouse.ship(partly, 1)
    merge(warehouse, twin, mug)

    assert (product_of(warehouse, shipped), product_of(warehouse, partly)) == (twin.id, mug.id)
    for order in (shipped, partly):
        with pytest.raises(UndoRefused, match="merged"):
            warehouse.undo(order)
    warehouse.give_back(shipped, 1, location="A1")
    assert product_of(warehouse, shipped) == mug.id
    assert warehouse.shelves(mug)["A1"] == (4, 2)
    warehouse.ship(partly, 2)
    assert warehouse.unsound() == []


def test_codes_sku_matches_and_imports_find_the_one_that_stays(warehouse: Warehouse) -> None:
    twin, mug = warehouse.product("Mug 2", "MUG-2"), warehouse.product("Mug", "MUG")
    unknown = gtin13(77)
    warehouse.do(product_code_service.teach_code, product_id=twin.id, code=CASE, units=6)
    warehouse.do(matching_service.match_gtin, gtin=unknown, product_id=twin.id)
    own_gtin = twin.gtin

    merge(warehouse, twin, mug)

    warehouse.db.rollback()
    store_id = warehouse.store.id
    units = {one.code: one.units for one in read_codes(warehouse.db, store_id, mug.id)}
    assert units[CASE] == 6
    assert units["MUG-2"] == 1
    assert read_codes(warehouse.db, store_id, twin.id) == []
    codes = [(own_gtin or "", ""), ("", "mug-2"), (unknown, ""), (own_gtin or "", "MUG-2"), ("", "MUG")]
    lines = [OrderedAs(gtin, sku, "", 0) for gtin, sku in codes]
    finder = ProductFinder(warehouse.db, store_id, lines)
    assert {finder.find(line).product_id for line in lines} == {mug.id}
    assert finder.find(lines[1]).remark == OF_A_MERGED
    assert set(find_products(warehouse.db, store_id, "MUG-2").product_ids) == {mug.id, twin.id}
    warehouse.db.rollback()
    undo(warehouse, twin)
    assert {one.code for one in read_codes(warehouse.db, store_id, twin.id)} >= {CASE}
    match = warehouse.db.scalars(select(Match).where(Match.store_id == store_id)).one()
    assert (match.product_id, match.matched_by) == (twin.id, "paula")
    assert warehouse.unsound() == []


def test_a_merged_product_takes_no_units_codes_or_texts_and_says_why(warehouse: Warehouse) -> None:
    twin, mug = warehouse.product("Mug 2", A1=5), warehouse.product("Mug")
    merge(warehouse, twin, mug)

    for act, arguments in (
        (inventory_service.import_inventory, {"location": "A1", "quantity": 3}),
        (product_code_service.teach_code, {"code": CASE}),
    ):
        with pytest.raises(ConflictError, match=mug.sku):
            warehouse.do(act, product_id=twin.id, **arguments)
    with pytest.raises(ConflictError, match=mug.sku):
        merge(warehouse, mug, twin)
    assert warehouse.unsound() == []


def test_what_cannot_be_merged_is_refused_and_changes_nothing(warehouse: Warehouse) -> None:
    twin, mug = warehouse.product("Mug 2", A1=5), warehouse.product("Mug")
    order = warehouse.processing((twin, 3))
    before = ledger_rows(warehouse)

    with pytest.raises(InvalidInput):
        merge(warehouse, mug, mug)
    placeholder, of_another_store = warehouse.placeholder(), make_product(warehouse.db, make_store(warehouse.db))
    for former, survivor in (
        (placeholder, mug),
        (mug, placeholder),
        (twin, of_another_store),
        (of_another_store, twin),
    ):
        with pytest.raises(ProductNotFound):
            merge(warehouse, former, survivor)
    with pytest.raises(ProductNotFound):
        warehouse.do(merge_products, product_id=twin.id, survivor_id=999_999)
    assert ledger_rows(warehouse) == before
    warehouse.short_pick(order, 1, "A1")
    with pytest.raises(ConflictError, match="A1"):
        merge(warehouse, twin, mug)
    assert warehouse.unsound() == []


def test_merged_twice_or_sent_twice_it_is_one_merge(warehouse: Warehouse) -> None:
    twin, mug = warehouse.product("Mug 2", A1=5), warehouse.product("Mug")
    key = Once(warehouse.store.id, "merge", "max", "a fingerprint")

    results = [merge(warehouse, twin, mug, key), merge(warehouse, twin, mug, key), merge(warehouse, twin, mug)]

    assert [result["is_new"] for result in results] == [True, True, False]
    assert warehouse.shelves(mug) == {"A1": (5, 0)}
    assert len(warehouse.db.scalars(select(ProductMerge).where(ProductMerge.product_id == twin.id)).all()) == 1


def test_a_merge_into_a_product_that_was_merged_since_says_that_undoing_the_other_does_not_help(
    warehouse: Warehouse,
) -> None:
    first, second, third = (warehouse.product(name, A1=2) for name in ("First", "Second", "Third"))
    merge(warehouse, first, second)
    merge(warehouse, second, third)

    with pytest.raises(UndoRefused, match=f"{second.sku} was merged with {third.sku} since, so .* not even after that"):
        undo(warehouse, first)

    undo(warehouse, second)
    with pytest.raises(UndoRefused):
        undo(warehouse, first)


def test_undone_twice_it_is_undone_once_and_the_trail_tells_both(warehouse: Warehouse) -> None:
    twin, mug = warehouse.product("Mug 2", A1=5, B1=1), warehouse.product("Mug", A1=2)
    order = warehouse.processing((twin, 6))
    merge(warehouse, twin, mug)

    first, again = undo(warehouse, twin), undo(warehouse, twin)

    assert (first["is_new"], again["is_new"]) == (True, False)
    assert (warehouse.shelves(twin), warehouse.shelves(mug)["A1"]) == ({"A1": (5, 5), "B1": (1, 1)}, (2, 0))
    assert warehouse.events(order).count("product_changed") == 2
    warehouse.ship(order, 6)
    assert warehouse.unsound() == []


def test_undoing_is_refused_with_what_happened_since(warehouse: Warehouse) -> None:
    def teach(mug: Product, _order: Order) -> object:
        return warehouse.do(product_code_service.teach_code, product_id=mug.id, code=f"NEW-{mug.id}")

    since: list[tuple[Callable[[Product, Order], object], str]] = [
        (lambda _mug, order: warehouse.ship(order, 1), "moved units at A1"),
        (lambda mug, _order: warehouse.order((mug, 1)), "A line of order"),
        (teach, "changed the code"),
        (
            lambda mug, _order: merge(warehouse, mug, warehouse.product("Third")),
            "so this merge can no longer be undone",
        ),
    ]
    for number, (happens, words) in enumerate(since):
        twin, mug = warehouse.product(f"Mug {number}", A1=5), warehouse.product("Mug")
        order = warehouse.processing((twin, 2))
        merge(warehouse, twin, mug)
        happens(mug, order)

        with pytest.raises(UndoRefused, match=words):
            undo(warehouse, twin)
    assert warehouse.unsound() == []


def test_a_line_that_was_cancelled_since_keeps_the_product_that_it_had_then(warehouse: Warehouse) -> None:
    twin, mug = warehouse.product("Mug 2"), warehouse.product("Mug")
    order, waits = warehouse.order((twin, 2)), warehouse.processing((twin, 3))
    merge(warehouse, twin, mug)
    warehouse.cancel(order)

    undo(warehouse, twin)

    assert (product_of(warehouse, order), product_of(warehouse, waits)) == (mug.id, twin.id)
    assert warehouse.unsound() == []


def test_a_gtin_that_was_matched_anew_since_stays_as_it_was_matched(warehouse: Warehouse) -> None:
    twin, mug, third = (warehouse.product(name) for name in ("Mug 2", "Mug", "Third"))
    warehouse.match(gtin13(78), twin)
    warehouse.match(gtin13(79), twin)
    merge(warehouse, twin, mug)
    warehouse.match(gtin13(78), third)

    undo(warehouse, twin)

    warehouse.db.rollback()
    remembered = select(Match.product_id).where(Match.store_id == warehouse.store.id, Match.is_remembered)
    assert list(warehouse.db.scalars(remembered.order_by(Match.match_key))) == [third.id, twin.id]
    assert warehouse.unsound() == []


def test_merges_in_a_row_lead_to_the_last_and_the_last_is_undone_first(warehouse: Warehouse) -> None:
    one, two, three = (warehouse.product(f"Mug {number}", A1=number) for number in (1, 2, 3))
    order = warehouse.processing((one, 1))
    merge(warehouse, one, two)
    merge(warehouse, two, three)

    assert product_of(warehouse, order) == three.id
    lines = [OrderedAs("", sku, "", 0) for sku in (one.sku, two.sku)]
    finder = ProductFinder(warehouse.db, warehouse.store.id, lines)
    assert {finder.find(line).product_id for line in lines} == {three.id}
    assert warehouse.unsound() == []
    undo(warehouse, two)
    assert product_of(warehouse, order) == two.id
    assert [warehouse.shelves(mug)["A1"] for mug in (one, two, three)] == [(0, 0), (3, 1), (3, 0)]
    finder = ProductFinder(warehouse.db, warehouse.store.id, lines)
    assert {finder.find(line).product_id for line in lines} == {two.id}
    warehouse.ship(order, 1)
    assert warehouse.unsound() == []
