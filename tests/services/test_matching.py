"""Matching an unknown marketplace GTIN, SKU or single line to a product."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.helpers.warehouse import FIRST_ORDER, Warehouse
from webapp import models
from webapp.domain.errors import InvalidInput, ItemNotFound, PlaceholderProduct, ProductNotFound
from webapp.domain.products import PLACEHOLDER_GTIN, PLACEHOLDER_SKU
from webapp.models import Order, Product
from webapp.services import matching_service

UNKNOWN = "4099999999996"
SKU = "mkt-Lamp-7"
NOT_KNOWN = {"is_remembered": False}

Match = Callable[[Warehouse, Order, Product], matching_service.MatchResult]


@pytest.fixture
def unknown(warehouse: Warehouse) -> Product:
    return warehouse.placeholder()


def test_a_processing_order_reserves_at_once(warehouse: Warehouse, unknown: Product) -> None:
    order = warehouse.processing((unknown, 3), gtin=UNKNOWN)
    widget = warehouse.product(A1=10)
    assert warehouse.exceptions(order) == [(1, "placeholder_product", 3, "open")]

    result = warehouse.match(UNKNOWN, widget)

    assert result == {
        "product_id": widget.id,
        "matched_items": 1,
        "matched_orders": 1,
        "reserved_units": 3,
        "is_remembered": True,
    }
    assert warehouse.item(order).product_id == widget.id
    assert (warehouse.allocations(order), warehouse.shelves(widget)) == ({"A1": 3}, {"A1": (10, 3)})
    assert warehouse.exceptions(order) == [(1, "placeholder_product", 3, "closed")]
    assert warehouse.events(order)[-2:] == ["item_matched", "reserved"]


def test_the_line_keeps_the_name_and_the_gtin_that_the_marketplace_sent(warehouse: Warehouse, unknown: Product) -> None:
    order = warehouse.processing((unknown, 3), gtin=UNKNOWN)

    warehouse.match(UNKNOWN, warehouse.product("Widget", A1=10))

    item = warehouse.item(order)
    assert (item.gtin, item.product_name) == (UNKNOWN, unknown.name)


def test_every_open_line_with_the_gtin_is_linked_and_no_other(warehouse: Warehouse, unknown: Product) -> None:
    pending = warehouse.order((unknown, 1), (unknown, 2), gtin=UNKNOWN)
    other = warehouse.processing((unknown, 1), gtin="4088888888886")
    cancelled = warehouse.processing((unknown, 1), gtin=UNKNOWN)
    warehouse.cancel(cancelled)
    widget = warehouse.product(A1=10)

    result = warehouse.match(UNKNOWN, widget)

    assert (result["matched_items"], result["matched_orders"], result["reserved_units"]) == (2, 1, 0)
    assert [warehouse.item(pending, line).product_id for line in (1, 2)] == [widget.id, widget.id]
    assert warehouse.item(other).product_id == warehouse.item(cancelled).product_id == unknown.id
    assert (warehouse.status(pending), warehouse.allocations(pending)) == ("pending", {})


def test_the_gtin_is_remembered_and_may_be_matched_anew(warehouse: Warehouse, unknown: Product) -> None:
    first, second = warehouse.product("First"), warehouse.product("Second")

    warehouse.match(f" {UNKNOWN} ", first)
    warehouse.actor = "max"
    warehouse.match(UNKNOWN, second)

    (remembered,) = warehouse.db.query(models.Match).filter_by(store_id=warehouse.store.id, is_remembered=True).all()
    assert (remembered.code, remembered.product_id, remembered.matched_by) == (UNKNOWN, second.id, "max")


def test_scarce_stock_goes_to_the_oldest_order_and_the_rest_waits(warehouse: Warehouse, unknown: Product) -> None:
    younger = warehouse.processing((unknown, 3), gtin=UNKNOWN, ordered_at=FIRST_ORDER.replace(year=2027))
    older = warehouse.processing((unknown, 3), gtin=UNKNOWN)
    widget = warehouse.product(A1=4)

    warehouse.match(UNKNOWN, widget)

    assert (warehouse.allocations(older), warehouse.allocations(younger)) == ({"A1": 3}, {"A1": 1})
    assert warehouse.exceptions(younger) == [
        (1, "placeholder_product", 3, "closed"),
        (1, "insufficient_inventory", 2, "open"),
    ]
    warehouse.arrive(widget, 2)
    assert warehouse.allocations(younger) == {"A1": 3}


def test_only_what_is_left_of_a_partly_cancelled_line_is_reserved(warehouse: Warehouse, unknown: Product) -> None:
    order = warehouse.processing((unknown, 5), gtin=UNKNOWN)
    warehouse.cancel_item(order, 3)
    assert warehouse.exceptions(order) == [(1, "placeholder_product", 2, "open")]

    warehouse.match(UNKNOWN, warehouse.product(A1=10))

    assert warehouse.allocations(order) == {"A1": 2}


def test_matching_again_finds_no_line_and_changes_nothing(warehouse: Warehouse, unknown: Product) -> None:
    order = warehouse.processing((unknown, 3), gtin=UNKNOWN)
    widget = warehouse.product(A1=10)
    warehouse.match(UNKNOWN, widget)
    ledger, events = warehouse.ledger(), warehouse.events(order)

    again = warehouse.match(UNKNOWN, widget)

    assert (again["matched_items"], again["reserved_units"]) == (0, 0)
    assert (warehouse.ledger(), warehouse.events(order)) == (ledger, events)


@pytest.mark.parametrize("other_units", [0, 2])
def test_an_order_that_went_out_without_the_line_is_open_again(
    warehouse: Warehouse, unknown: Product, other_units: int
) -> None:
    gadget = warehouse.product("Gadget", B1=9)
    order = warehouse.order((unknown, 3), *[(gadget, other_units)] * bool(other_units), gtin=UNKNOWN)
    warehouse.process(order)
    warehouse.set_status(order, "shipped")
    widget = warehouse.product(A1=10)

    warehouse.match(UNKNOWN, widget)

    assert warehouse.status(order) == ("partially_shipped" if other_units else "processing")
    assert warehouse.allocations(order) == {"A1": 3}
    warehouse.ship(order, 3)
    assert warehouse.status(order) == "shipped"


def test_a_delivered_orders_line_stays_and_its_exception_too(warehouse: Warehouse, unknown: Product) -> None:
    order = warehouse.processing((unknown, 3), gtin=UNKNOWN)
    warehouse.set_status(order, "shipped")
    warehouse.set_status(order, "delivered")

    result = warehouse.match(UNKNOWN, warehouse.product(A1=10))

    assert result["matched_items"] == 0
    assert warehouse.exceptions(order) == [(1, "placeholder_product", 3, "open")]


@pytest.mark.parametrize("gtin", ["", "  ", PLACEHOLDER_GTIN, "9" * 65, "409\0"])
def test_what_is_no_gtin_is_refused(warehouse: Warehouse, gtin: str) -> None:
    widget = warehouse.product(A1=10)

    with pytest.raises(InvalidInput):
        warehouse.match(gtin, widget)

    assert warehouse.db.query(models.Match).filter_by(store_id=warehouse.store.id).count() == 0


def test_a_gtin_is_not_matched_to_the_placeholder(warehouse: Warehouse, unknown: Product) -> None:
    with pytest.raises(ProductNotFound):
        warehouse.match(UNKNOWN, unknown)


def test_an_unknown_line_ships_and_reserves_nothing_before_it_is_matched(
    warehouse: Warehouse, unknown: Product
) -> None:
    order = warehouse.processing((unknown, 3), gtin=UNKNOWN)

    with pytest.raises(PlaceholderProduct, match="A manager must match it before it can ship"):
        warehouse.ship(order, 1)
    answer = warehouse.ship(order, 1, skip_missing=True)

    assert (answer["fulfilled_quantity"], answer["shipped_quantity"]) == (0, 0)
    assert answer["message"].startswith("Unknown product")
    assert warehouse.ledger(order) == []


# Lines without a GTIN: by SKU, or one by one.


def match_sku(warehouse: Warehouse, sku: str, product: Product) -> matching_service.MatchResult:
    return warehouse.do(matching_service.match_sku, sku=sku, product_id=product.id)


def match_its_sku(warehouse: Warehouse, order: Order, product: Product) -> matching_service.MatchResult:
    return match_sku(warehouse, warehouse.item(order).sku, product)


def match_item(warehouse: Warehouse, order: Order, product: Product, line: int = 1) -> matching_service.MatchResult:
    item_id = warehouse.item(order, line).id
    return warehouse.do(matching_service.match_item, item_id=item_id, product_id=product.id)


def test_lines_with_only_a_sku_are_linked_by_it_and_reserve_at_once(warehouse: Warehouse, unknown: Product) -> None:
    order = warehouse.processing((unknown, 3), sku=SKU)
    pending = warehouse.order((unknown, 1), (unknown, 2), sku=SKU)
    widget = warehouse.product(A1=10)

    result = match_sku(warehouse, SKU, widget)

    assert result == {
        "product_id": widget.id,
        "matched_items": 3,
        "matched_orders": 2,
        "reserved_units": 3,
        "is_remembered": True,
    }
    assert (warehouse.allocations(order), warehouse.shelves(widget)) == ({"A1": 3}, {"A1": (10, 3)})
    assert [warehouse.item(pending, line).product_id for line in (1, 2)] == [widget.id, widget.id]
    assert warehouse.exceptions(order) == [(1, "placeholder_product", 3, "closed")]
    assert warehouse.events(order)[-2:] == ["item_matched", "reserved"]
    assert warehouse.ledger(order)[-1].created_by == "paula"


@pytest.mark.parametrize("match", [match_its_sku, match_item])
@pytest.mark.parametrize("gtin", [None, "", PLACEHOLDER_GTIN])
def test_what_stands_for_no_gtin_is_none(
    warehouse: Warehouse, unknown: Product, gtin: str | None, match: Match
) -> None:
    order = warehouse.processing((unknown, 3), sku=SKU)
    warehouse.item(order).gtin = gtin
    warehouse.db.commit()

    assert match(warehouse, order, warehouse.product(A1=10))["reserved_units"] == 3


def test_a_sku_is_matched_in_its_own_case_and_never_for_a_line_with_a_gtin(
    warehouse: Warehouse, unknown: Product
) -> None:
    other_case = warehouse.order((unknown, 1), sku=SKU.upper())
    longer = warehouse.order((unknown, 1), sku=f"{SKU}1")
    with_gtin = warehouse.order((unknown, 1), sku=SKU, gtin=UNKNOWN)

    result = match_sku(warehouse, SKU, warehouse.product(A1=10))

    assert result["matched_items"] == 0
    assert {warehouse.item(order).product_id for order in (other_case, longer, with_gtin)} == {unknown.id}


def test_a_sku_is_remembered_unless_a_product_has_it(warehouse: Warehouse, unknown: Product) -> None:
    widget = warehouse.product(A1=10)
    warehouse.order((unknown, 1), sku=SKU)
    warehouse.order((unknown, 1), sku=widget.sku)

    assert match_sku(warehouse, f" {SKU} ", widget)["is_remembered"]
    assert not match_sku(warehouse, widget.sku, widget)["is_remembered"]

    matches = warehouse.db.query(models.Match).filter_by(store_id=warehouse.store.id).order_by(models.Match.id)
    assert [(match.kind, match.code, match.is_remembered) for match in matches] == [
        ("sku", SKU, True),
        ("sku", widget.sku, False),
    ]


def test_a_sku_that_no_line_waits_for_is_not_remembered(warehouse: Warehouse) -> None:
    assert not match_sku(warehouse, SKU, warehouse.product(A1=10))["is_remembered"]

    assert warehouse.db.query(models.Match).filter_by(store_id=warehouse.store.id).count() == 0


def test_of_a_skus_lines_the_oldest_order_is_served_first_and_what_is_short_opens_an_exception(
    warehouse: Warehouse, unknown: Product
) -> None:
    younger = warehouse.processing((unknown, 3), ordered_at=FIRST_ORDER.replace(year=2027), sku=SKU)
    older = warehouse.processing((unknown, 3), sku=SKU)
    widget = warehouse.product(A1=4)

    match_sku(warehouse, SKU, widget)

    assert (warehouse.allocations(older), warehouse.allocations(younger)) == ({"A1": 3}, {"A1": 1})
    assert (1, "insufficient_inventory", 2, "open") in warehouse.exceptions(younger)


def test_one_line_is_matched_alone(warehouse: Warehouse, unknown: Product) -> None:
    order = warehouse.processing((unknown, 3), (unknown, 2), sku=SKU)
    widget = warehouse.product(A1=10)

    result = match_item(warehouse, order, widget, line=2)

    assert result == {
        "product_id": widget.id,
        "matched_items": 1,
        "matched_orders": 1,
        "reserved_units": 2,
        **NOT_KNOWN,
    }
    assert [warehouse.item(order, line).product_id for line in (1, 2)] == [unknown.id, widget.id]
    assert (warehouse.allocations(order, 1), warehouse.allocations(order, 2)) == ({}, {"A1": 2})
    assert warehouse.exceptions(order) == [
        (1, "placeholder_product", 3, "open"),
        (2, "placeholder_product", 2, "closed"),
    ]


def test_a_line_with_neither_gtin_nor_sku_is_matched_alone(warehouse: Warehouse, unknown: Product) -> None:
    order = warehouse.processing((unknown, 3), sku="")

    match_item(warehouse, order, warehouse.product(A1=10))

    assert warehouse.allocations(order) == {"A1": 3}


def test_a_line_with_a_gtin_is_not_matched_alone(warehouse: Warehouse, unknown: Product) -> None:
    order = warehouse.processing((unknown, 3), gtin=UNKNOWN)
    widget = warehouse.product(A1=10)

    with pytest.raises(InvalidInput, match=f"has the GTIN {UNKNOWN}. Match the GTIN"):
        match_item(warehouse, order, widget)

    assert warehouse.item(order).product_id == unknown.id


@pytest.mark.parametrize("item_id", [987_654_321, 2**62])
def test_an_unknown_line_is_refused(warehouse: Warehouse, item_id: int) -> None:
    with pytest.raises(ItemNotFound):
        warehouse.do(matching_service.match_item, item_id=item_id, product_id=warehouse.product().id)


@pytest.mark.parametrize("match", [match_its_sku, match_item])
def test_a_match_without_a_gtin_repeated_or_to_another_product_changes_nothing(
    warehouse: Warehouse, unknown: Product, match: Match
) -> None:
    order = warehouse.processing((unknown, 3), sku=SKU)
    widget, gadget = warehouse.product(A1=10), warehouse.product("Gadget", B1=10)
    match(warehouse, order, widget)
    ledger, events = warehouse.ledger(), warehouse.events(order)

    results = [match(warehouse, order, product) for product in (widget, gadget)]

    assert [(result["matched_items"], result["reserved_units"]) for result in results] == [(0, 0), (0, 0)]
    assert warehouse.item(order).product_id == widget.id
    assert (warehouse.ledger(), warehouse.events(order)) == (ledger, events)


@pytest.mark.parametrize("match", [match_its_sku, match_item])
def test_an_order_that_went_out_without_a_line_without_a_gtin_is_open_again(
    warehouse: Warehouse, unknown: Product, match: Match
) -> None:
    order = warehouse.processing((unknown, 3), sku=SKU)
    warehouse.set_status(order, "shipped")

    match(warehouse, order, warehouse.product(A1=10))

    assert warehouse.status(order) == "processing"
    assert warehouse.allocations(order) == {"A1": 3}
    warehouse.ship(order, 2)
    assert warehouse.status(order) == "partially_shipped"


@pytest.mark.parametrize("match", [match_its_sku, match_item])
def test_a_cancelled_line_without_a_gtin_stays(warehouse: Warehouse, unknown: Product, match: Match) -> None:
    order = warehouse.processing((unknown, 3), sku=SKU)
    warehouse.cancel(order)

    result = match(warehouse, order, warehouse.product(A1=10))

    assert (result["matched_items"], warehouse.item(order).product_id) == (0, unknown.id)


@pytest.mark.parametrize("sku", ["", "  ", PLACEHOLDER_SKU, "9" * 65, "409\0"])
def test_what_is_no_sku_is_refused(warehouse: Warehouse, unknown: Product, sku: str) -> None:
    order = warehouse.processing((unknown, 3))

    with pytest.raises(InvalidInput, match="Give the SKU"):
        match_sku(warehouse, sku, warehouse.product(A1=10))

    assert warehouse.item(order).product_id == unknown.id


@pytest.mark.parametrize("match", [match_its_sku, match_item])
def test_a_line_without_a_gtin_is_not_matched_to_the_placeholder(
    warehouse: Warehouse, unknown: Product, match: Match
) -> None:
    order = warehouse.processing((unknown, 3), sku=SKU)

    with pytest.raises(ProductNotFound):
        match(warehouse, order, unknown)
