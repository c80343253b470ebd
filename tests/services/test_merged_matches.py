"""What was matched to a product that was made twice leads to the one that stays, and back; undone, its lines wait."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import UndoRefused
from webapp.domain.unknown_lines import MatchBy, UnknownCode
from webapp.models import Match, Order, Product
from webapp.services import match_undo_service, matching_service
from webapp.services.product_merge_service import merge_products, undo_merge
from webapp.services.product_service import retire
from webapp.services.reads.unknown_lines import likely_product

pytestmark = pytest.mark.both_engines

UNKNOWN = "4099999999996"


@pytest.fixture
def unknown(warehouse: Warehouse) -> Product:
    return warehouse.placeholder()


def matches(warehouse: Warehouse) -> list[Match]:
    """Return the store's matches, read again."""
    warehouse.db.rollback()
    query = select(Match).where(Match.store_id == warehouse.store.id).order_by(Match.id)
    return list(warehouse.db.scalars(query.execution_options(populate_existing=True)))


def merge(warehouse: Warehouse, former: Product, survivor: Product) -> None:
    warehouse.do(merge_products, product_id=former.id, survivor_id=survivor.id, actor="max")


def undo_match(warehouse: Warehouse, match: Match) -> None:
    warehouse.do(match_undo_service.undo_match, match_id=match.id, actor="max")


def matched_in_all_ways(warehouse: Warehouse, unknown: Product, product: Product) -> list[Order]:
    """Return orders of one unit each that were matched by GTIN, by SKU, and alone."""
    orders = [
        warehouse.processing((unknown, 1), gtin=UNKNOWN),
        warehouse.processing((unknown, 1), sku="SHOP-1"),
        warehouse.processing((unknown, 1), sku="SHOP-2"),
    ]
    warehouse.match(UNKNOWN, product)
    warehouse.do(matching_service.match_sku, sku="SHOP-1", product_id=product.id)
    warehouse.do(matching_service.match_item, item_id=warehouse.item(orders[2]).id, product_id=product.id)
    return orders


def test_matches_of_all_kinds_follow_the_one_that_stays_and_their_lines_name_them(
    warehouse: Warehouse, unknown: Product
) -> None:
    twin, mug = warehouse.product("Mug 2", A1=5), warehouse.product("Mug", A1=2)
    orders = matched_in_all_ways(warehouse, unknown, twin)
    made = [(match.id, match.kind, match.matched_by, match.is_remembered) for match in matches(warehouse)]
    named = [warehouse.item(order).match_id for order in orders]

    merge(warehouse, twin, mug)

    assert [(match.id, match.kind, match.matched_by, match.is_remembered) for match in matches(warehouse)] == made
    assert {match.product_id for match in matches(warehouse)} == {mug.id}
    assert [(warehouse.item(order).product_id, warehouse.item(order).match_id) for order in orders] == [
        (mug.id, match_id) for match_id in named
    ]
    assert warehouse.unsound() == []
    warehouse.do(undo_merge, product_id=twin.id, actor="max")
    assert {match.product_id for match in matches(warehouse)} == {twin.id}
    assert [warehouse.item(order).match_id for order in orders] == named
    assert warehouse.unsound() == []


def test_a_match_of_a_merged_product_is_undone_at_the_one_that_stays(warehouse: Warehouse, unknown: Product) -> None:
    twin, mug, cup = (
        warehouse.product("Mug 2", A1=5),
        warehouse.product("Mug", A1=2),
        warehouse.product("Cup", B1=5),
    )
    orders = matched_in_all_ways(warehouse, unknown, twin)
    waiting = warehouse.order((unknown, 1), gtin=UNKNOWN)
    warehouse.match(UNKNOWN, twin)
    merge(warehouse, twin, mug)

    undo_match(warehouse, matches(warehouse)[0])

    assert [warehouse.item(order).product_id for order in (orders[0], waiting)] == [unknown.id, unknown.id]
    assert warehouse.shelves(mug) == {"A1": (7, 2)}
    assert warehouse.unsound() == []
    warehouse.match(UNKNOWN, cup)
    warehouse.ship(orders[0], 1)
    assert warehouse.unsound() == []
    with pytest.raises(UndoRefused, match="A1"):
        warehouse.do(undo_merge, product_id=twin.id)


def test_a_merge_is_undone_after_a_match_without_reserved_units_was(warehouse: Warehouse, unknown: Product) -> None:
    twin, mug = warehouse.product("Mug 2", A1=5), warehouse.product("Mug", A1=2)
    pending = warehouse.order((unknown, 1), gtin=UNKNOWN)
    warehouse.match(UNKNOWN, twin)
    merge(warehouse, twin, mug)
    undo_match(warehouse, matches(warehouse)[0])

    warehouse.do(undo_merge, product_id=twin.id)

    assert warehouse.item(pending).product_id == unknown.id
    assert warehouse.shelves(twin) == {"A1": (5, 0)}
    assert warehouse.unsound() == []


def test_a_merge_is_not_undone_once_its_matches_were_made_again(warehouse: Warehouse) -> None:
    twin, mug = warehouse.product("Mug 2", A1=5), warehouse.product("Mug", A1=2)
    warehouse.match(UNKNOWN, twin)
    merge(warehouse, twin, mug)
    warehouse.match(UNKNOWN, twin)  # Of a screen that somebody opened before.

    assert [match.product_id for match in matches(warehouse)] == [mug.id]
    with pytest.raises(UndoRefused, match=f"has matched {UNKNOWN} again"):
        warehouse.do(undo_merge, product_id=twin.id)
    assert warehouse.unsound() == []


def test_units_of_an_undone_match_go_back_to_their_place_and_the_line_waits(
    warehouse: Warehouse, unknown: Product
) -> None:
    mug = warehouse.product("Mug", A1=5)
    order = warehouse.processing((unknown, 3), gtin=UNKNOWN)
    warehouse.match(UNKNOWN, mug)
    warehouse.ship(order, 3)
    undo_match(warehouse, matches(warehouse)[0])
    assert warehouse.item(order).product_id == mug.id

    warehouse.undo(order)

    warehouse.db.rollback()
    assert warehouse.item(order).product_id == unknown.id
    assert (warehouse.shelves(mug), warehouse.allocations(order)) == ({"A1": (5, 0)}, {})
    assert warehouse.exceptions(order)[-1] == (1, "placeholder_product", 3, "open")
    assert warehouse.unsound() == []


def test_the_likely_product_of_a_line_is_the_one_that_stays_and_never_a_retired_one(warehouse: Warehouse) -> None:
    twin, mug, lamp = warehouse.product("Mug 2"), warehouse.product("Mug"), warehouse.product("Lamp")
    merge(warehouse, twin, mug)
    warehouse.do(retire, product_id=lamp.id)

    def likely(sku: str) -> int | None:
        found = likely_product(warehouse.db, warehouse.store.id, UnknownCode(MatchBy.SKU, sku), sku)
        return found.product_id if found else None

    assert (likely(twin.sku), likely(mug.sku), likely(lamp.sku)) == (mug.id, mug.id, None)


def test_a_match_that_was_undone_stays_where_it_was_when_its_product_is_merged(
    warehouse: Warehouse, unknown: Product
) -> None:
    twin, mug = warehouse.product("Mug 2", A1=5), warehouse.product("Mug", A1=2)
    warehouse.processing((unknown, 1), gtin=UNKNOWN)
    warehouse.match(UNKNOWN, twin)
    undo_match(warehouse, matches(warehouse)[0])

    merge(warehouse, twin, mug)

    assert [match.product_id for match in matches(warehouse)] == [twin.id]
    assert warehouse.unsound() == []
