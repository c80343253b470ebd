"""An offer that is several units of a product: matched once, then imported, changed in the shop and undone."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from tests.concurrency.racing import calls, race
from tests.services.imports.test_changed_upstream import Shop
from tests.services.imports.test_changed_upstream import shop as shop
from webapp.domain.errors import InvalidInput
from webapp.domain.packs import MOST_UNITS
from webapp.domain.unknown_lines import MatchBy, UnknownCode
from webapp.models import Match, Order, Product
from webapp.services import match_undo_service, matching_service, product_code_service

pytestmark = pytest.mark.both_engines

OFFER = {"sku": "LAMP-3PACK", "gtin": "", "product_name": "Lamp, pack of 3"}
CASE = "4006381333931"


def lamp_of(shop: Shop) -> Product:
    """Return the product, of which 30 units are at C-1 now."""
    lamp = shop.db.scalars(select(Product).where(Product.sku == "LAMP")).one()
    shop.warehouse.arrive(lamp, 30, "C-1")
    return lamp


def match(shop: Shop, product: Product, pack_units: int = 3, **code: str) -> matching_service.MatchResult:
    by, text = next(iter(code.items())) if code else ("sku", OFFER["sku"])
    unknown = UnknownCode.require(MatchBy(by), text)
    act = matching_service.match_lines
    return shop.warehouse.do(act, unknown=unknown, product_id=product.id, pack_units=pack_units)


def started(shop: Shop, number: str, *lines: dict[str, object], **head: str) -> Order:
    """Import an order with these lines and start it."""
    shop.says(*lines, order_number=number, **head)
    order = shop.db.scalars(select(Order).where(Order.order_number == number)).one()
    shop.warehouse.process(order)
    return order


def units(shop: Shop, order: Order, line: int = 1) -> tuple[int, int, int]:
    """Return units ordered, still to ship, and of one pack."""
    item = shop.warehouse.item(order, line)
    return item.quantity, item.remaining_quantity, item.pack_units


def test_a_waiting_line_of_packs_becomes_units_that_reserve_and_ship(shop: Shop) -> None:
    order, lamp = shop.started({**OFFER, "quantity": 2}), lamp_of(shop)

    assert match(shop, lamp)["reserved_units"] == 6

    warehouse = shop.warehouse
    assert units(shop, order) == (6, 6, 3)
    assert warehouse.events(order)[-3:] == ["item_matched", "units_added", "reserved"]
    warehouse.ship(order, 4)
    warehouse.ship(order, 2)
    assert (warehouse.status(order), warehouse.unsound()) == ("shipped", [])


def test_later_imports_count_packs_and_the_shop_changes_packs(shop: Shop) -> None:
    lamp = lamp_of(shop)
    started(shop, "1", {**OFFER, "quantity": 1})
    match(shop, lamp)
    order = started(shop, "2", {**OFFER, "quantity": 2}, updated_at="2026-01-06 10:00")
    assert units(shop, order) == (6, 6, 3)

    shop.says({**OFFER, "order_number": "2", "quantity": 3}, updated_at="2026-01-07 10:00")
    assert units(shop, order) == (9, 9, 3)
    shop.warehouse.ship(order, 4)
    shop.says({**OFFER, "order_number": "2", "quantity": 2}, updated_at="2026-01-08 10:00")
    assert units(shop, order) == (9, 2, 3)
    other = {"sku": "LAMP", "product_name": "Lamp", "quantity": 1}
    two = ({**OFFER, "order_number": "2", "quantity": 2}, {**other, "order_number": "2"})
    shop.says(*two, updated_at="2026-01-09 10:00")
    assert (units(shop, order), units(shop, order, 2)) == ((9, 2, 3), (1, 1, 1))
    shop.says(two[1], {**OFFER, "order_number": "2", "quantity": 1}, updated_at="2026-01-10 10:00")
    assert units(shop, order) == (9, 0, 3)
    assert shop.warehouse.exceptions(order)[-1] == (1, "changed_upstream", 1, "open")
    assert shop.warehouse.unsound() == []


def test_a_line_of_packs_that_the_shop_adds_has_their_units(shop: Shop) -> None:
    lamp = lamp_of(shop)
    started(shop, "1", {**OFFER, "quantity": 1})
    match(shop, lamp)
    first = {"order_number": "2", "sku": "LAMP", "product_name": "Lamp", "quantity": 1}
    order = started(shop, "2", first)

    shop.says(first, {**OFFER, "order_number": "2", "quantity": 2})

    assert units(shop, order, 2) == (6, 6, 3)
    assert shop.warehouse.unsound() == []


def test_a_waiting_line_that_gets_the_codes_of_a_pack_is_unpacked_with_the_shops_new_number(shop: Shop) -> None:
    lamp = lamp_of(shop)
    started(shop, "1", {**OFFER, "quantity": 1})
    match(shop, lamp)
    order = started(shop, "2", {**OFFER, "sku": "", "quantity": 5})

    shop.says({**OFFER, "order_number": "2", "quantity": 4})
    assert units(shop, order) == (13, 12, 3)
    shop.says({**OFFER, "order_number": "2", "quantity": 3})

    assert units(shop, order) == (13, 9, 3)
    assert shop.warehouse.allocations(order) == {"C-1": 9}
    assert shop.warehouse.unsound() == []


@pytest.mark.parametrize("line_id", ["", "L-7"])
@pytest.mark.parametrize(("shipped", "waiting"), [(0, 2), (1, 2), (3, 1), (4, 1)])
def test_undone_the_line_waits_as_the_shop_counts_it(shop: Shop, shipped: int, waiting: int, line_id: str) -> None:
    line = {**OFFER, "line_id": line_id, "quantity": 2}
    warehouse, order, lamp = shop.warehouse, shop.started(line, updated_at="2026-01-06 10:00"), lamp_of(shop)
    match(shop, lamp)
    if shipped:
        warehouse.ship(order, shipped)

    warehouse.do(match_undo_service.undo_match, match_id=warehouse.item(order).match_id)

    assert (units(shop, order), units(shop, order, 2)) == ((6, 0, 3), (waiting, waiting, 1))
    shop.says({**line, "ship_to_city": "Graz"}, updated_at="2026-01-07 10:00")
    assert (units(shop, order), units(shop, order, 2)) == ((6, 0, 3), (waiting, waiting, 1))
    match(shop, lamp, 4)
    assert units(shop, order, 2) == (4 * waiting, 4 * waiting, 4)
    assert warehouse.unsound() == []


def test_a_code_of_a_case_waits_until_somebody_says_that_it_is_sold_as_one(shop: Shop) -> None:
    warehouse, lamp = shop.warehouse, lamp_of(shop)
    warehouse.do(product_code_service.teach_code, product_id=lamp.id, code=CASE, units=6)
    of_case = {"sku": "LAMP", "gtin": CASE, "product_name": "Lamps", "quantity": 2}
    order = started(shop, "1", of_case)
    assert warehouse.item(order).product_id != lamp.id

    match(shop, lamp, 1, gtin=CASE)
    other = started(shop, "2", of_case)
    assert (units(shop, order), warehouse.item(other).product_id != lamp.id) == ((2, 2, 1), True)
    match(shop, lamp, 6, gtin=CASE)
    third = started(shop, "3", of_case)

    assert (units(shop, order), units(shop, other), units(shop, third)) == ((2, 2, 1), (12, 12, 6), (12, 12, 6))
    assert warehouse.unsound() == []


def test_another_pack_of_the_same_code_is_another_match(shop: Shop) -> None:
    order, lamp = started(shop, "1", {**OFFER, "quantity": 1}), lamp_of(shop)
    match(shop, lamp)
    later = started(shop, "2", {**OFFER, "quantity": 1})
    shop.warehouse.do(match_undo_service.undo_match, match_id=shop.warehouse.item(later).match_id)

    match(shop, lamp, 4)

    of_store = Match.store_id == shop.warehouse.store.id
    rows = shop.db.execute(select(Match.pack_units, Match.is_remembered).where(of_store).order_by(Match.id))
    assert [tuple(row) for row in rows] == [(3, False), (4, True)]
    assert (units(shop, order, 2), units(shop, later, 2)) == ((4, 4, 4), (4, 4, 4))
    assert shop.warehouse.unsound() == []


@pytest.mark.parametrize("pack_units", [0, -1, MOST_UNITS + 1])
def test_a_pack_of_no_or_too_many_units_is_refused(shop: Shop, pack_units: int) -> None:
    order, lamp = shop.started({**OFFER, "quantity": 2}), lamp_of(shop)

    with pytest.raises(InvalidInput, match="1 to 10000 units"):
        match(shop, lamp, pack_units)

    assert units(shop, order) == (2, 2, 1)


def test_matched_by_many_at_once_a_line_is_unpacked_once(shop: Shop, engine: Engine) -> None:
    order, lamp = shop.started({**OFFER, "quantity": 2}), lamp_of(shop)
    unknown = UnknownCode.require(MatchBy.SKU, OFFER["sku"])
    arguments = {"unknown": unknown, "product_id": lamp.id, "pack_units": 3}

    race(engine, [calls(matching_service.match_lines, store_id=shop.warehouse.store.id, **arguments)] * 4)

    assert units(shop, order) == (6, 6, 3)
    assert shop.warehouse.unsound() == []
