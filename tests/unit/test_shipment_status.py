"""What the shipment-status panel and the pick screen show for an order's numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.factories.numbers import gtin13
from tests.helpers.addresses import all_links
from webapp.domain.causes import Cause
from webapp.domain.progress import ItemAllocation, ItemProgress, MissingUnits, OrderProgress, PackedLine
from webapp.domain.roles import Role
from webapp.domain.statuses import OrderStatus
from webapp.presenters.phrases.sentences import plain
from webapp.presenters.picking.item import present_item
from webapp.presenters.picking.screen import AT_ONCE, find_scanned, present_pick_screen
from webapp.presenters.picking.shipment_status import ShipmentStatusPanel, present_shipment_status
from webapp.presenters.picking.status_sentences import ItemState
from webapp.presenters.viewer import Viewer

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
PAULA = Viewer("paula", Role.PACKER)
MAX = Viewer("max", Role.MANAGER)
SOFIA = Viewer("sofia", Role.SUPERVISOR)


def item(item_id: int = 1, reserved: int = 5, **numbers: Any) -> ItemProgress:
    allocations = [ItemAllocation(item_id, "main", f"A-{item_id}", reserved)] if reserved else []
    fields = {"position": item_id, "product_name": f"Widget {item_id}", "sku": f"W-{item_id}", "gtin": gtin13(item_id)}
    counted = {"ordered": 5, "shipped": 0, "cancelled": 0, "returned": 0, "changed_in_version": 1}
    return ItemProgress(
        **{"id": item_id, "is_placeholder": False, "allocations": allocations, **fields, **counted, **numbers}
    )


def order(*items: ItemProgress, status: OrderStatus = OrderStatus.PROCESSING, **columns: Any) -> OrderProgress:
    progress = OrderProgress(
        7, "ORD-7", "Marie", "ORD-7", "shop", status, 3, NOW, NOW + timedelta(hours=2), list(items), [], None
    )
    return replace(progress, **columns)


def panel(of: OrderProgress, viewer: Viewer = PAULA) -> ShipmentStatusPanel:
    return present_shipment_status(of, viewer, all_links(), NOW)


@pytest.mark.parametrize(
    ("numbers", "state", "note"),
    [
        ({"shipped": 5, "reserved": 0, "returned": 1}, ItemState.DONE, "1 returned"),
        ({"shipped": 3, "cancelled": 2, "reserved": 0}, ItemState.DONE, "2 units cancelled"),
        ({"cancelled": 5, "reserved": 0}, ItemState.CANCELLED, "5 units cancelled"),
        ({"reserved": 0}, ItemState.BLOCKED, "On backorder (5 units)"),
        ({"reserved": 4}, ItemState.WAITING, "On backorder (1 unit)"),
        (
            {"missing": [MissingUnits(Cause.SHORT_PICK, 1)]},
            ItemState.BLOCKED,
            "Fewer on the shelf than the records say (1 unit missing)",
        ),
        ({"is_placeholder": True, "reserved": 0}, ItemState.BLOCKED, "Unknown product: match it before it can ship"),
    ],
)
def test_each_item_has_its_state_in_words(numbers: dict[str, Any], state: ItemState, note: str) -> None:
    (line,) = panel(order(item(**numbers))).items

    assert (line.state, line.note) == (state, note)


@pytest.mark.parametrize("numbers", [{}, {"shipped": 2, "reserved": 3}, {"shipped": 5, "reserved": 0}])
def test_an_item_without_a_remark_is_only_counted(numbers: dict[str, Any]) -> None:
    assert (panel(order(item(**numbers))).items, panel(order(item(**numbers))).unlisted) == ((), "")


def test_the_panel_names_what_needs_a_person_first_and_counts_the_others() -> None:
    shown = panel(order(item(1), item(2, cancelled=5, reserved=0), item(3, reserved=0), item(4, shipped=5, reserved=0)))

    assert [line.item_id for line in shown.items] == [3, 2]
    assert shown.unlisted == "and 2 more items: 1 to pick, 1 complete"


def test_units_and_items_are_counted() -> None:
    counted = panel(order(item(1, shipped=5, reserved=0), item(2, shipped=1, cancelled=1, reserved=3)))

    assert counted.units_words == "6 of 10 units shipped, 1 unit cancelled"
    assert counted.items_words == "1 of 2 items"
    assert (counted.shipped, counted.ordered) == (6, 9)


def test_all_of_it_can_ship_at_once_where_more_than_one_item_is_left() -> None:
    one, two = order(item(1), item(2, shipped=5, reserved=0)), order(item(1), item(2, reserved=2))

    assert panel(one).ship_all is None
    assert panel(two, SOFIA).ship_all is None
    offered = panel(two).ship_all
    assert offered is not None
    assert (offered.label, offered.version) == ("Ship all 7 units", 3)
    assert offered.what == "7 units of 2 items ship at once, without a check of each."
    assert offered.misses.startswith("3 units are not reserved")


def test_what_is_not_reserved_is_not_offered_with_all_of_it() -> None:
    backorder = order(item(1), item(2, reserved=0), item(3, reserved=0))

    assert panel(backorder).ship_all is None


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUNDED])
def test_the_bar_of_a_closed_order_stops_where_shipping_did(status: OrderStatus) -> None:
    closed = panel(order(item(shipped=1, cancelled=4, reserved=0), status=status))

    assert (closed.shipped, closed.ordered, closed.is_complete) == (1, 5, False)


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUNDED])
def test_a_closed_order_says_so_and_offers_nothing(status: OrderStatus) -> None:
    closed = order(item(), item(2), status=status)

    assert f"This order is {status.value}." in panel(closed).closed_words
    assert not panel(closed).is_complete
    assert panel(closed).ship_all is None
    assert not present_item(closed, closed.items[0], PAULA, all_links()).may_ship


@pytest.mark.parametrize(
    ("viewer", "by", "offered"),
    [(PAULA, "paula", True), (PAULA, "ben", False), (MAX, "ben", True), (SOFIA, "sofia", False)],
)
def test_who_may_takes_the_last_line_back(viewer: Viewer, by: str, offered: bool) -> None:
    line = PackedLine(11, 1, 2, by, NOW - timedelta(minutes=3))
    packed = order(
        item(shipped=2, reserved=3), status=OrderStatus.PARTIALLY_SHIPPED, recent_lines=[line], packed_last=line
    )

    shown = panel(packed, viewer)

    assert (shown.last_what, plain(shown.last_by)) == ("2 × Widget 1", f"Shipped by {by}, 3 minutes ago")
    assert (shown.undo is not None) is offered


def test_units_that_came_back_as_a_return_are_not_undone() -> None:
    line = PackedLine(11, 1, 5, "paula", NOW)
    packed = order(
        item(shipped=5, returned=1, reserved=0), status=OrderStatus.SHIPPED, recent_lines=[line], packed_last=line
    )

    assert panel(packed).undo is None


def test_a_line_that_is_not_the_last_one_is_named_on_the_button() -> None:
    mine, others = PackedLine(11, 1, 1, "paula", NOW - timedelta(minutes=2)), PackedLine(12, 2, 4, "ben", NOW)
    both = [item(1, shipped=1, reserved=4), item(2, shipped=4, reserved=1)]
    packed = order(*both, status=OrderStatus.PARTIALLY_SHIPPED, recent_lines=[others, mine], packed_last=others)

    paulas, maxs = panel(packed).undo, panel(packed, MAX).undo

    assert paulas is not None
    assert (paulas.label, paulas.others) == ("Undo 1 × Widget 1", "")
    assert maxs is not None
    assert (maxs.label, maxs.name, maxs.others) == ("Undo", "Undo 4 × Widget 2", "1 more line to undo")


@pytest.mark.parametrize("typed", ["W-2", "w-2", "W\u20112", " W-2 ", gtin13(2), f"0{gtin13(2)}"])
def test_a_scan_finds_a_code_in_any_spelling(typed: str) -> None:
    assert find_scanned(order(item(1), item(2)), typed).item_id == 2


@pytest.mark.parametrize("typed", ["W-", "3", "0", "000", "W-22", "2", "002", gtin13(2)[1:], f"00{gtin13(2)}"])
def test_a_scan_matches_whole_codes_only(typed: str) -> None:
    scan = find_scanned(order(item(1), item(2), item(3, gtin="")), typed)

    assert (scan.item_id, scan.text) == (None, typed)
    assert typed in scan.message


@pytest.mark.parametrize(("typed", "found"), [("10", 2), ("0010", 1), ("010", None)])
def test_the_zeros_of_a_sku_count_in_a_scan(typed: str, found: int | None) -> None:
    assert find_scanned(order(item(1, sku="0010"), item(2, sku="10")), typed).item_id == found


def test_a_scan_of_the_very_code_goes_before_another_spelling() -> None:
    spelled = order(item(1, sku="cup-12"), item(2, sku="CUP-12"))

    assert [find_scanned(spelled, typed).item_id for typed in ("cup-12", "CUP-12", "Cup-12")] == [1, 2, 1]


def test_the_screen_folds_what_is_done() -> None:
    done, cancelled_item = item(1, shipped=5, reserved=0), item(2, cancelled=5, reserved=0)
    some = present_pick_screen(order(done, cancelled_item, item(3)), PAULA, all_links(), NOW)
    all_ = present_pick_screen(order(done, cancelled_item, status=OrderStatus.SHIPPED), PAULA, all_links(), NOW)

    assert ([panel.id for panel in some.to_do], [panel.id for panel in some.done]) == ([3], [1, 2])
    assert (some.done_words.words, some.done_open) == ("Done: 1 item, 1 item cancelled", False)
    assert (all_.done_words.words, all_.done_open) == ("Done: 1 item, 1 item cancelled", False), (
        "the next order is the thing"
    )
    assert some.due
    assert (some.due.words, all_.due) == ("Ship in 2 hours", None)


def test_a_cancelled_order_shows_what_it_held_since_there_is_nothing_else_to_see() -> None:
    cancelled = order(item(1, cancelled=5, reserved=0), status=OrderStatus.CANCELLED)

    assert present_pick_screen(cancelled, PAULA, all_links(), NOW).done_open


def test_of_a_very_long_order_the_first_items_are_drawn_whole_and_those_around_the_one_wanted() -> None:
    long_one = order(*(item(number) for number in range(1, 401)))

    plain = present_pick_screen(long_one, PAULA, all_links(), NOW).to_do
    scan = find_scanned(long_one, "W-300")
    scanned = present_pick_screen(long_one, PAULA, all_links(), NOW, scan=scan).to_do

    assert [one.id for one in plain if not one.is_ahead] == list(range(1, AT_ONCE + 1))
    assert len(plain) == 400
    assert {299, 300, 301} <= {one.id for one in scanned if not one.is_ahead}


def test_where_only_what_waits_is_left_the_panel_says_so() -> None:
    packed, waiting = item(1, shipped=5, reserved=0), item(2, reserved=0)
    left = order(packed, waiting, status=OrderStatus.PARTIALLY_SHIPPED)
    more = order(packed, waiting, item(3, reserved=1), status=OrderStatus.PARTIALLY_SHIPPED)

    assert panel(left).rest_words == "Everything that is ready has shipped. 1 item is waiting."
    assert panel(more).rest_words == ""


@pytest.mark.parametrize(
    ("viewer", "hint"), [(PAULA, "Ask a manager to match it."), (MAX, "Match it under “Unknown products”.")]
)
def test_the_way_out_is_the_readers_own(viewer: Viewer, hint: str) -> None:
    (line,) = panel(order(item(is_placeholder=True, reserved=0)), viewer).items

    assert line.hint.startswith(hint)
