"""A packer's tablet, or anyone's browser, simulated: pages and panels as element trees."""

from __future__ import annotations

from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.helpers.link_checks import check_links
from tests.helpers.markup import Element, parse
from webapp.models import Order, OrderItem

HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Answer:
    """A response, as text and as a tree."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def location(self) -> str:
        return self.response.location or ""

    @property
    def root(self) -> Element:
        return parse(self.response.text)

    @property
    def words(self) -> str:
        return self.root.words

    @property
    def shipment_status(self) -> Element:
        """The shipment-status panel."""
        return self.root.one(id="shipment-status")

    def item(self, item: OrderItem | int) -> Element:
        """The panel of an item, by its row or its id."""
        return self.root.one("article", id=f"item-{item if isinstance(item, int) else item.id}")

    def ship_form(self, item: OrderItem | int) -> Element:
        """The form that ships units of the item."""
        return self.item(item).one("form", css="item__ship")


@dataclass(frozen=True)
class Tablet:
    """A signed-in person's browser. The test's own session sees its changes at once."""

    client: FlaskClient
    db: Session

    def get(self, path: str, *, htmx: bool = False) -> Answer:
        return self._answer(self.client.get(path, headers=HTMX if htmx else {}))

    def post(self, path: str, fields: dict[str, object] | None = None, *, htmx: bool = True) -> Answer:
        """Post a form like htmx, or with ``htmx=False`` like a plain form."""
        answer = self._answer(self.client.post(path, data=fields or {}, headers=HTMX if htmx else {}))
        self.db.rollback()
        return answer

    def _answer(self, response: TestResponse) -> Answer:
        if response.mimetype == "text/html":
            check_links(response.text, self.client.application)
        return Answer(response)

    def send(self, form: Element, *, htmx: bool = True, **typed: object) -> Answer:
        """Send a form as it is on the page, with the ``typed`` values."""
        return self.post(form["action"], {**form.fields, **typed}, htmx=htmx)

    def pick(self, order: Order) -> Answer:
        """Open the pick screen."""
        return self.get(f"/orders/{order.id}/pick")

    def ship(self, order: Order, item: OrderItem, quantity: object, *, htmx: bool = True, **fields: object) -> Answer:
        """Ship units of an item with just these fields, and the present shipped quantity as seen."""
        path = f"/orders/{order.id}/items/{item.id}/shipments"
        return self.post(path, {"quantity": quantity, "seen_shipped": item.shipped_quantity, **fields}, htmx=htmx)


def assert_shipment_panel(answer: Answer, *, shipped: int, ordered: int, status: str) -> None:
    """Check the shipment-status panel: units in words and on the bar, and the status."""
    panel = answer.shipment_status
    bar = panel.one("progress")
    assert f"{shipped} of {ordered} units shipped" in panel.one(css="status__units").words.replace(" unit ", " units ")
    assert (bar["value"], bar["max"]) == (str(shipped), str(ordered))
    assert panel.one(css="pill").words == status


def assert_item_panel(answer: Answer, item: OrderItem, *, shipped: int, left: int) -> None:
    """Check the numbers of an item's panel, and that the quantity field holds the reserved units, if any."""
    panel = answer.item(item)
    figures = {pair.one("dt").words: pair.one("dd").words for pair in panel.one("dl").all("div")}
    assert (figures["Shipped"], figures["Remaining"]) == (str(shipped), str(left))
    quantities = [form.fields["quantity"] for form in panel.all("form", css="item__ship")]
    assert quantities == ([figures["Reserved"]] if figures["Reserved"] != "0" else [])


def assert_refused_quantity_form(answer: Answer, field: str, sentence: str, *, typed: object) -> None:
    """Check that the refusal stands by its field, and that the quantity field keeps what was typed."""
    assert answer.status == 422
    assert answer.root.one(id=f"{field}-error").words == sentence
    assert answer.root.one("input", id="quantity")["value"] == typed
