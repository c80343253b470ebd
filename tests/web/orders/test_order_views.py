"""The list's views with their counts, the order to pick next, and the responses to searches and polls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.helpers.cast import Part
from tests.helpers.markup import Element
from tests.helpers.tablet import HTMX, Answer, Tablet
from tests.helpers.warehouse import Warehouse
from tests.web.orders.listed import views
from webapp.domain.clock import utc_now
from webapp.models import Order, Product
from webapp.presenters.phrases import words


def in_hours(hours: float) -> dict[str, object]:
    return {"ship_by": utc_now() + timedelta(hours=hours, minutes=1)}


def current(answer: Answer) -> list[str]:
    return [link.words for link in answer.root.all("a", aria_current="true")]


def view(answer: Answer, words: str) -> str:
    return next(link["href"] for link in answer.root.all("a", css="filters__link") if link.words.startswith(words))


@pytest.fixture
def cup(warehouse: Warehouse) -> Product:
    return warehouse.product("Cup", A10=50, A2=9)


@pytest.fixture
def order(warehouse: Warehouse, cup: Product) -> Order:
    return warehouse.processing((cup, 3), order_number="SOON", customer_name="Anna Müller", **in_hours(2))


class TestViews:
    def test_each_says_how_many_orders_wait(self, manager: Tablet, warehouse: Warehouse, cup: Product) -> None:
        warehouse.order((cup, 1), **in_hours(4))
        warehouse.order((cup, 1), **in_hours(-4))
        warehouse.ship(warehouse.processing((cup, 2), **in_hours(-1)), 1)

        answer = manager.get("/orders")

        assert views(answer) == [
            "To ship 3",
            "Late 2",
            "Pending 2",
            "Processing 0",
            "Partially shipped 1",
            "Shipped",
            "All orders",
        ]

    def test_numbers_beyond_the_most_are_not_counted(self, packer: Tablet, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("webapp.services.reads.order_counts.OpenOrders.total", lambda *_: 1000)

        assert views(packer.get("/orders"))[0] == "To ship 999+"

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("", ["To ship 1"]),
            ("status=open", ["To ship 1"]),
            ("late=1", ["Late 0"]),
            ("status=processing", ["Processing 1"]),
            ("status=all", ["All orders"]),
            ("search=anna", ["All orders"]),
            ("search=anna&status=open", ["To ship"]),
            ("search=anna&late=1", ["Late"]),
        ],
    )
    def test_the_current_one_is_marked(self, packer: Tablet, order: Order, query: str, words: list[str]) -> None:
        assert current(packer.get(f"/orders?{query}")) == words

    def test_one_that_is_folded_away_stands_with_the_others_while_it_is_current(
        self, packer: Tablet, order: Order
    ) -> None:
        assert "Refunded" not in views(packer.get("/orders"))
        assert "Refunded" in views(packer.get("/orders?status=refunded"))
        assert "Pending 0" in views(packer.get("/orders?status=pending"))

    def test_a_search_stays_when_another_view_is_chosen(self, packer: Tablet, order: Order) -> None:
        results = packer.get("/orders?search=anna")

        assert packer.get(view(results, "Processing")).root.all("li", css="order")
        assert not packer.get(view(results, "Pending")).root.all("li", css="order")
        assert not packer.get(view(results, "Late")).root.all("li", css="order")
        assert packer.get(view(results, "To ship")).root.all("li", css="order")

    def test_a_new_search_stays_in_the_view(self, packer: Tablet, order: Order) -> None:
        form = packer.get("/orders?status=pending").root.one("form", role="search")

        assert form.fields == {"status": "pending", "search": ""}

    def test_nothing_found_in_a_view_leads_to_a_search_of_everything(self, packer: Tablet, order: Order) -> None:
        empty = packer.get("/orders?search=anna&status=pending").root.one(css="empty-state")

        assert packer.get(empty.one("a")["href"]).root.all("li", css="order")


class TestNextOrder:
    def card(self, answer: Answer) -> Element:
        return answer.root.one("a", css="next-order")

    def test_it_is_named_with_what_is_left_and_where_the_walk_begins(
        self, packer: Tablet, warehouse: Warehouse, order: Order
    ) -> None:
        card, due = self.card(packer.get("/orders")), words.due(order.ship_by, utc_now())

        assert card.words == f"Next order to pick SOON Anna Müller {due} 3 units to pick A10 Pick"
        assert card["href"] == f"/orders/{order.id}/pick"

    def test_it_begins_at_the_first_place_of_the_walk(self, packer: Tablet, warehouse: Warehouse, cup: Product) -> None:
        warehouse.processing((cup, 55))

        assert "A2 and 1 more place" in self.card(packer.get("/orders")).words

    def test_it_says_how_much_of_it_is_ready(self, packer: Tablet, warehouse: Warehouse, cup: Product) -> None:
        warehouse.processing((cup, 60))

        assert "59 of 60 units are ready" in self.card(packer.get("/orders")).words

    def test_what_cannot_ship_is_passed_over_though_it_is_due_before(
        self, packer: Tablet, warehouse: Warehouse, order: Order
    ) -> None:
        warehouse.processing((warehouse.product("Vase"), 1), order_number="SHORT", **in_hours(-2))

        assert self.card(packer.get("/orders")).words.startswith("Next order to pick: the first with units ready SOON")

    def test_late_is_said(self, packer: Tablet, warehouse: Warehouse, cup: Product) -> None:
        late = warehouse.processing((cup, 1), **in_hours(-30))

        said = words.due(late.ship_by, utc_now())
        assert self.card(packer.get("/orders")).one(css="pill--late").words == said

    def test_without_one_the_list_says_what_it_waits_for(self, packer: Tablet, warehouse: Warehouse) -> None:
        warehouse.processing((warehouse.product("Vase"), 1))

        assert "Nothing is ready to pick now." in packer.get("/orders").root.one(id="next-order").words

    @pytest.mark.parametrize("part", ["supervisor", "admin"])
    def test_who_does_not_ship_is_shown_none(
        self, tablet_of: Callable[[Part], Tablet], order: Order, part: Part
    ) -> None:
        assert tablet_of(part).get("/orders").root.one(id="next-order").words == ""

    def test_beside_a_search_a_link_leads_to_it(self, packer: Tablet, order: Order) -> None:
        link = packer.get("/orders?search=x").root.one(id="next-order").one("a")

        assert (link.words, link["href"]) == ("Next order to pick", "/orders/next")


class TestSearchAsOneTypes:
    def ask(self, packer: Tablet, query: str, current: str) -> tuple[Answer, dict[str, str]]:
        headers = {**HTMX, "HX-Current-URL": f"http://localhost{current}"}
        answer = Answer(packer.client.get(f"/orders/list?{query}", headers=headers))
        return answer, {name: value for name, value in answer.response.headers if name.startswith("HX-")}

    def test_the_list_alone_is_answered(self, packer: Tablet, order: Order) -> None:
        answer, _ = self.ask(packer, "search=anna", "/orders")

        assert [child["id"] for child in answer.root.children if isinstance(child, Element)] == ["order-list"]
        assert [link.words for link in answer.root.all("a", css="order__number")] == ["SOON"]

    def test_one_search_is_one_entry_of_the_history(self, packer: Tablet) -> None:
        assert self.ask(packer, "search=a", "/orders")[1] == {"HX-Push-Url": "/orders?search=a"}
        assert self.ask(packer, "search=an", "/orders?search=a")[1] == {"HX-Replace-Url": "/orders?search=an"}
        assert self.ask(packer, "search=", "/orders?search=a")[1] == {"HX-Replace-Url": "/orders"}
        assert self.ask(packer, "search=a&late=1", "/orders?late=1")[1] == {"HX-Push-Url": "/orders?search=a&late=1"}

    @pytest.mark.parametrize("address", ["http://[::1", "http://[x]/orders?search=a", "//[", "?"])
    def test_an_address_that_is_none_is_no_fault(self, packer: Tablet, address: str) -> None:
        answer = packer.client.get("/orders/list?search=an", headers={**HTMX, "HX-Current-URL": address})

        assert answer.status_code == 200

    def test_the_panel_is_the_one_of_the_page(self, packer: Tablet, order: Order) -> None:
        page = packer.get("/orders?search=anna").root.one(id="order-list")
        panel = self.ask(packer, "search=anna", "/orders")[0].root.one(id="order-list")

        assert (page.words, page["data-seen"]) == (panel.words, panel["data-seen"])


class TestNews:
    def test_nothing_new_has_no_content(self, packer: Tablet, order: Order) -> None:
        seen = packer.get("/orders").root.one(id="order-list")

        assert packer.get(f"{seen['data-news']}?seen={seen['data-seen']}").status == 204

    def test_a_shipment_is_news_with_the_list_and_the_order_to_pick_next(
        self, packer: Tablet, warehouse: Warehouse, order: Order
    ) -> None:
        seen = packer.get("/orders").root.one(id="order-list")
        warehouse.ship(order, 1)

        answer = packer.get(f"{seen['data-news']}?seen={seen['data-seen']}")

        assert "1 of 3 units shipped" in answer.root.one(id="order-list").words
        assert "2 units to pick" in answer.root.one(id="next-order").words

    def test_news_are_those_of_the_page_that_asks(self, packer: Tablet, warehouse: Warehouse, cup: Product) -> None:
        for _ in range(51):
            warehouse.order((cup, 1), customer_name="Anna Smith")
        (onward,) = packer.get("/orders?search=smith").root.all("a", rel="next")
        second = packer.get(onward["href"]).root.one(id="order-list")

        assert len(packer.get(second["data-news"]).root.all("li", css="order")) == 1
        assert packer.get(f"{second['data-news']}&seen={second['data-seen']}").status == 204
