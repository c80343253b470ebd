"""An order's audit trail: quick to search, true to the ledger, complete on paper and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import make_order, make_product
from tests.helpers.cast import Cast, Part
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.statements import counted
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import InventoryTransaction, Order, OrderEvent

TabletOf = Callable[[Part], Tablet]


@pytest.fixture
def supervisor(tablet_of: TabletOf) -> Tablet:
    """Sofia's desk."""
    return tablet_of("supervisor")


@pytest.fixture
def order(warehouse: Warehouse) -> Order:
    """2 lamps, shipped one after the other by paula and pete, and 3 mugs of which 1 came back; others are around."""
    lamp, mug = warehouse.product("Lamp", A1=5), warehouse.product("Mug", B2=5)
    order = warehouse.processing((lamp, 2), (mug, 3))
    warehouse.processing((lamp, 1))
    warehouse.ship(order, 1, actor="paula")
    warehouse.ship(order, 1, actor="pete")
    warehouse.ship(order, 3, line=2, actor="paula")
    warehouse.give_back(order, 1, line=2, actor="max", reason="Handle came off")
    return order


GERMAN = {"Accept-Language": "de"}


def test_what_the_program_gives_as_a_reason_is_said_in_the_language_of_the_reader(
    supervisor: Tablet, warehouse: Warehouse, api_as: Callable[[Part], ApiClient]
) -> None:
    order = warehouse.processing((warehouse.product("Lampe", A1=5), 2))
    api_as("manager").post(f"/orders/{order.id}/status", {"status": "cancelled"})

    answer = supervisor.client.get(f"/orders/{order.id}/audit", headers=GERMAN)
    table = supervisor.client.get(f"/orders/{order.id}/audit.csv", headers=GERMAN)

    assert "Status auf „storniert“ gesetzt" in answer.text
    assert "Status auf „storniert“ gesetzt" in table.text
    assert "Status set to" not in answer.text + table.text


def trail(tablet: Tablet, order: Order, query: str = "", **more: bool) -> Answer:
    return tablet.get(f"/orders/{order.id}/audit{query}", **more)


def sentences(answer: Answer) -> list[str]:
    lines = answer.root.all("li", css="operation__line")
    return [line.all("p")[0].words.replace(" .", ".").replace(" ,", ",") for line in lines]


def test_who_shipped_the_second_lamp_from_where_and_when(
    supervisor: Tablet, warehouse: Warehouse, order: Order
) -> None:
    answer = trail(supervisor, order, f"?kind=shipped&item={warehouse.item(order).id}")

    assert sentences(answer) == [
        "pete shipped 1 unit of Lamp from A1 (unit 2 of 2). None of this item left.",
        "paula shipped 1 unit of Lamp from A1 (unit 1 of 2). 1 left to ship.",
    ]
    newest = answer.root.all("li", css="operation")[0]
    assert newest.one("time")["datetime"].endswith("+00:00")
    assert "UTC" in newest.one("time")["title"]
    assert "A1 On hand 4 → became 3 Reserved 2 → became 1" in newest.words


def test_the_newest_comes_first_unless_asked_otherwise(supervisor: Tablet, order: Order) -> None:
    newest, oldest = trail(supervisor, order), trail(supervisor, order, "?sort=oldest")

    assert sentences(newest)[0] == "max booked 1 unit of Mug as returned, to R1."
    assert "Reason: “Handle came off”" in newest.words
    assert sentences(oldest)[-1] == sentences(newest)[0]
    assert sentences(oldest)[:2] == [
        "paula changed the status from Pending to Processing.",
        "paula reserved 2 units of Lamp at A1.",
    ]


def test_everything_in_the_ledger_and_the_history_is_on_the_page(
    supervisor: Tablet, warehouse: Warehouse, order: Order
) -> None:
    db = warehouse.db
    rows = db.scalars(select(InventoryTransaction.id).where(InventoryTransaction.order_id == order.id)).all()
    events = db.scalars(select(OrderEvent.id).where(OrderEvent.order_id == order.id)).all()

    root = trail(supervisor, order).root

    assert [root.one("li", id=f"movement-{row}") for row in rows]
    assert [root.one("li", id=f"event-{event}") for event in events]
    assert len(root.all("li", css="movements__row")) == len(rows)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?person=pete", ["pete shipped 1 unit of Lamp from A1 (unit 2 of 2). None of this item left."]),
        ("?kind=returned", ["max booked 1 unit of Mug as returned, to R1."]),
        ("?kind=returned&person=paula", []),
        ("?kind=cancelled", []),
        ("?kind=undone", []),
        ("?kind=taken_back", []),
        ("?item=999999999", []),
        ("?item=x", []),
        ("?person=nobody", []),
        ("?operation=nothing", []),
        ("?search=nothing+like+it", []),
        ("?search=PETE", ["pete shipped 1 unit of Lamp from A1 (unit 2 of 2). None of this item left."]),
        ("?search=mug+R1", ["max booked 1 unit of Mug as returned, to R1."]),
        ("?search=handle", ["max booked 1 unit of Mug as returned, to R1."]),
        ("?search=%25", []),
    ],
)
def test_filters_are_in_the_address(supervisor: Tablet, order: Order, query: str, expected: list[str]) -> None:
    answer = trail(supervisor, order, query)

    assert answer.status == 200
    assert sentences(answer) == expected
    assert ("No matching entries" in answer.words) is (not expected)


def test_the_form_shows_what_was_chosen(supervisor: Tablet, warehouse: Warehouse, order: Order) -> None:
    item = warehouse.item(order, 2)

    root = trail(supervisor, order, f"?kind=shipped&item={item.id}&person=paula&sort=oldest").root

    chosen = [option.words for option in root.all("option", selected="")]
    assert chosen == ["Shipped", f"2. Mug ({item.sku})", "paula", "Oldest first"]
    figures = {pair.one("dt").words: pair.one("dd").words for pair in root.one("dl").all("div")}
    assert figures == {"Ordered": "3", "Shipped": "3", "Cancelled": "0", "Returned": "1", "Left to ship": "0"}


@pytest.mark.parametrize("query", ["?kind=stolen", "?cursor=x", "?person=a%00b", "?item=%00"])
def test_an_address_that_cannot_be_meant_is_refused_with_a_sentence(
    supervisor: Tablet, order: Order, query: str
) -> None:
    assert trail(supervisor, order, query).status == 422


def test_each_operation_has_a_permanent_link_to_itself(supervisor: Tablet, order: Order) -> None:
    link = trail(supervisor, order).root.all("a", css="copy-link")[1]

    alone = supervisor.get(link["href"])

    assert sentences(alone) == [
        "paula shipped 3 units of Mug from B2 (units 1 to 3 of 3). None of this item left.",
        "paula changed the status from Partially shipped to Shipped.",
    ]


def test_a_permanent_link_leads_to_its_entry_and_can_be_copied(supervisor: Tablet, order: Order) -> None:
    link = trail(supervisor, order).root.all("a", css="copy-link")[0]

    path, anchor = link["href"].split("#")

    assert link["data-copied"] == "Copied"
    assert supervisor.get(path).root.one("li", id=anchor)


def test_days_stand_above_what_happened_on_them(supervisor: Tablet, order: Order) -> None:
    root = trail(supervisor, order).root

    for day in root.all("section", css="timeline-day"):
        begins, *times = [time["datetime"] for time in day.all("time")]
        assert times
        assert {time[:10] for time in times} == {begins}


def test_a_trail_on_paper_says_who_printed_it(supervisor: Tablet, order: Order) -> None:
    root = trail(supervisor, order).root

    assert root.one("button", data_prints="").words == "Print"
    assert root.one("p", css="trail__printed").words.startswith("Printed by sofia, ")


def test_page_and_fragment_hold_the_same(supervisor: Tablet, order: Order) -> None:
    page, panel = trail(supervisor, order), trail(supervisor, order, htmx=True)

    assert "<html" not in panel.response.text
    assert panel.root.one(id="trail").words == page.root.one(id="trail").words


def test_a_long_trail_is_read_page_by_page_without_gap_or_repetition(supervisor: Tablet, warehouse: Warehouse) -> None:
    part = warehouse.product("Part", A1=200)
    order = warehouse.processing(*[(part, 1)] * 130)
    warehouse.ship_order(order)
    for sort in ("", "oldest"):
        seen: list[str] = []
        href, pages = f"/orders/{order.id}/audit?sort={sort}", 0
        while href:
            answer = supervisor.get(href)
            seen += [line["id"] for line in answer.root.all("li", css="operation__line")]
            onward = answer.root.all("a", rel="next")
            href, pages = (onward[0]["href"] if onward else ""), pages + 1
        assert pages == 3
        assert len(seen) == len(set(seen)) == 262


@pytest.mark.both_engines
@pytest.mark.parametrize("query", ["", "?kind=shipped&person=paula", "?sort=oldest"])
@pytest.mark.parametrize("lines", [1, 130])
def test_the_trail_costs_at_most_8_statements(
    supervisor: Tablet, warehouse: Warehouse, engine: Engine, lines: int, query: str
) -> None:
    part = warehouse.product("Part", A1=200)
    order = warehouse.processing(*[(part, 1)] * lines)
    warehouse.ship_order(order)

    with counted(engine) as statements:
        answer = trail(supervisor, order, query)

    assert answer.status == 200
    assert sentences(answer)
    assert len(statements) <= 8


def test_the_export_is_a_table_of_every_row(supervisor: Tablet, warehouse: Warehouse, order: Order) -> None:
    response = trail(supervisor, order, ".csv").response

    header, *rows = csv.reader(io.StringIO(response.text))
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == f"attachment; filename={order.order_number}-trail.csv"
    assert len(rows) == len(warehouse.ledger(order)) + len(warehouse.events(order))
    change, reserved = header.index("on_hand_change"), header.index("reserved_change")
    fulfilled = [row for row in rows if row[2] == "stock fulfill"]
    assert [(row[change], row[reserved]) for row in fulfilled] == [("-1", "-1"), ("-1", "-1"), ("-3", "-3")]


def test_the_export_takes_the_pages_filters(supervisor: Tablet, order: Order) -> None:
    page = trail(supervisor, order, "?person=pete").root
    (link,) = [link for link in page.all("a") if link.words == "Export CSV"]

    _, *rows = csv.reader(io.StringIO(supervisor.get(link["href"]).response.text))

    assert {row[1] for row in rows} == {"pete"}


def test_names_and_reasons_cannot_become_formulas(supervisor: Tablet, warehouse: Warehouse) -> None:
    evil = warehouse.product("=cmd|' /C calc'!A0", A1=3)
    order = warehouse.processing((evil, 2))
    warehouse.cancel(order, reason="@SUM(A1)")

    rows = list(csv.reader(io.StringIO(trail(supervisor, order, ".csv").response.text)))

    cells = {cell for row in rows for cell in row}
    assert "'@SUM(A1)" in cells
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_what_people_type_is_shown_not_run(supervisor: Tablet, warehouse: Warehouse) -> None:
    lamp = warehouse.product("<script>alert(1)</script>", A1=3)
    order = warehouse.processing((lamp, 2))
    warehouse.cancel(order, reason="<img src=x onerror=alert(1)>")

    answer = trail(supervisor, order)

    assert "<script>alert(1)" not in answer.response.text
    assert "<img src=x" not in answer.response.text
    assert "<img src=x onerror=alert(1)>" in answer.words


@pytest.mark.parametrize(
    ("part", "may_export"), [("packer", False), ("manager", True), ("supervisor", True), ("admin", True)]
)
def test_everybody_of_the_store_may_read_and_auditors_may_export(
    tablet_of: TabletOf, order: Order, part: Part, may_export: bool
) -> None:
    tablet = tablet_of(part)

    page = trail(tablet, order)

    assert page.status == 200
    assert ("Export CSV" in page.words) is may_export
    assert trail(tablet, order, ".csv").status == (200 if may_export else 403)


@pytest.mark.parametrize("order_id", ["999999999", "0", "01", "1_0", "٣", "9223372036854775808"])
def test_an_order_that_is_not_there_is_not_found(supervisor: Tablet, order_id: str) -> None:
    assert supervisor.get(f"/orders/{order_id}/audit").status == 404
    assert supervisor.get(f"/orders/{order_id}/audit.csv").status == 404


def test_another_stores_trail_is_not_found(supervisor: Tablet, db: Session, cast: Cast) -> None:
    foreign = make_order(db, cast.other_store, [(make_product(db, cast.other_store), 1)])

    assert trail(supervisor, foreign).status == 404
    assert trail(supervisor, foreign, ".csv").status == 404
