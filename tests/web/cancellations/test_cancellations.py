"""Cancelling an order from its page: the preview, the reason, the cancellation, and every refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import make_order, make_product
from tests.helpers.cast import Cast, Part
from tests.helpers.statements import counted
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from webapp.domain.channels import BESIDE_A_NUMBER
from webapp.domain.events import EventKind
from webapp.models import Order, OrderEvent

TabletOf = Callable[[Part], Tablet]


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """5 lamps, 2 of them shipped and 3 reserved at A1, and 4 mugs without stock; another order besides."""
    lamp, mug = warehouse.product("Lamp", A1=5), warehouse.product("Mug")
    order = warehouse.processing((lamp, 5), (mug, 4))
    warehouse.ship(order, 2)
    warehouse.processing((mug, 1))
    return order


def path(order: Order) -> str:
    return f"/orders/{order.id}/cancellation"


def reasons(db: Session, order: Order) -> list[str]:
    query = select(OrderEvent.reason).where(OrderEvent.order_id == order.id, OrderEvent.kind == EventKind.CANCELLED)
    return list(db.scalars(query))


def test_the_preview_says_what_goes_back_where_to_and_what_has_left(manager: Tablet, order: Order) -> None:
    answer = manager.get(path(order))

    figures = {pair.one("dt").words: pair.one("dd").words for pair in answer.root.one("dl").all("div")}
    assert figures == {"Will not ship": "7", "Available again": "3", "Already shipped": "2"}
    lamp, mug = (line.words for line in answer.root.all("li", css="receipt__line"))
    assert lamp.startswith("Lamp SKU")
    assert "3 units back to A1 2 units already shipped" in lamp
    assert lamp.endswith("3 units")
    assert "4 units had no stock" in mug
    assert "2 units have shipped and stay shipped." in answer.words
    assert "1 open stock exception closes." in answer.words


def test_the_preview_tells_of_orders_that_wait_for_the_units(manager: Tablet, warehouse: Warehouse) -> None:
    lamp = warehouse.product("Lamp", A1=2)
    first = warehouse.processing((lamp, 2))
    second = warehouse.processing((lamp, 1))

    assert f"1 unit goes to {second.order_number}, which waits for it." in manager.get(path(first)).words


def test_cancelling_releases_what_is_left_and_leads_back_to_the_order(
    manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    form = manager.get(path(order)).root.one("form", action=path(order))

    answer = manager.send(form, htmx=False, common_reason="Ordered twice", reason="says the customer")

    assert (answer.status, answer.location) == (303, f"/orders/{order.id}")
    assert warehouse.status(order) == "cancelled"
    assert warehouse.allocations(order) == {}
    assert (warehouse.item(order).shipped_quantity, warehouse.item(order).cancelled_quantity) == (2, 3)
    assert reasons(warehouse.db, order) == ["Ordered twice: says the customer"]
    assert warehouse.ledger(order)[-1].created_by == "max"
    page = manager.get(f"/orders/{order.id}").words
    assert f"Order {order.order_number} is cancelled. 3 units of 1 item released." in page


def test_the_receipt_says_the_channel_of_a_number_in_doubt(manager: Tablet, warehouse: Warehouse) -> None:
    mug = warehouse.product("Mug", A1=5)
    order, _ = (warehouse.processing((mug, 1), order_number="1001", channel=name) for name in ("eBay", "Shop"))
    form = manager.get(path(order)).root.one("form", action=path(order))

    manager.send(form, htmx=False, common_reason="Ordered twice")

    page = manager.get(f"/orders/{order.id}").words
    assert f"Order 1001{BESIDE_A_NUMBER}eBay is cancelled." in page


def test_the_reason_alone_suffices(manager: Tablet, warehouse: Warehouse, order: Order) -> None:
    answer = manager.post(path(order), {"reason": "Customer changed their mind"}, htmx=False)

    assert answer.status == 303
    assert reasons(warehouse.db, order) == ["Customer changed their mind"]


def test_the_button_says_what_it_does(manager: Tablet, order: Order) -> None:
    form = manager.get(path(order)).root.one("form", action=path(order))

    assert form.one("button").words == f"Cancel 7 units of {order.order_number}"
    assert not form.all("input", autofocus="")


def test_a_usual_reason_is_offered_in_the_readers_words_and_stored_in_english(
    manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    form = manager.get(path(order)).root.one("form", action=path(order))
    offered = [choice["value"] for choice in form.all("input", name="common_reason")]

    manager.send(form, htmx=False, common_reason="Payment failed", reason="")

    assert offered[-1] == "Other"
    assert reasons(warehouse.db, order) == ["Payment failed"]


@pytest.mark.parametrize(("typed", "stored"), [("", []), ("Moved abroad", ["Moved abroad"])])
def test_another_reason_needs_words_and_is_stored_as_these(
    manager: Tablet, warehouse: Warehouse, order: Order, typed: str, stored: list[str]
) -> None:
    answer = manager.post(path(order), {"common_reason": "Other", "reason": typed}, htmx=False)

    assert reasons(warehouse.db, order) == stored
    if not stored:
        assert answer.root.one(id="reason-error").words == "Write the reason in your own words."
        (chosen,) = answer.root.all("input", type_="radio", checked="")
        assert chosen["value"] == "Other"


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("typed", ["", "   ", "\r\n\t"])
def test_without_a_reason_nothing_is_cancelled_and_the_field_says_so(
    manager: Tablet, warehouse: Warehouse, order: Order, typed: str, htmx: bool
) -> None:
    answer = manager.post(path(order), {"reason": typed}, htmx=htmx)

    assert answer.status == 422
    assert answer.root.one(id="reason-error").words == "Say why the order is cancelled: choose a reason, or write one."
    assert answer.root.one("textarea", id="reason")["aria-describedby"].endswith("reason-error")
    assert ("<html" in answer.response.text) is not htmx
    assert warehouse.status(order) == "partially_shipped"
    assert warehouse.allocations(order) == {"A1": 3}


def test_a_reason_that_cannot_be_kept_is_refused(manager: Tablet, warehouse: Warehouse, order: Order) -> None:
    typed = "x" * 501

    answer = manager.post(path(order), {"reason": typed}, htmx=False)

    assert answer.status == 422
    assert answer.root.one(id="reason-error").words.endswith(".")
    assert warehouse.status(order) == "partially_shipped"


def test_sent_twice_with_one_key_it_is_cancelled_once(manager: Tablet, warehouse: Warehouse, order: Order) -> None:
    form = manager.get(path(order)).root.one("form", action=path(order))

    answers = [manager.send(form, htmx=False, common_reason="", reason="Ordered twice") for _ in range(2)]

    assert [answer.status for answer in answers] == [303, 303]
    assert warehouse.events(order).count("cancelled") == 1
    assert "3 units of 1 item released" in manager.get(f"/orders/{order.id}").words


def test_the_key_does_not_serve_for_another_reason(manager: Tablet, order: Order) -> None:
    manager.post(path(order), {"reason": "Ordered twice", "idempotency_key": "k1"})

    answer = manager.post(path(order), {"reason": "Another one", "idempotency_key": "k1"})

    assert answer.status == 422
    assert "What you sent before was already counted." in answer.words


def test_cancelling_again_changes_nothing_and_says_so(manager: Tablet, warehouse: Warehouse, order: Order) -> None:
    manager.post(path(order), {"reason": "First"})

    answer = manager.post(path(order), {"reason": "Second"}, htmx=False)

    assert answer.status == 303
    assert "was already cancelled. Nothing changed." in manager.get(f"/orders/{order.id}").words
    assert reasons(warehouse.db, order) == ["First"]


def test_an_order_that_changed_since_the_preview_is_shown_afresh(
    manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    form = manager.get(path(order)).root.one("form", action=path(order))
    warehouse.ship(order, 1)

    answer = manager.send(form, common_reason="", reason="Ordered twice")

    assert answer.status == 409
    assert "Somebody changed this order a moment ago." in answer.words
    (changed,) = answer.root.all("li", css="receipt__line--changed")
    assert "Lamp" in changed.words
    assert "2 units back to A1 3 units already shipped" in changed.words
    assert answer.root.one("textarea", id="reason").words == "Ordered twice"
    assert warehouse.status(order) == "partially_shipped"
    again = manager.send(answer.root.one("form", action=path(order)), common_reason="", reason="Ordered twice")
    assert again.status == 204


def test_without_a_seen_version_the_order_is_cancelled_as_it_is(
    manager: Tablet, warehouse: Warehouse, order: Order
) -> None:
    warehouse.ship(order, 1)

    manager.post(path(order), {"reason": "Ordered twice"})

    assert warehouse.status(order) == "cancelled"


def test_what_has_left_as_a_whole_is_no_cancellation_but_a_return(manager: Tablet, warehouse: Warehouse) -> None:
    lamp = warehouse.product("Lamp", A1=2)
    other = warehouse.processing((lamp, 2))
    warehouse.ship(other)

    preview = manager.get(path(other))
    answer = manager.post(path(other), {"reason": "Too late"}, htmx=False)

    assert "Everything has shipped." in preview.words
    assert preview.root.all("form", action=path(other)) == []
    item = warehouse.item(other)
    assert preview.root.one("a", href=f"/orders/{other.id}/items/{item.id}/returns").words == "Book a return"
    assert answer.status == 409
    assert "cannot become cancelled" in answer.words
    assert warehouse.status(other) == "shipped"


def test_htmx_gets_the_same_panel_that_the_page_holds_and_is_led_on_when_done(manager: Tablet, order: Order) -> None:
    page, panel = manager.get(path(order)).root, manager.get(path(order), htmx=True).root

    assert panel.one(id="cancellation").words == page.one(id="cancellation").words
    done = manager.post(path(order), {"reason": "Ordered twice"})
    assert (done.status, done.response.headers["HX-Redirect"]) == (204, f"/orders/{order.id}")


@pytest.mark.parametrize("part", ["packer", "supervisor", "admin"])
def test_only_a_manager_may_cancel_and_the_others_may_look(
    tablet_of: TabletOf, warehouse: Warehouse, order: Order, part: Part
) -> None:
    tablet = tablet_of(part)

    assert tablet.post(path(order), {"reason": "I say so"}).status == 403
    preview = tablet.get(path(order))
    assert preview.status == 200
    assert preview.root.all("form", action=path(order)) == []
    assert warehouse.status(order) == "partially_shipped"


@pytest.mark.parametrize("order_id", ["999999999", "0", "01", "-1", "1_0", "٣", "１", "1e3", "9223372036854775808"])
def test_an_order_that_is_not_there_is_not_found(manager: Tablet, order: Order, order_id: str) -> None:
    assert manager.get(f"/orders/{order_id}/cancellation").status == 404
    assert manager.post(f"/orders/{order_id}/cancellation", {"reason": "x"}).status == 404
    assert manager.post(f"/orders/{order_id}/cancellation", {"reason": ""}).status == 404


def test_another_stores_order_is_not_found(manager: Tablet, db: Session, cast: Cast) -> None:
    foreign = make_order(db, cast.other_store, [(make_product(db, cast.other_store), 1)])

    assert manager.get(path(foreign)).status == 404
    assert manager.post(path(foreign), {"reason": "x"}).status == 404


@pytest.mark.both_engines
@pytest.mark.parametrize("lines", [1, 40])
def test_the_preview_costs_the_same_statements_however_many_lines(
    manager: Tablet, warehouse: Warehouse, engine: Engine, lines: int
) -> None:
    products = [warehouse.product(f"Part {number}", A1=5) for number in range(lines)]
    order = warehouse.processing(*((product, 2) for product in products))

    with counted(engine) as statements:
        answer = manager.get(path(order))

    assert answer.status == 200
    assert len(statements) <= 4
    assert len(answer.root.all("li", css="receipt__line")) == lines
