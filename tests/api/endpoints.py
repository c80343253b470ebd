"""Every endpoint of the store's API: its path, who may use it, and a valid body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from webapp.domain.roles import MANAGERS, READERS, SHIPPERS, Role


@dataclass(frozen=True)
class Endpoint:
    """``path`` follows /api/v1/store; ``body`` is what a POST sends."""

    method: str
    path: str
    roles: frozenset[Role]
    body: Any = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def at(self, order_id: object, item_id: object) -> str:
        """Return the whole path for these ids, as written in an address."""
        return f"/api/v1/store{self.path}".format(order_id=order_id, item_id=item_id)


LIST: Final = Endpoint("GET", "/orders", READERS)
OF_AN_ORDER: Final = (
    Endpoint("GET", "/orders/{order_id}", READERS),
    Endpoint("GET", "/orders/{order_id}/shipment-status", READERS),
    Endpoint("GET", "/orders/{order_id}/transactions", READERS),
    Endpoint("POST", "/orders/{order_id}/items/{item_id}/ship", SHIPPERS, {"quantity": 1}),
    Endpoint("POST", "/orders/{order_id}/status", MANAGERS, {"status": "processing"}),
    Endpoint("POST", "/orders/{order_id}/cancel", MANAGERS, {"reason": "Customer changed her mind"}),
)
ALL: Final = (LIST, *OF_AN_ORDER)
CHANGES: Final = tuple(endpoint for endpoint in ALL if endpoint.method == "POST")
