"""Undoing a match: its open lines wait again, what they had reserved is free, and the memory is gone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.factories import items_of, make_product, make_store
from tests.helpers.warehouse import Warehouse
from webapp import models
from webapp.domain.errors import MatchNotFound
from webapp.models import Order, Product
from webapp.services import match_undo_service, matching_service

UNKNOWN = "4099999999996"
NOTHING = {"items": 0, "orders": 0, "freed_units": 0, "refilled_units": 0}


@pytest.fixture
def unknown(warehouse: Warehouse) -> Product:
    return warehouse.placeholder()


@pytest.fixture
def mug(warehouse: Warehouse) -> Product:
    """10 mugs at A1."""
    return warehouse.product("Mug", A1=10)


def newest(warehouse: Warehouse) -> models.Match:
    """Return the store's newest match, read again."""
    warehouse.db.commit()
    query = select(models.Match).where(models.Match.store_id == warehouse.store.id).order_by(models.Match.id.desc())
    return warehouse.db.scalars(query.limit(1).execution_options(populate_existing=True)).one()


def undo(warehouse: Warehouse, match_id: int = 0) -> dict[str, object]:
    """Undo a match, by default the newest; return what it did."""
    match_id = match_id or newest(warehouse).id
    result = dict(warehouse.do(match_undo_service.undo_match, match_id=match_id))
    assert result.pop("match_id") == match_id
    return result


def test_the_lines_wait_again_and_what_they_had_reserved_is_free(
    warehouse: Warehouse, unknown: Product, mug: Product
) -> None:
    order, pending = warehouse.processing((unknown, 3), gtin=UNKNOWN), warehouse.order((unknown, 2), gtin=UNKNOWN)
    warehouse.match(UNKNOWN, mug)
    warehouse.actor = "max"

    assert undo(warehouse) == {"items": 2, "orders": 2, "freed_units": 3, "refilled_units": 0}

    assert {warehouse.item(one).product_id for one in (order, pending)} == {unknown.id}
    assert (warehouse.allocations(order), warehouse.shelves(mug)) == ({}, {"A1": (10, 0)})
    assert warehouse.exceptions(order)[-1] == (1, "placeholder_product", 3, "open")
    assert warehouse.exceptions(pending) == []
    assert warehouse.events(order)[-3:] == ["released", "match_undone", "stock_skipped"]
    assert warehouse.ledger(order)[-1].created_by == "max"
    match = newest(warehouse)
    assert (match.is_remembered, match.matched_by, match.undone_by) == (False, "paula", "max")
    assert warehouse.unsound() == []


def test_the_lines_can_be_matched_to_the_right_product_then(
    warehouse: Warehouse, unknown: Product, mug: Product
) -> None:
    order, cup = warehouse.processing((unknown, 3), gtin=UNKNOWN), warehouse.product("Cup", B1=5)
    warehouse.match(UNKNOWN, mug)
    undo(warehouse)

    assert warehouse.match(UNKNOWN, cup)["reserved_units"] == 3

    assert (warehouse.item(order).product_id, warehouse.allocations(order)) == (cup.id, {"B1": 3})
    warehouse.ship(order, 3)
    assert (warehouse.status(order), warehouse.unsound()) == ("shipped", [])


def test_freed_units_go_to_the_order_that_waits_longest(warehouse: Warehouse, unknown: Product, mug: Product) -> None:
    first = warehouse.processing((unknown, 8), (mug, 1), gtin=UNKNOWN)
    warehouse.match(UNKNOWN, mug)
    second, third = warehouse.processing((mug, 6)), warehouse.processing((mug, 6))
    assert [warehouse.allocations(order) for order in (second, third)] == [{"A1": 1}, {}]

    assert undo(warehouse)["refilled_units"] == 8

    assert [warehouse.allocations(order) for order in (second, third)] == [{"A1": 6}, {"A1": 3}]
    assert (warehouse.allocations(first), warehouse.allocations(first, 2)) == ({}, {"A1": 1})
    assert warehouse.unsound() == []


def test_of_a_line_that_shipped_some_units_the_rest_becomes_a_line_of_its_own(
    warehouse: Warehouse, unknown: Product, mug: Product
) -> None:
    order = warehouse.processing((unknown, 5), gtin=UNKNOWN)
    warehouse.match(UNKNOWN, mug)
    warehouse.ship(order, 2)

    assert undo(warehouse) == {"items": 1, "orders": 1, "freed_units": 3, "refilled_units": 0}

    shipped, rest = warehouse.item(order), warehouse.item(order, 2)
    assert (shipped.product_id, shipped.quantity, shipped.shipped_quantity) == (mug.id, 5, 2)
    assert (shipped.cancelled_quantity, shipped.upstream_quantity) == (3, 2)
    assert (rest.product_id, rest.quantity, rest.gtin, rest.upstream_quantity) == (unknown.id, 3, UNKNOWN, 3)
    assert (warehouse.status(order), warehouse.shelves(mug)) == ("partially_shipped", {"A1": (8, 0)})
    assert warehouse.exceptions(order)[-1] == (2, "placeholder_product", 3, "open")
    cup = warehouse.product("Cup", B1=5)
    warehouse.match(UNKNOWN, cup)
    warehouse.ship(order, 3, line=2)
    assert (warehouse.status(order), warehouse.unsound()) == ("shipped", [])


def test_what_shipped_or_was_cancelled_stays(warehouse: Warehouse, unknown: Product, mug: Product) -> None:
    shipped, cancelled = (warehouse.processing((unknown, 2), gtin=UNKNOWN) for _ in range(2))
    in_part = warehouse.processing((unknown, 4), gtin=UNKNOWN)
    warehouse.match(UNKNOWN, mug)
    warehouse.ship(shipped, 2)
    warehouse.cancel(cancelled)
    warehouse.cancel_item(in_part, 3)

    assert undo(warehouse) == {"items": 1, "orders": 1, "freed_units": 1, "refilled_units": 0}

    assert [warehouse.item(order).product_id for order in (shipped, cancelled)] == [mug.id] * 2
    item = warehouse.item(in_part)
    assert (item.product_id, item.quantity, item.cancelled_quantity) == (unknown.id, 4, 3)
    assert warehouse.unsound() == []


def test_undoing_it_again_finds_no_line_and_changes_nothing(
    warehouse: Warehouse, unknown: Product, mug: Product
) -> None:
    order = warehouse.processing((unknown, 3), gtin=UNKNOWN)
    warehouse.match(UNKNOWN, mug)
    undo(warehouse)
    ledger, events, when = warehouse.ledger(), warehouse.events(order), newest(warehouse).undone_at
    warehouse.actor = "max"

    assert undo(warehouse) == NOTHING

    assert (warehouse.ledger(), warehouse.events(order)) == (ledger, events)
    assert (newest(warehouse).undone_at, newest(warehouse).undone_by) == (when, "paula")


def test_lines_of_another_match_of_the_same_product_stay(warehouse: Warehouse, unknown: Product, mug: Product) -> None:
    by_gtin, by_sku = warehouse.processing((unknown, 3), gtin=UNKNOWN), warehouse.processing((unknown, 2), sku="MKT")
    own = warehouse.processing((mug, 1))
    warehouse.match(UNKNOWN, mug)
    warehouse.do(matching_service.match_sku, sku="MKT", product_id=mug.id)

    undo(warehouse)

    assert [warehouse.item(order).product_id for order in (by_gtin, by_sku, own)] == [mug.id, unknown.id, mug.id]


def test_what_was_matched_again_can_be_undone_too(warehouse: Warehouse, unknown: Product, mug: Product) -> None:
    order, cup = warehouse.processing((unknown, 3), gtin=UNKNOWN), warehouse.product("Cup", B1=5)
    warehouse.match(UNKNOWN, mug)
    former = newest(warehouse).id
    warehouse.match(UNKNOWN, cup)

    assert undo(warehouse, former)["items"] == 1

    assert warehouse.item(order).product_id == unknown.id
    assert (newest(warehouse).product_id, newest(warehouse).is_remembered) == (cup.id, True)


def test_one_line_matched_alone_is_undone_alone(warehouse: Warehouse, unknown: Product, mug: Product) -> None:
    order = warehouse.processing((unknown, 3), (unknown, 2), sku="MKT")
    item_ids = [warehouse.item(order, line).id for line in (1, 2)]
    for item_id in item_ids:
        warehouse.do(matching_service.match_item, item_id=item_id, product_id=mug.id)

    undo(warehouse)

    assert [warehouse.item(order, line).product_id for line in (1, 2)] == [mug.id, unknown.id]


def test_an_unknown_match_is_refused(warehouse: Warehouse) -> None:
    foreign = make_product(warehouse.db, make_store(warehouse.db))
    names = {"kind": "sku", "code": "X", "match_key": "x", "folded": "x"}
    match = models.Match(store_id=foreign.store_id, product_id=foreign.id, matched_by="max", **names)
    warehouse.db.add(match)
    warehouse.db.commit()

    for match_id in (match.id, 987_654_321, 2**63):
        with pytest.raises(MatchNotFound):
            undo(warehouse, match_id)


def test_a_failure_leaves_everything_as_it_was(
    warehouse: Warehouse, unknown: Product, mug: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: Order = warehouse.processing((unknown, 5), gtin=UNKNOWN)
    warehouse.match(UNKNOWN, mug)
    warehouse.ship(order, 2)
    before = warehouse.ledger(), warehouse.events(order), warehouse.shelves(mug)

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(match_undo_service, "_forget", fail)
    with pytest.raises(ZeroDivisionError):
        undo(warehouse)

    assert (warehouse.ledger(), warehouse.events(order), warehouse.shelves(mug)) == before
    assert (newest(warehouse).is_remembered, len(items_of(warehouse.db, order))) == (True, 1)
