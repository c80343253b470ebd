"""Known fault 10 with two packers: two browsers, the real server, the same line at the same moment."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from threading import Barrier
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, make_store, make_user
from tests.helpers.server_fixtures import LiveServer
from tests.helpers.warehouse import Warehouse
from webapp.models import Order

pytestmark = pytest.mark.both_engines


class Browser:
    """A browser in which a packer is signed in, with the pick screen open."""

    def __init__(self, url: str, username: str) -> None:
        self.url = url
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        self.token = self._token(self._send("/login")[1])
        self._send("/login", username=username, password=PASSWORD)

    def open_pick_screen(self, order: Order) -> None:
        self.token = self._token(self._send(f"/orders/{order.id}/pick")[1])

    def ship(self, order: Order, item_id: int, quantity: int, seen_shipped: int, key: str) -> tuple[int, str]:
        """Tap Ship; return the status and the returned panels."""
        path = f"/orders/{order.id}/items/{item_id}/shipments"
        return self._send(path, quantity=quantity, seen_shipped=seen_shipped, idempotency_key=key)

    def _send(self, path: str, **fields: object) -> tuple[int, str]:
        """GET, or POST like htmx if there are fields."""
        content = urlencode({**fields, "csrf_token": self.token}).encode() if fields else None
        request = Request(self.url + path, content, {"HX-Request": "true"} if fields else {})
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()

    @staticmethod
    def _token(page: str) -> str:
        match = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
        assert match, page
        return match[1]


@pytest.fixture
def warehouse(db: Session) -> Warehouse:
    return Warehouse(db, make_store(db))


@pytest.fixture
def browsers(warehouse: Warehouse, live_server: LiveServer) -> list[Browser]:
    """Paula's and Pete's."""
    names = [make_user(warehouse.db, warehouse.store, username=name).username for name in ("paula", "pete")]
    return [Browser(live_server.url, name) for name in names]


def test_two_packers_ship_the_same_line_and_the_loser_sees_fresh_numbers(
    warehouse: Warehouse, browsers: list[Browser]
) -> None:
    for _ in range(4):
        order = warehouse.processing((warehouse.product(A1=9), 5))
        item_id, together = warehouse.item(order).id, Barrier(2)
        for browser in browsers:
            browser.open_pick_screen(order)

        def tap(
            browser: Browser, order: Order = order, item_id: int = item_id, together: Barrier = together
        ) -> tuple[int, str]:
            together.wait(timeout=30)
            return browser.ship(order, item_id, 3, 0, f"{id(browser)}-{order.id}")

        with ThreadPoolExecutor(2) as hands:
            answers = sorted(hands.map(tap, browsers))

        assert [status for status, _ in answers] == [200, 409]
        assert re.search(r"(paula|pete) shipped 3 a moment ago\. 2 are left: check, then ship again\.", answers[1][1])
        assert "3 of 5 units shipped" in answers[1][1]
        assert warehouse.item(order).shipped_quantity == 3
    assert warehouse.unsound() == []


def test_a_packer_who_taps_twice_ships_once(warehouse: Warehouse, browsers: list[Browser]) -> None:
    order = warehouse.processing((warehouse.product(A1=9), 5))
    item_id, (paula, _) = warehouse.item(order).id, browsers
    paula.open_pick_screen(order)

    with ThreadPoolExecutor(8) as taps:
        answers = list(taps.map(lambda _: paula.ship(order, item_id, 2, 0, "one-tap"), range(8)))

    assert {status for status, _ in answers} == {200}
    assert warehouse.item(order).shipped_quantity == 2
    assert [row.kind for row in warehouse.ledger(order)] == ["reserve", "fulfill"]
    assert warehouse.unsound() == []
