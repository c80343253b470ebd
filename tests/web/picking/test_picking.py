"""The pick screen and its shipment-status panel: what they show, to whom, and what a second tablet sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tests.helpers.cast import Part
from tests.helpers.markup import Element, parse
from tests.helpers.statements import counted
from tests.helpers.tablet import HTMX, Tablet, assert_item_panel, assert_shipment_panel
from tests.helpers.warehouse import Warehouse
from webapp.models import Order


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """Three lines that lie at A10, A2 and B1; another order is around."""
    products = [
        warehouse.product(name, **{place: 50}) for name, place in (("Far", "A10"), ("Near", "A2"), ("Last", "B1"))
    ]
    warehouse.processing((products[0], 4))
    return warehouse.processing(*((product, 3) for product in products), customer_name="Marie Muster")


def names(items: list[Element]) -> list[str]:
    return [item.one("h2").words for item in items]


def test_items_stand_in_walking_order_and_done_ones_are_folded_away(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    warehouse.ship(order, 3, line=3)

    screen = packer.pick(order).root

    done = screen.one("details", css="pick__done")
    assert names(screen.all("article")) == ["Near", "Far", "Last"]
    assert names(done.all("article")) == ["Last"]
    assert done.one("summary").words == "Done: 1 item"


def test_an_item_says_where_to_take_how_many(packer: Tablet, warehouse: Warehouse) -> None:
    product = warehouse.product("Lamp", A2=17, A10=8)
    order = warehouse.processing((product, 22))
    item = warehouse.item(order)

    screen = packer.pick(order)

    assert [place.words for place in screen.item(item).all("li", css="place")] == ["A2 take 17", "A10 take 5"]
    assert f"{product.sku} · {product.gtin}" in screen.item(item).words
    assert_item_panel(screen, item, shipped=0, left=22)
    assert screen.ship_form(item).one("button", type_="submit").words == "Ship 22"


def test_a_backorder_is_named_with_the_way_out(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.product(A1=2), 5))
    item = warehouse.item(order)

    screen = packer.pick(order)

    assert (
        "Not enough stock (3 units missing). Units that arrive are reserved automatically." in screen.item(item).words
    )
    assert (
        screen.item(item).one("a", href=f"/orders/{order.id}/items/{item.id}/found-units").words == "Found on the shelf"
    )
    line = screen.shipment_status.one("li", data_state="blocked")
    assert "Not enough stock (3 units missing)" in line.words


def test_a_pending_order_says_once_that_nothing_is_reserved(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.order((warehouse.product(A1=9), 2))

    screen = packer.pick(order)

    assert screen.words.count("A manager must start this order first.") == 1


@pytest.mark.parametrize("htmx", [True, False])
def test_page_and_fragment_hold_the_same_html(packer: Tablet, warehouse: Warehouse, order: Order, htmx: bool) -> None:
    warehouse.ship(order, 1, line=1)

    page, fragment = packer.pick(order), packer.get(f"/orders/{order.id}/shipment-status", htmx=htmx)

    assert canonical(fragment.shipment_status) == canonical(page.shipment_status)
    assert "<html" not in fragment.response.text


def test_the_answer_to_a_shipment_holds_the_html_of_the_page(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    item = warehouse.item(order)

    answer = packer.ship(order, item, 1)

    page = packer.pick(order)
    assert canonical(answer.shipment_status) == canonical(page.shipment_status)
    assert canonical(answer.item(item)) == canonical(page.item(item))


def canonical(element: Element) -> object:
    """Return an element without what differs each time: keys and tokens."""
    attributes = {
        name: value
        for name, value in element.attributes.items()
        if name != "value" or element.attributes.get("name") not in ("idempotency_key", "csrf_token")
    }
    children = [child if isinstance(child, str) else canonical(child) for child in element.children]
    return element.tag, attributes, [child for child in children if not isinstance(child, str) or child.strip()]


def test_a_poll_is_answered_with_nothing_while_nothing_changed(
    engine: Engine, packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    poll = packer.pick(order).shipment_status["hx-get"]

    with counted(engine) as statements:
        answer = packer.get(poll, htmx=True)

    assert (answer.status, answer.response.data) == (204, b"")
    assert len(statements) == 2


def test_a_poll_after_a_change_gets_the_panel_and_the_items_that_changed(
    packer: Tablet, warehouse: Warehouse, order: Order
) -> None:
    poll = packer.pick(order).shipment_status["hx-get"]
    warehouse.ship(order, 2, line=2, actor="ben")

    answer = packer.get(poll, htmx=True)

    assert answer.status == 200
    assert_shipment_panel(answer, shipped=2, ordered=9, status="Partially shipped")
    assert "Shipped by ben, just now" in answer.shipment_status.words
    assert names(answer.root.all("article")) == ["Near"]
    assert_item_panel(answer, warehouse.item(order, 2), shipped=2, left=1)
    assert packer.get(answer.shipment_status["hx-get"], htmx=True).status == 204


def test_where_very_many_items_changed_the_page_is_loaded_anew(packer: Tablet, warehouse: Warehouse) -> None:
    product = warehouse.product(A1=100)
    order = warehouse.processing(*[(product, 1)] * 41)
    poll = packer.pick(order).shipment_status["hx-get"]
    warehouse.ship_order(order)

    answer = packer.get(poll, htmx=True)

    assert answer.response.headers["HX-Refresh"] == "true"


def test_an_order_of_hundreds_of_items_is_summed_up_in_the_panel(packer: Tablet, warehouse: Warehouse) -> None:
    product, missing = warehouse.product(A1=1000), warehouse.product("Missing")
    order = warehouse.processing(*[(product, 2)] * 60, (missing, 1))
    warehouse.ship(order, 1, line=60)

    panel = packer.pick(order).shipment_status

    lines = [line.words for line in panel.one("ul").all("li")]
    assert len(lines) == 1
    assert lines[0].startswith("Missing 0 of 1 Waiting"), "what needs somebody is named"
    assert "and 60 more items: 1 started, 59 to pick" in panel.words


@pytest.mark.parametrize("typed", ["{sku}", "{sku_lower}", "{gtin}", "0{gtin}", " {gtin} "])
def test_a_scan_leads_to_the_item(packer: Tablet, warehouse: Warehouse, order: Order, typed: str) -> None:
    item = warehouse.item(order, 3)
    typed = typed.format(sku=item.sku, sku_lower=item.sku.lower(), gtin=item.gtin)

    answer = Tablet.get(packer, f"/orders/{order.id}/pick?scan={typed}")

    assert answer.status == 303
    assert answer.location == f"/orders/{order.id}/pick?found={item.id}#item-{item.id}"
    assert "item--target" in packer.get(answer.location.split("#")[0]).item(item)["class"]


def test_a_scan_of_something_else_says_that_it_is_not_on_this_order(packer: Tablet, order: Order) -> None:
    answer = packer.get(f"/orders/{order.id}/pick?scan=0000999")

    assert answer.status == 200
    assert answer.root.one(id="scan-message").words == "Not on this order: “0000999”"
    assert answer.root.one("input", name="scan")["value"] == "0000999"
    assert [item for item in answer.root.all("article") if "item--target" in item["class"]] == []


@pytest.mark.parametrize("typed", ["000", "%01", "", "“", "<b>", "x" * 5000])
def test_a_strange_scan_finds_nothing_and_breaks_nothing(packer: Tablet, order: Order, typed: str) -> None:
    assert packer.get(f"/orders/{order.id}/pick?scan={typed}").status == 200


def test_a_scan_prefers_what_is_still_to_pick(packer: Tablet, warehouse: Warehouse) -> None:
    product = warehouse.product(A1=9)
    order = warehouse.processing((product, 1), (product, 2))
    warehouse.ship(order, 1, line=1)

    answer = packer.get(f"/orders/{order.id}/pick?scan={product.sku}")

    assert answer.location.endswith(f"#item-{warehouse.item(order, 2).id}")


def test_a_scan_of_what_is_done_opens_it_and_says_so(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    warehouse.ship(order, 3, line=3)

    answer = packer.get(
        packer.get(f"/orders/{order.id}/pick?scan={warehouse.item(order, 3).sku}").location.split("#")[0]
    )

    assert answer.root.one(id="scan-message").words == "Last: nothing is left to pick."
    assert "open" in answer.root.one("details", css="pick__done").attributes


@pytest.mark.parametrize("part", ["supervisor", "admin"])
def test_who_does_not_ship_sees_everything_and_can_change_nothing(
    tablet_of: Callable[[Part], Tablet], warehouse: Warehouse, order: Order, part: Part
) -> None:
    warehouse.ship(order, 1)

    main = tablet_of(part).pick(order).root.one("main")

    assert_words = ["Near", "Shipped by paula", "1 of 9 units shipped"]
    assert all(words in main.words for words in assert_words)
    assert [form for form in main.all("form") if form.attributes.get("method") == "post"] == []


@pytest.mark.parametrize("path", ["/pick", "/shipment-status", "/shipment-status?version=1", ""])
@pytest.mark.parametrize("order_id", ["999999", "0", "01", "-1", "1e3", "٣", "１", "1_0", "9223372036854775808", "%20"])
def test_an_unknown_order_is_the_same_404_however_it_is_spelled(packer: Tablet, order_id: str, path: str) -> None:
    answers = [packer.client.get(f"/orders/{spelled}{path}", headers=HTMX) for spelled in ("424242", order_id)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].data == answers[1].data


def test_another_stores_order_is_absent(
    tablet_of: Callable[[Part], Tablet], warehouse: Warehouse, order: Order
) -> None:
    outsider, item = tablet_of("outsider"), warehouse.item(order)

    assert outsider.pick(order).status == 404
    assert outsider.ship(order, item, 1).status == 404
    assert outsider.ship(order, item, "x").status == 404
    assert outsider.post(f"/orders/{order.id}/shipments").status == 404


def test_an_item_of_another_order_is_absent(packer: Tablet, warehouse: Warehouse, order: Order) -> None:
    other = warehouse.item(warehouse.processing((warehouse.product(A1=5), 1)))

    for quantity in ("1", "x"):
        for htmx in (True, False):
            assert packer.ship(order, other, quantity, htmx=htmx).status == 404


def test_names_are_shown_as_they_are_written(packer: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing(
        (warehouse.product("<b>Lamp</b> & 'more'", A1=1), 1), customer_name="<script>x</script>"
    )

    page = packer.pick(order)

    assert "<b>Lamp</b> & 'more'" in page.words
    assert "<script>x</script>" in page.root.one("main").words
    assert parse(page.response.text).one("main").all("script") == []


@pytest.mark.both_engines
@pytest.mark.parametrize("lines", [1, 40])
def test_the_screens_cost_the_same_statements_however_many_items(
    engine: Engine, packer: Tablet, warehouse: Warehouse, lines: int
) -> None:
    product = warehouse.product(A1=500)
    order = warehouse.processing(*[(product, 3)] * lines)
    warehouse.ship(order, 1)
    address = f"/orders/{order.id}"
    packer.pick(order)  # It is hers from now on.
    costs = {}
    for path in ("/pick", "/shipment-status", ""):
        with counted(engine) as statements:
            assert packer.get(address + path).status == 200
        costs[path] = len(statements)

    assert costs == {"/pick": 3, "/shipment-status": 2, "": 2}
