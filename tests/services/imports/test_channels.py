"""Orders of several channels: who an order is, and how people know it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import channel_of, items_of
from tests.services.imports.importing import NATIVE, Importer, case, native, table
from webapp.models import Channel, Order, Store
from webapp.services.imports.order_identity import ANOTHER_ID, ONE_ID
from webapp.services.reads.order_listing import list_orders
from webapp.services.reads.picking_queries import read_progress
from webapp.services.verification import verify


def numbered(db: Session) -> list[tuple[str, str, list[str]]]:
    """Return each order's number, channel and SKUs."""
    db.rollback()
    return [
        (order.order_number, channel_of(db, order).code, [item.sku for item in items_of(db, order)])
        for order in db.scalars(select(Order).order_by(Order.id))
    ]


def with_ids(*rows: dict[str, Any]) -> str:
    usual = {"order_number": "1001", "ordered_at": "2026-01-05 10:00", "channel": "shop", "sku": "A-1", "quantity": 1}
    return table((*NATIVE, "external_id"), ({**usual, **row} for row in rows))


BOTH = [("ebay", ["MUG-BLUE"]), ("etsy", ["MUG-RED"])]


def test_one_number_in_two_channels_comes_in_from_two_files(db: Session, importer: Importer) -> None:
    for _ in range(2):
        importer.orders(case("12-two-channels-one-number"))
        importer.orders(case("12-two-channels-one-number-b"))

    assert numbered(db) == [("1001", channel, skus) for channel, skus in BOTH]


def test_one_number_in_two_channels_comes_in_from_one_file(db: Session, importer: Importer) -> None:
    first = importer.orders(case("12-two-channels-in-one-file"))
    again = importer.orders(case("12-two-channels-in-one-file"))

    assert (first.numbers, again.numbers) == ((2, 2, 0, 0), (2, 0, 2, 0))
    assert numbered(db) == [("1002", channel, skus) for channel, skus in BOTH]


def test_lists_and_screens_name_the_channel_where_the_number_is_in_doubt(
    db: Session, importer: Importer, store: Store
) -> None:
    importer.orders(native({"channel": "ebay"}, {"order_number": "1002", "channel": "ebay"}))
    assert {row.shown_number for row in list_orders(db, store.id).rows} == {"1001", "1002"}

    db.rollback()
    importer.orders(case("12-two-channels-one-number-b"))

    page = list_orders(db, store.id, search="1001")
    assert {row.shown_number for row in page.rows} == {"1001 · ebay", "1001 · etsy"}
    shown = {read_progress(db, store.id, row.id, timedelta(0)).shown_number for row in list_orders(db, store.id).rows}
    assert shown == {"1001 · ebay", "1001 · etsy", "1002"}


def test_spellings_of_a_channel_are_one(db: Session, importer: Importer) -> None:
    importer.orders(native({"channel": "eBay"}))
    again = importer.orders(native({"channel": "ebay"}, {"channel": "EBAY ", "order_number": "1002"}))

    assert [channel.code for channel in db.scalars(select(Channel))] == ["eBay"]
    assert again.result.new_orders == 1
    assert list(verify(db)) == []


def test_rows_that_do_not_name_their_channel_belong_to_the_order_above(db: Session, importer: Importer) -> None:
    importer.orders(native({"channel": "ebay"}, {"sku": "B-1"}, {"channel": "etsy", "sku": "C-1"}, {"sku": "D-1"}))

    assert numbered(db) == [("1001", "ebay", ["A-1", "B-1"]), ("1001", "etsy", ["C-1", "D-1"])]


@pytest.mark.parametrize("first", ["", "5001"])
def test_an_order_is_known_by_its_id_once_a_file_has_one(db: Session, importer: Importer, first: str) -> None:
    importer.orders(with_ids({"external_id": first}))

    assert importer.orders(with_ids({"external_id": "5001"})).result.known_orders == 1
    assert importer.orders(with_ids({})).result.known_orders == 1


def test_another_id_with_the_same_number_is_refused_in_words(db: Session, importer: Importer) -> None:
    imported = importer.orders(with_ids({"external_id": "5001"}, {"external_id": "5002", "sku": "B-1"}))

    assert imported.reasons == {3: ("rejected", ANOTHER_ID)}
    assert numbered(db) == [("1001", "shop", ["A-1"])]


@pytest.mark.parametrize("known", [False, True])
def test_one_id_for_two_numbers_of_a_file_is_refused_in_words(db: Session, importer: Importer, known: bool) -> None:
    if known:
        importer.orders(with_ids({}, {"order_number": "1002", "sku": "B-1"}))
    before = numbered(db)
    one = {"external_id": "customer 7"}

    imported = importer.orders(with_ids(one, {**one, "order_number": "1002", "sku": "C-1"}))

    assert imported.reasons == {2: ("rejected", ONE_ID), 3: ("rejected", ONE_ID)}
    assert numbered(db) == before


@pytest.mark.parametrize(("number", "is_known"), [("#1001", True), ("1002", False)])
def test_one_id_with_another_number_in_the_next_file_is_another_order(
    db: Session, importer: Importer, number: str, is_known: bool
) -> None:
    importer.orders(with_ids({"external_id": "customer 7"}))

    imported = importer.orders(with_ids({"order_number": number, "external_id": "customer 7", "sku": "C-1"}))

    assert imported.result.changed_orders == is_known
    assert (imported.reasons.get(2) == ("rejected", ANOTHER_ID)) is not is_known
    skus = next(skus for _, _, skus in numbered(db))
    assert skus == (["A-1", "C-1"] if is_known else ["A-1"])


def test_an_id_that_is_another_orders_number_changes_nothing_of_that_order(db: Session, importer: Importer) -> None:
    importer.orders(with_ids({"order_number": "1600"}))

    imported = importer.orders(with_ids({"order_number": "1500", "external_id": "1600", "sku": "B-1"}))

    assert imported.reasons == {2: ("rejected", ANOTHER_ID)}
    assert numbered(db) == [("1600", "shop", ["A-1"])]


def test_number_and_id_of_two_orders_mean_neither(db: Session, importer: Importer) -> None:
    importer.orders(with_ids({"external_id": "5001"}, {"order_number": "1002", "sku": "B-1"}))

    imported = importer.orders(with_ids({"order_number": "1002", "external_id": "5001", "sku": "C-1"}))

    assert imported.reasons == {2: ("rejected", ANOTHER_ID)}
    assert [skus for _, _, skus in numbered(db)] == [["A-1"], ["B-1"]]


def test_an_order_that_came_without_an_id_gets_that_of_one_order_only(db: Session, importer: Importer) -> None:
    importer.orders(with_ids({}))

    imported = importer.orders(with_ids({"external_id": "5001"}, {"external_id": "5002", "sku": "B-1"}))

    assert imported.reasons[3] == ("rejected", ANOTHER_ID)
    assert numbered(db) == [("1001", "shop", ["A-1"])]


def test_two_imports_at_once_make_a_channel_once(
    db: Session, store: Store, new_session: Callable[[], Session], tmp_path: Path
) -> None:
    importers = [Importer(new_session(), store, tmp_path / str(number)) for number in range(4)]
    for importer in importers:
        importer.folder.mkdir()

    def bring(importer: Importer) -> int:
        return importer.orders(native({"channel": "ebay", "order_number": importer.folder.name})).result.new_orders

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(bring, importers)) == [1, 1, 1, 1]

    assert [channel.code for channel in db.scalars(select(Channel))] == ["ebay"]
    assert len(numbered(db)) == 4
