"""A client that performs the most common operations, with one browser and one API connection."""

from __future__ import annotations

from uuid import uuid4

from bench.rig.clients import ApiClient, Browser
from bench.rig.shop import PACKER, PASSWORD, OpenOrder

OPERATIONS = {
    "list": "list of 50",
    "order": "order page",
    "trail": "trail",
    "pick": "pick screen",
    "ship": "ship from the screen",
    "api ship": "ship by the API",
    "cancel": "cancel an order of 5 items",
}
PAGES = {"list": "/orders", "order": "/orders/{}", "trail": "/orders/{}/audit", "pick": "/orders/{}/pick"}


class Person:
    """Works through its own orders, one operation on each."""

    def __init__(self, port: int, token: str, orders: list[OpenOrder]) -> None:
        self._browser, self._api, self._orders, self._turn = Browser(port), ApiClient(port, token), orders, 0
        self._browser.sign_in(PACKER, PASSWORD)

    def begin(self) -> None:
        """Start again at the first order, on fresh connections (servers close idle ones)."""
        self._turn = 0
        self._browser.reconnect()
        self._api.reconnect()

    def carry_out(self, operation: str) -> None:
        """Do one operation on the next order; a refusal ends the measurement."""
        status = self._cancel() if operation == "cancel" else self._visit(operation)
        if status not in (200, 303):
            raise SystemExit(f"{operation} answered {status}")

    def _cancel(self) -> int:
        order = self._orders.pop()
        return self._api.post(f"/orders/{order.order_id}/cancel", {"reason": "A measurement"}, uuid4().hex)[0]

    def _visit(self, operation: str) -> int:
        order = self._orders[self._turn % len(self._orders)]
        item = order.items[self._turn // len(self._orders) % len(order.items)]
        self._turn += 1
        path = f"/orders/{order.order_id}/items/{item}"
        if operation == "ship":
            return self._browser.ship(path, tries=1)[0]  # A refusal would be measured with the ship.
        if operation == "api ship":
            return self._api.post(f"{path}/ship", {"quantity": 1}, uuid4().hex)[0]
        return self._browser.get(PAGES[operation].format(order.order_id))[0]
