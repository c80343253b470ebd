"""The state machine without its rules: a store, its model, and what must hold of both after each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import make_store
from tests.helpers.soundness import broken_rules
from tests.helpers.warehouse import Warehouse
from tests.services.stock_model import Model, Refused
from tests.services.stock_records import Item, Order
from webapp import models
from webapp.database.unit_of_work import Once, unit_of_work
from webapp.domain.errors import PackbenchError

PRODUCTS = ["widget", "gadget"]


class Sent(NamedTuple):
    """A request sent under a key, and its answer."""

    act: Callable[[Session], Any]
    once: Once
    status: int


class StockMachine(RuleBasedStateMachine):
    """One store, in a database that many share; rules are added by a subclass."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.session = Session(engine, expire_on_commit=False)
        self.warehouse = Warehouse(self.session, make_store(self.session))
        self.store_id = self.warehouse.store.id
        self.unknown = self.warehouse.placeholder()
        self.products = {name: self.warehouse.product(name) for name in PRODUCTS}
        self.model = Model()
        self.order_ids: list[int] = []
        self.item_ids: dict[Item, int] = {}
        self.sent: list[Sent] = []
        self.requests = 0

    def teardown(self) -> None:
        violations = self.warehouse.unsound()
        self.session.close()
        assert violations == []

    def both(
        self, predicted: Callable[[], object], act: Callable[..., Any], keyed: bool = False, **arguments: Any
    ) -> None:
        """Let model and service act: both succeed, or both refuse in the same way."""
        self.requests += 1
        request = f"request {self.requests}"
        once = Once(self.store_id, request, "paula", request, keep_refusals=True) if keyed else None

        def service(db: Session) -> str:
            act(db=db, store_id=self.store_id, actor="paula", **arguments)
            return request

        expected = 200
        try:
            predicted()
        except Refused as refusal:
            (expected,) = refusal.args
        status = 200
        try:
            unit_of_work(self.session, service, once)
        except PackbenchError as refusal:
            status = refusal.status
        assert status == expected, f"{act.__name__} {arguments}"
        if once:
            self.sent.append(Sent(service, once, status))

    # Which.

    def order(self, number: int) -> Order:
        return self.model.orders[number % len(self.model.orders)]

    def id_of(self, order: Order) -> int:
        return self.order_ids[self.model.orders.index(order)]

    def item(self, number: int) -> Item:
        items = self.model.items()
        return items[number % len(items)]

    def names(self, item: Item) -> dict[str, int]:
        return {"order_id": self.id_of(item.order), "item_id": self.item_ids[item]}

    # After each step.

    @invariant()
    def the_database_is_what_the_model_says(self) -> None:
        names = {row.id: name for name, row in self.products.items()}
        stock = {
            (names[row.product_id], row.location): (row.quantity, row.reserved_quantity)
            for row in self._all(models.Inventory)
        }
        assert stock == self.model.stock()
        statuses = {row.id: str(row.status) for row in self._all(models.Order)}
        assert statuses == {self.id_of(order): order.status for order in self.model.orders}
        items = {row.id: row for row in self._all(models.OrderItem)}
        allocations = self._allocation_table()
        for item, item_id in self.item_ids.items():
            row = items[item_id]
            assert names.get(row.product_id) == item.product
            counted = (row.quantity, row.shipped_quantity, row.cancelled_quantity, row.returned_quantity)
            assert counted == (item.ordered, item.shipped, item.cancelled, item.returned)
            assert allocations.get(item_id, {}) == self.model.allocations(item)

    @invariant()
    def every_invariant_holds(self) -> None:
        assert broken_rules(self.session.connection(), self.store_id) == set()

    def _all(self, model: type[Any]) -> list[Any]:
        query = select(model).where(model.store_id == self.store_id).execution_options(populate_existing=True)
        return list(self.session.scalars(query))

    def _allocation_table(self) -> dict[int, dict[str, int]]:
        held: dict[int, dict[str, int]] = {}
        locations = {row.id: row.location for row in self._all(models.Inventory)}
        for row in self._all(models.Allocation):
            if row.quantity:
                held.setdefault(row.order_item_id, {})[locations[row.inventory_id]] = row.quantity
        return held
