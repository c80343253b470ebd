"""Channels of a store: added, renamed, listed with their orders; imports and people agree on them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from tests.factories import make_store
from tests.helpers.statements import counted
from tests.services.imports.importing import Importer, native
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.channels import ChannelKind
from webapp.domain.errors import ChannelNotFound, InvalidInput, NameTaken, StaleView
from webapp.models import Store
from webapp.services.channel_service import add_channel, change_channel, find_by_code, find_channel, list_channels
from webapp.services.reads.order_listing import list_orders

pytestmark = pytest.mark.both_engines


def test_a_channel_that_was_added_takes_the_orders_of_files_that_name_it(
    db: Session, store: Store, importer: Importer
) -> None:
    add_channel(db, store.id, "ebay", "Our eBay", ChannelKind.MARKETPLACE)
    db.commit()

    importer.orders(native({"order_number": "7", "channel": "eBay"}, {"order_number": "7", "channel": "shop"}))

    listed = {one.name: (one.code, one.kind, one.orders) for one in list_channels(db, store.id)}
    assert listed == {"Our eBay": ("ebay", ChannelKind.MARKETPLACE, 1), "shop": ("shop", ChannelKind.FILE, 1)}
    assert {order.shown_number for order in list_orders(db, store.id).rows} == {"7 · Our eBay", "7 · shop"}


def test_a_renamed_channel_keeps_its_code_and_shows_its_name_beside_numbers(
    db: Session, store: Store, importer: Importer
) -> None:
    for code in ("a", ""):
        importer.orders(native({"order_number": "7", "channel": code}))
    own = find_by_code(db, store.id, "A")
    assert {order.shown_number for order in list_orders(db, store.id).rows} == {"7 · a", "7"}

    change_channel(db, store.id, own.id, " The  shop ", ChannelKind.SHOP, ("a", "file"))
    change_channel(db, store.id, find_by_code(db, store.id, "").id, "By phone", ChannelKind.COUNTER)
    db.commit()

    assert importer.orders(native({"order_number": "7", "channel": "A"})).result.known_orders == 1
    assert find_by_code(db, store.id, "a")[1:4] == ("a", "The shop", ChannelKind.SHOP)
    assert {order.shown_number for order in list_orders(db, store.id).rows} == {"7 · The shop", "7 · By phone"}


def test_codes_and_names_that_are_taken_or_blank_are_refused(db: Session, store: Store) -> None:
    add_channel(db, store.id, "eBay", "", ChannelKind.FILE)
    add_channel(db, store.id, "shop", "", ChannelKind.SHOP)
    shop = find_by_code(db, store.id, "shop")

    for code, name in (("EBAY ", "x"), ("new", "ebay"), ("new", "Shop")):
        with pytest.raises(NameTaken):
            add_channel(db, store.id, code, name, ChannelKind.FILE)
    for code in ("", " ", "x" * 33, "a\u200b"):
        with pytest.raises(InvalidInput):
            add_channel(db, store.id, code, "x", ChannelKind.FILE)
    with pytest.raises(NameTaken):
        change_channel(db, store.id, shop.id, "Ebay", ChannelKind.SHOP)
    with pytest.raises(StaleView):
        change_channel(db, store.id, shop.id, "Mine", ChannelKind.SHOP, ("shop", "file"))

    assert [(one.code, one.name) for one in list_channels(db, store.id)] == [("eBay", "eBay"), ("shop", "shop")]


def test_another_stores_channel_is_not_there(db: Session, store: Store) -> None:
    other = make_store(db, "ELSEWHERE")
    add_channel(db, other.id, "eBay", "", ChannelKind.FILE)
    theirs = find_by_code(db, other.id, "eBay")

    assert list_channels(db, store.id) == []
    with pytest.raises(ChannelNotFound):
        find_channel(db, store.id, theirs.id)
    with pytest.raises(ChannelNotFound):
        change_channel(db, store.id, theirs.id, "Ours", ChannelKind.SHOP)


def test_giving_a_channel_another_name_reads_no_order_under_the_stores_lock(
    db: Session, store: Store, importer: Importer
) -> None:
    importer.orders(native({"order_number": "7", "channel": "ebay"}))
    own = find_by_code(db, store.id, "ebay")

    with counted(db.get_bind().engine) as statements:
        change_channel(db, store.id, own.id, "Our eBay", ChannelKind.MARKETPLACE)

    assert not [statement for statement in statements if " orders" in statement]


def test_of_several_who_add_one_code_at_once_one_does(
    db: Session, store: Store, new_session: Callable[[], Session]
) -> None:
    store_id = store.id
    db.commit()

    def add(name: str) -> bool:
        try:
            unit_of_work(new_session(), lambda session: add_channel(session, store_id, "eBay", name, ChannelKind.FILE))
        except NameTaken:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(add, ["One", "Two", "Three"]))

    assert sum(outcomes) == 1
    assert len(list_channels(db, store_id)) == 1
