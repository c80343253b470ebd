"""Items that were imported without a name, and what a cancelled order asks for after a return."""

from __future__ import annotations

import pytest

from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse


@pytest.mark.parametrize(
    ("page", "codes", "name"),
    [
        *((page, {"sku": "MKT-7"}, "MKT-7") for page in ("pick", "", "audit")),
        *((page, {"sku": "", "gtin": "4012345000016"}, "4012345000016") for page in ("pick", "")),
        ("audit", {"sku": "", "gtin": "4012345000016"}, "line 1"),
        *((page, {"sku": "", "gtin": ""}, "Line 1") for page in ("pick", "", "cancellation")),
        ("audit", {"sku": "", "gtin": ""}, "line 1"),
    ],
)
def test_a_line_without_a_name_has_its_code_or_number_while_its_product_is_unknown(
    manager: Tablet, warehouse: Warehouse, page: str, codes: dict[str, str], name: str
) -> None:
    order = warehouse.processing((warehouse.placeholder(), 1), product_name="", **codes)

    words = manager.get(f"/orders/{order.id}/{page}".rstrip("/")).root.one("main").words

    assert name in words


def test_a_line_without_name_and_code_has_its_number_in_every_form(manager: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.placeholder(), 1), product_name="", sku="", gtin="")

    screen = manager.pick(order)

    assert screen.item(warehouse.item(order)).one("h2").words == "Line 1"
    assert "Line 1" in screen.shipment_status.words


def test_a_line_without_a_name_has_its_products(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product("Stoneware mug", A1=5), 2), product_name="")
    item = warehouse.item(order)

    assert packer.pick(order).item(item).one("h2").words == "Stoneware mug"
    assert "Stoneware mug" in packer.get(f"/orders/{order.id}").root.one("tbody").words
    assert "2 × Stoneware mug shipped" in packer.ship(order, item, 2).words


def test_a_cancelled_order_asks_to_put_back_only_while_nothing_came_back(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=5), 3))
    warehouse.ship(order, 1)
    warehouse.cancel(order)
    put_back = "Put back what you have picked."
    assert put_back in packer.pick(order).shipment_status.words

    warehouse.give_back(order, 1)

    words = packer.pick(order).shipment_status.words
    assert "This order is cancelled." in words
    assert put_back not in words
