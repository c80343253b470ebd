"""The trail's sentence for each kind of entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from webapp.domain.events import EventKind
from webapp.domain.ledger import TransactionType
from webapp.domain.trail import Movement, TrailEvent, TrailItem
from webapp.presenters.phrases.sentences import plain
from webapp.presenters.trail.event_sentences import say_event
from webapp.presenters.trail.ledger_sentences import say_movement
from webapp.presenters.trail.words import person, place

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
LAMP = TrailItem(1, 1, "Lamp", "LMP-1", 5, 2, 0, 0)


def event(kind: EventKind, item_id: int | None = 1, actor: str = "paula", **details: Any) -> TrailEvent:
    return TrailEvent(1, kind, item_id, actor, "", details, "op", AT)


def movement(
    kind: TransactionType, on_hand: int, reserved: int, location: str = "A-1", shipped_after: int | None = None
) -> Movement:
    return Movement(
        1, kind, on_hand, reserved, 10 + on_hand, 5 + reserved, "main", location, 1, 1, "ORD-1", None, "op", "",
        "paula", AT, shipped_after,
    )  # fmt: skip


def said(told: TrailEvent, *movements: Movement, item: TrailItem | None = LAMP) -> str:
    return plain(say_event(told, item, movements))


RESERVED_3 = movement(TransactionType.RESERVE, 0, 3)
CASES = [
    (
        event(EventKind.IMPORTED, None, rows=2, source="orders.csv", skipped_rows=1),
        (),
        "paula imported the order with 2 lines from orders.csv. 1 row of the file was left out.",
    ),
    (
        event(EventKind.STATUS_CHANGED, None, **{"from": "pending", "to": "partially_shipped"}),
        (),
        "paula changed the status from Pending to Partially shipped.",
    ),
    (
        event(EventKind.PERSON_ERASED, None),
        (),
        "paula erased the customer's name, address, contact and notes.",
    ),
    (
        event(EventKind.CHANGED_UPSTREAM, None, changes=["ship_to", "more"], source="orders.csv"),
        (),
        "The shop changed the order: the address and more units (orders.csv).",
    ),
    (event(EventKind.UNITS_ADDED, quantity=2), (), "The shop added 2 units of Lamp."),
    (
        event(EventKind.CONTRADICTED, quantity=2, cause="changed_upstream"),
        (),
        "Nobody undid anything for 2 units of Lamp: Changed in the shop, too late for these units.",
    ),
    (
        event(EventKind.ORDER_ASSIGNED, None, how="take_over", before=["piet"], after=["paula"]),
        (),
        "paula took the order over from piet.",
    ),
    (
        event(EventKind.ORDER_ASSIGNED, None, how="join", before=["piet"], after=["piet", "paula"]),
        (),
        "paula packs the order together with piet.",
    ),
    (
        event(EventKind.ORDER_ASSIGNED, None, how="hand_over", before=["max"], after=["piet"]),
        (),
        "paula handed the order over from max to piet.",
    ),
    (
        event(EventKind.ORDER_ASSIGNED, None, how="hand_over", before=[], after=["piet"]),
        (),
        "paula handed the order over to piet.",
    ),
    (
        event(EventKind.ORDER_ASSIGNED, None, how="hand_over", before=["paula"], after=[]),
        (),
        "paula gave the order back; it was with paula.",
    ),
    (event(EventKind.HOLD_RELEASED, None, hold="unpaid"), (), "paula released the order from its hold."),
    (event(EventKind.PACKING_NOTE_READ, None), (), "paula read the packing note."),
    (event(EventKind.RESERVED, quantity=3), (RESERVED_3,), "paula reserved 3 units of Lamp at A-1."),
    (
        event(EventKind.RELEASED, quantity=3),
        (movement(TransactionType.RELEASE, 0, -3),),
        "paula released 3 units of Lamp at A-1.",
    ),
    (
        event(EventKind.SHIPPED, quantity=2, remaining_quantity=0),
        (movement(TransactionType.FULFILL, -2, -2, shipped_after=5),),
        "paula shipped 2 units of Lamp from A-1 (units 4 to 5 of 5). None of this item left.",
    ),
    (
        event(EventKind.SHIPPED, quantity=1, remaining_quantity=3),
        (movement(TransactionType.FULFILL, -1, -1, shipped_after=2),),
        "paula shipped 1 unit of Lamp from A-1 (unit 2 of 5). 3 left to ship.",
    ),
    (
        event(EventKind.SHIPPED, quantity=3, remaining_quantity=2),
        (movement(TransactionType.FULFILL, -2, -2), movement(TransactionType.FULFILL, -1, -1, "B-1")),
        "paula shipped 3 units of Lamp from A-1 (2) and B-1 (1). 2 left to ship.",
    ),
    (
        event(EventKind.SHIPMENT_UNDONE, quantity=2, shipped_by="pete"),
        (movement(TransactionType.FULFILL, 2, 2),),
        "paula undid shipping 2 units of Lamp (shipped by pete); reserved again at A-1.",
    ),
    (event(EventKind.ITEM_CANCELLED, quantity=2), (), "paula cancelled 2 units of Lamp."),
    (
        event(EventKind.CANCELLED, None, cancelled_quantity=3, shipped_quantity=2),
        (),
        "paula cancelled the order: 3 units will not ship. 2 units had already shipped and stay shipped.",
    ),
    (
        event(EventKind.RETURNED, quantity=1, warehouse="main", location="R-1"),
        (movement(TransactionType.RETURN, 1, 0, "R-1"),),
        "paula booked 1 unit of Lamp as returned, to R-1.",
    ),
    (event(EventKind.WRITTEN_OFF, quantity=1), (), "paula wrote off 1 unit of Lamp that came back."),
    (
        event(EventKind.FOUND_ON_SHELF, quantity=1, warehouse="main", location="F-1"),
        (),
        "paula found 1 unit of Lamp at F-1 that the records did not have.",
    ),
    (
        event(EventKind.SHORT_PICKED, quantity=2, warehouse="main", location="A-1", reserved_elsewhere=1),
        (),
        "paula reported 2 units of Lamp missing at A-1; 1 reserved elsewhere instead.",
    ),
    (
        event(EventKind.SHORT_PICKED, quantity=0, warehouse="main", location="A-1", reserved_elsewhere=0),
        (),
        "paula counted Lamp at A-1: nothing is missing for this order.",
    ),
    (
        event(EventKind.RETURN_CORRECTED, quantity=1, left_quantity=2, warehouse="main", location="R-1"),
        (),
        "paula corrected the return of Lamp to R-1: 2 units came back, 1 unit did not.",
    ),
    (
        event(EventKind.RETURN_CORRECTED, quantity=2, left_quantity=0, warehouse="main", location="R-1"),
        (),
        "paula undid the return of 2 units of Lamp to R-1.",
    ),
    (
        event(EventKind.RETURN_CORRECTED, quantity=1, left_quantity=1, warehouse="", location=""),
        (),
        "paula corrected the write-off of Lamp: 1 unit came back, 1 unit did not.",
    ),
    (
        event(EventKind.RETURN_CORRECTED, quantity=1, left_quantity=0, warehouse="", location=""),
        (),
        "paula undid writing off 1 unit of Lamp.",
    ),
    (
        event(EventKind.BACKORDER_FILLED, quantity=3),
        (RESERVED_3,),
        "paula made stock available: order ORD-1 got 3 units of Lamp at A-1.",
    ),
    (
        event(EventKind.ITEM_MATCHED, gtin="4012345678901", sku="LMP-1"),
        (),
        "paula matched Lamp (GTIN 4012345678901) to the product LMP-1.",
    ),
    (
        event(EventKind.ITEM_MATCHED, line_sku="MKT-7", sku="LMP-1"),
        (),
        "paula matched Lamp (SKU MKT-7) to the product LMP-1.",
    ),
    (
        event(EventKind.MATCH_UNDONE, gtin="4012345678901", sku="LMP-1", quantity=3),
        (),
        "paula undid that GTIN 4012345678901 is the product LMP-1: 3 units of Lamp to match again.",
    ),
    (
        event(EventKind.ITEM_MATCHED, line_name="lamp", sku="LMP-1"),
        (),
        "paula matched Lamp, by its name, to the product LMP-1.",
    ),
    (
        event(EventKind.MATCH_UNDONE, line_sku="MKT-7", sku="LMP-1", quantity=1),
        (),
        "paula undid that Lamp is the product LMP-1: 1 unit to match again.",
    ),
    (
        event(EventKind.UNITS_ADDED, quantity=3, is_new=True, parted_from=7),
        (),
        "A line of its own from now on: 3 units of Lamp that had not shipped.",
    ),
    (
        event(EventKind.ITEM_MATCHED, sku="LMP-1"),
        (),
        "paula matched this line alone, Lamp, to the product LMP-1.",
    ),
    (
        event(EventKind.PRODUCT_CHANGED, quantity=2, sku="LMP-1", former_sku="LMP-2"),
        (),
        "paula let Lamp be LMP-1 instead of LMP-2.",
    ),
    (
        event(EventKind.STOCK_SKIPPED, quantity=2, cause="no_inventory"),
        (),
        "paula raised a stock exception: 2 units of Lamp. No stock record for this product.",
    ),
    (
        event(EventKind.EXCEPTION_CLOSED, cause="short_pick"),
        (),
        "paula closed the exception “Fewer on the shelf than the records say” of Lamp.",
    ),
]


@pytest.mark.parametrize(("told", "movements", "sentence"), CASES, ids=lambda value: getattr(value, "kind", None))
def test_an_event_says_who_did_what_to_how_many_and_where(
    told: TrailEvent, movements: tuple[Movement, ...], sentence: str
) -> None:
    item = LAMP if told.item_id else None

    assert said(told, *movements, item=item) == sentence


def test_every_kind_of_event_has_its_case() -> None:
    assert {told.kind for told, _, _ in CASES} == set(EventKind)


@pytest.mark.parametrize("kind", EventKind)
def test_an_event_without_its_details_still_says_something(kind: EventKind) -> None:
    assert said(event(kind), item=None)


@pytest.mark.parametrize("kind", TransactionType)
@pytest.mark.parametrize("reverses_id", [None, 7])
def test_every_ledger_row_says_who_how_many_and_where(kind: TransactionType, reverses_id: int | None) -> None:
    row = replace(movement(kind, 2, 2), reverses_id=reverses_id)

    sentence = plain(say_movement(row, LAMP))

    assert sentence.startswith("paula ")
    assert "A-1" in sentence
    assert "of Lamp" in sentence
    assert sentence.endswith(".")


def test_taking_units_off_a_place_is_told_apart_from_adding_some() -> None:
    assert plain(say_movement(movement(TransactionType.ADJUST, -2, 0), None)) == "paula removed 2 units from A-1."
    assert plain(say_movement(movement(TransactionType.ADJUST, 2, 0), None)) == "paula added 2 units at A-1."


def test_a_count_says_what_was_counted_not_what_it_changed() -> None:
    assert plain(say_movement(movement(TransactionType.SET, -2, 0), None)) == "paula counted 8 units at A-1."


def test_the_one_unit_of_a_line_needs_no_number() -> None:
    only = replace(LAMP, quantity=1)
    shipped = movement(TransactionType.FULFILL, -1, -1, shipped_after=1)

    assert said(event(EventKind.SHIPPED, quantity=1), shipped, item=only) == (
        "paula shipped 1 unit of Lamp from A-1. None of this item left."
    )


def test_a_line_without_a_name_is_called_by_its_sku_or_its_number() -> None:
    assert replace(LAMP, name="").label == "LMP-1"
    assert replace(LAMP, name="", sku="").label == "line 1"


def test_programs_and_the_system_are_no_people() -> None:
    assert (person("paula"), person("token:shop"), person("system")) == ("paula", "Program “shop”", "System")


def test_what_is_imported_without_a_name_names_nobody() -> None:
    told = event(EventKind.IMPORTED, None, "import", rows=2, source="orders.csv")

    assert said(told) == "Imported the order with 2 lines from orders.csv."
    loaded = replace(movement(TransactionType.IMPORT, 2, 0), actor="import")
    assert plain(say_movement(loaded, None)) == "Imported 2 units to A-1."


def test_only_another_warehouse_is_named() -> None:
    assert (place("main", "B-01-2"), place("annex", "N-01-1")) == ("B-01-2", "annex / N-01-1")
