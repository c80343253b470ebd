"""What the shop changes later of lines that were matched, or wait to be."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.services.imports.test_changed_upstream import Shop
from tests.services.imports.test_changed_upstream import shop as shop
from webapp.models import Product
from webapp.services import match_undo_service, matching_service

pytestmark = pytest.mark.both_engines


@pytest.mark.parametrize("line_id", ["", "L-7"])
def test_a_line_that_was_parted_here_is_one_for_the_shop(shop: Shop, line_id: str) -> None:
    """Two of five left as the wrong product; the rest waits on a line of its own. The shop orders six, then none."""
    warehouse, line = shop.warehouse, {"sku": "MKT", "line_id": line_id}
    order = shop.started({**line, "quantity": 5}, updated_at="2026-01-06 10:00")
    lamp = shop.db.scalars(select(Product).where(Product.sku == "LAMP")).one()
    warehouse.do(matching_service.match_sku, sku="MKT", product_id=lamp.id)
    warehouse.ship(order, 2)
    match_id = warehouse.item(order).match_id
    warehouse.do(match_undo_service.undo_match, match_id=match_id)

    def units() -> list[tuple[int, int, int]]:
        items = [warehouse.item(order, number) for number in (1, 2)]
        return [(item.quantity, item.shipped_quantity, item.cancelled_quantity) for item in items]

    shop.says({**line, "quantity": 5}, updated_at="2026-01-06 10:00")
    assert units() == [(5, 2, 3), (3, 0, 0)]
    shop.says({**line, "quantity": 6}, updated_at="2026-01-07 10:00")
    assert units() == [(5, 2, 3), (4, 0, 0)]
    shop.says({**line, "quantity": 2}, updated_at="2026-01-08 10:00")
    assert units() == [(5, 2, 3), (4, 0, 4)]
    assert warehouse.unsound() == []


@pytest.mark.parametrize("codes", [{"sku": "lamp"}, {"sku": "NEW", "gtin": "4006381333931"}], ids=["known", "unknown"])
def test_a_line_that_waited_gets_the_codes_that_the_shop_adds(shop: Shop, codes: dict[str, str]) -> None:
    is_known = codes["sku"] == "lamp"
    warehouse, line = shop.warehouse, {"sku": "", "product_name": "Fern", "quantity": 3}
    order = shop.started(line)
    assert warehouse.exceptions(order) == [(1, "placeholder_product", 3, "open")]

    result = shop.says({**line, **codes})

    item = warehouse.item(order)
    assert (item.sku, item.gtin, item.name_key) == (codes["sku"], codes.get("gtin"), None)
    assert (warehouse.allocations(order) == {"A1": 3}) is is_known
    assert warehouse.exceptions(order) == [(1, "placeholder_product", 3, "closed" if is_known else "open")]
    assert ("item_matched" in warehouse.events(order)) is is_known
    assert any("the codes of an unknown product" in row["reason"] for row in result.report)
    assert warehouse.unsound() == []
