"""Counts what a browser receives: bytes over the wire, headers and redirects included.

For tests and measurements. Budgets are in bytes, so they are the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

FIRST_VISIT_BYTES = 120_000
"""Signing in, the order list and a pick screen, with all they load, in a browser with an empty cache."""

SHIP_ANSWER_BYTES = 6_000
"""The response to a packer's tap, on an order of 10 lines."""

_ASKED_FOR_LATER = "link:is([rel~=icon], [rel=apple-touch-icon], [rel=manifest])"
"""Fetched by browsers for a tab or a home screen, but not by the tests' browser."""

_FETCH_LINKS = """
(links) => Promise.all([...document.querySelectorAll(links)].map(async (link) => (await fetch(link.href)).text()))
"""


@dataclass(frozen=True)
class Received:
    """One response: ``size`` bytes on the wire; None if it came from the browser's cache."""

    method: str
    path: str
    status: int
    size: int


class Wire:
    """Counts the responses that a page receives from now on."""

    def __init__(self, page: Page) -> None:
        self.received: list[Received] = []
        self._page = page
        self._open: dict[str, tuple[str, str, int]] = {}
        network = page.context.new_cdp_session(page)
        network.on("Network.requestWillBeSent", self._note_request)
        network.on("Network.responseReceived", self._answered)
        network.on("Network.requestServedFromCache", self._kept)
        network.on("Network.loadingFinished", self._finished)
        network.send("Network.enable")

    def open(self, path: str) -> int:
        """Open a page and everything it loads; return the bytes."""
        before = self.total
        self._page.goto(path, wait_until="networkidle")
        self._page.evaluate(_FETCH_LINKS, _ASKED_FOR_LATER)
        return self.total - before

    @property
    def total(self) -> int:
        """Bytes of all responses so far."""
        return sum(answer.size for answer in self.received)

    def _note_request(self, event: dict[str, Any]) -> None:
        if "redirectResponse" in event:
            self._note(event["requestId"], event["redirectResponse"], event["redirectResponse"]["encodedDataLength"])
        self._open[event["requestId"]] = (event["request"]["method"], urlsplit(event["request"]["url"]).path, 0)

    def _kept(self, event: dict[str, Any]) -> None:
        self._open.pop(event["requestId"], None)

    def _answered(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._open and not event["response"].get("fromDiskCache"):
            method, path, _ = self._open[event["requestId"]]
            self._open[event["requestId"]] = (method, path, event["response"]["status"])
        else:
            self._open.pop(event["requestId"], None)

    def _finished(self, event: dict[str, Any]) -> None:
        if open_request := self._open.pop(event["requestId"], None):
            self.received.append(Received(*open_request, size=int(event["encodedDataLength"])))

    def _note(self, request: str, response: dict[str, Any], size: float) -> None:
        method, path, _ = self._open.pop(request, ("GET", urlsplit(response["url"]).path, 0))
        self.received.append(Received(method, path, response["status"], int(size)))


def sign_in_and_pick(page: Page, wire: Wire, username: str, password: str, order_id: int) -> dict[str, int]:
    """Visit Packbench for the first time and open an order to pick; return the bytes of each step."""
    steps = {"sign-in page": wire.open("/login")}
    before = wire.total
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login" not in url, wait_until="networkidle")
    steps["signing in, and where it leads"] = wire.total - before
    steps["order list"] = wire.open("/orders")
    steps["pick screen"] = wire.open(f"/orders/{order_id}/pick")
    return steps


def ship_first_item(page: Page, wire: Wire, units: int = 1) -> Received:
    """Ship units of the pick screen's first item; return the response that changes the screen."""
    item = page.locator("article.item").first
    item.locator(".item__ship input[name=quantity]").fill(str(units))
    with page.expect_response(lambda response: response.url.endswith("/shipments")) as answer:
        item.locator("[data-ship]").click()
    answer.value.finished()
    expect(page.locator(".htmx-request")).to_have_count(0)
    return [answer for answer in wire.received if answer.path.endswith("/shipments")][-1]
