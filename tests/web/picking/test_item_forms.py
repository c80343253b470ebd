"""What cancelling units and booking a return share: each is a form about one item, for managers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.helpers.cast import Part
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Order


@dataclass(frozen=True)
class ItemForm:
    """A form of one item: the last part of its path, the panel's id, and what a manager types into it."""

    noun: str
    panel: str
    fields: dict[str, Any]

    def path(self, order: Order, item_id: int) -> str:
        return f"/orders/{order.id}/items/{item_id}/{self.noun}"


FORMS = [
    ItemForm("cancellation", "item-cancellation", {"quantity": "2", "reason": "Out of season"}),
    ItemForm("returns", "return", {"quantity": "2", "write_off": "", "location": "A1", "reason": "Too small"}),
]


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """6 lamps: 3 shipped, 3 reserved at A1."""
    order = warehouse.processing((warehouse.product("Lamp", A1=6), 6))
    warehouse.ship(order, 3)
    return order


@pytest.fixture(params=FORMS, ids=lambda form: form.noun)
def form(request: pytest.FixtureRequest) -> ItemForm:
    asked: ItemForm = request.param
    return asked


@pytest.fixture
def path(warehouse: Warehouse, order: Order, form: ItemForm) -> str:
    return form.path(order, warehouse.item(order).id)


def test_sent_twice_with_one_key_it_counts_once(
    manager: Tablet, warehouse: Warehouse, order: Order, form: ItemForm, path: str
) -> None:
    shown = manager.get(path).root.one("form", action=path)

    for _ in range(2):
        assert manager.send(shown, **form.fields).status == 204

    item = warehouse.item(order)
    assert item.cancelled_quantity + item.returned_quantity == 2


@pytest.mark.parametrize("part", ["packer", "supervisor", "admin"])
def test_only_a_manager_may(tablet_of: Callable[[Part], Tablet], form: ItemForm, path: str, part: Part) -> None:
    tablet = tablet_of(part)

    assert tablet.post(path, form.fields).status == 403
    assert tablet.get(path).root.all("form", action=path) == []


def test_an_item_of_another_order_is_not_found(
    manager: Tablet, warehouse: Warehouse, order: Order, form: ItemForm
) -> None:
    other = warehouse.order((warehouse.product("Vase"), 1))
    path = form.path(order, warehouse.item(other).id)

    assert manager.get(path).status == 404
    assert manager.post(path, form.fields).status == 404
    assert manager.post(path, {}).status == 404


def test_page_and_fragment_hold_the_same(manager: Tablet, form: ItemForm, path: str) -> None:
    page, panel = manager.get(path).root, manager.get(path, htmx=True).root

    assert panel.one(id=form.panel).words == page.one(id=form.panel).words
