"""A store in which everything that the services do has happened, for checks of a whole database."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_store, make_token, make_user
from tests.helpers.warehouse import Warehouse
from webapp.database.unit_of_work import Once, fingerprint, unit_of_work
from webapp.domain.clock import utc_now
from webapp.domain.errors import InvalidQuantity
from webapp.domain.import_jobs import ImportKind, JobState
from webapp.domain.parcel_data import mark_of
from webapp.domain.settings import DEFAULTS
from webapp.domain.unknown_lines import MatchBy
from webapp.models import (
    Channel,
    ImportedStockRow,
    ImportJobRow,
    ImportMapping,
    Match,
    OneTimeLink,
    Order,
    PersonSession,
    Product,
    SavedFilter,
    SetupLink,
    SignInTries,
    Store,
    StoreSetting,
    User,
)
from webapp.services import (
    erasure_service,
    handover_service,
    packing_note_service,
    pick_service,
    product_code_service,
    product_merge_service,
)
from webapp.services.imports.drafts import DraftLine, DraftOrder
from webapp.services.imports.order_writing import Import, write_orders

UNKNOWN_GTIN = "4099999999996"
MATCHED_GTIN = "4088888888886"


def make_busy_store(db: Session, code: str) -> Store:
    """Make the store; each order's number says what happened to it. Two products, 60 gadgets at A2."""
    store = make_store(db, code)
    user = make_user(db, store)
    db.add(SavedFilter(store_id=store.id, user_id=user.id, name="Late", query="view=late"))
    db.add(SignInTries(key=f"a try to get into {code}", tries=[1.5], last_try_at=utc_now()))
    db.add(PersonSession(store_id=store.id, user_id=user.id, token_hash=f"of {code}", device="Chrome, Android"))
    db.add(StoreSetting(store_id=store.id, name="undo_minutes", value=60, changed_by="max"))
    _add_imports_and_links(db, store, user)
    db.commit()
    make_token(db, store)
    warehouse = Warehouse(db, store)
    widget, gadget = warehouse.product("Widget", A1=10, B2=4), warehouse.product("Gadget", A2=60)
    unknown = warehouse.placeholder()
    warehouse.order((widget, 1), order_number="PENDING")
    _import(warehouse, widget)
    _take_over(warehouse, warehouse.processing((widget, 12), order_number="SPLIT"), user)
    _ship_in_every_way(warehouse, gadget, unknown)
    _undo_cancel_and_return(warehouse, gadget)
    warehouse.processing((unknown, 2), order_number="MATCHED", gtin=MATCHED_GTIN)
    warehouse.match(MATCHED_GTIN, gadget)
    _match_name(warehouse, gadget)
    warehouse.do(product_code_service.teach_code, product_id=gadget.id, code="CASE-6", units=6)
    warehouse.adjust(widget, 2)
    warehouse.recount(widget, 9, "B2")
    _merge_twins(warehouse)
    _read_and_erase(warehouse)
    return store


def _add_imports_and_links(db: Session, store: Store, user: User) -> None:
    """Add what imports and one-time links leave behind."""
    by_max: dict[str, Any] = {"store_id": store.id, "changed_by": "max"}
    file: dict[str, Any] = {"file_name": "stock.csv", "file_size": 10, "file_hash": "0" * 64}
    row: dict[str, Any] = {"row_key": "first row", "content": "ten bytes", "source": "stock.csv"}
    soon = utc_now() + timedelta(days=1)
    link: dict[str, Any] = {"token_hash": f"link into {store.code}", "expires_at": soon}
    db.add(ImportMapping(name="Etsy", mapping={}, **by_max))
    db.add(ImportJobRow(store_id=store.id, kind=ImportKind.STOCK, state=JobState.FINISHED, created_by="max", **file))
    db.add(ImportedStockRow(store_id=store.id, **row))
    db.add(OneTimeLink(store_id=store.id, user_id=user.id, made_by="ada", **link))
    db.add(SetupLink(**link))


def _take_over(warehouse: Warehouse, order: Order, user: User) -> None:
    act = handover_service.take_over
    who: dict[str, Any] = {"user_id": user.id, "actor": user.username}
    warehouse.do(act, order_id=order.id, seen="", idle=DEFAULTS.idle_time, **who)


def _import(warehouse: Warehouse, widget: Product) -> None:
    """Import an order of two lines."""
    lines = tuple(DraftLine(row, widget.sku, widget.gtin or "", widget.name, 1) for row in (2, 3))
    draft = DraftOrder("IMPORTED", utc_now(), None, "Marie Muster", "shop", lines, content="two widgets")
    job = Import(warehouse.store.id, 24, "orders.csv", "native", warehouse.actor, UTC)
    unit_of_work(warehouse.db, lambda db: write_orders(db, job, [draft]) and None)


def _ship_in_every_way(warehouse: Warehouse, gadget: Product, unknown: Product) -> None:
    rarity = warehouse.product("Rarity")
    partial = warehouse.processing((gadget, 5), (rarity, 1), order_number="PARTIAL")
    _ship_once(warehouse, partial, 2)
    with pytest.raises(InvalidQuantity):
        _ship_once(warehouse, partial, 99)
    item_id = warehouse.item(partial).id
    warehouse.do(pick_service.pick_units, order_id=partial.id, item_id=item_id, units=1, seen_units=0)
    closed = warehouse.processing((rarity, 1), order_number="CLOSED")
    warehouse.close_exception(closed, "The customer waits")
    shipped = warehouse.processing((gadget, 3), (gadget, 2), order_number="SHIPPED")
    warehouse.set_status(shipped, "shipped")
    forced = warehouse.processing((gadget, 1), (unknown, 2), order_number="FORCED", gtin=UNKNOWN_GTIN)
    warehouse.set_status(forced, "shipped")
    short = warehouse.processing((gadget, 3), order_number="SHORT")
    warehouse.short_pick(short, found=4, location="A2")
    warehouse.find(short, 3, location="A2")
    warehouse.recount(gadget, 47, "A2")
    lost = warehouse.processing((warehouse.product("Lost"), 1), order_number="FOUND")
    warehouse.find(lost, 1)


def _undo_cancel_and_return(warehouse: Warehouse, gadget: Product) -> None:
    undone = warehouse.processing((gadget, 2), order_number="UNDONE")
    _ship_once(warehouse, undone, 2)
    warehouse.undo(undone)
    _ship_once(warehouse, undone, 1)
    cancelled = warehouse.processing((gadget, 4), order_number="CANCELLED")
    _ship_once(warehouse, cancelled, 1)
    warehouse.cancel(cancelled)
    returned = warehouse.processing((gadget, 3), order_number="RETURNED")
    _ship_once(warehouse, returned, 3)
    warehouse.set_status(returned, "delivered")
    warehouse.give_back(returned, 1)
    warehouse.give_back(returned, 1, write_off=True, reason="Broken")
    warehouse.give_back(returned, 1)
    warehouse.correct_return(returned, 0, number=3)
    refunded = warehouse.processing((gadget, 1), order_number="REFUNDED")
    _ship_once(warehouse, refunded, 1)
    warehouse.set_status(refunded, "refunded")


def _match_name(warehouse: Warehouse, product: Product) -> None:
    """Add what a channel calls a product, as imports remember it."""
    channel_id = warehouse.db.scalars(select(Channel.id).where(Channel.store_id == warehouse.store.id)).first()
    names = {"kind": MatchBy.NAME, "code": "Gadget, blue", "match_key": f"{channel_id}:blue", "folded": "gadget, blue"}
    by_max = {"channel_id": channel_id, "matched_by": "max"}
    warehouse.db.add(Match(store_id=warehouse.store.id, product_id=product.id, **names, **by_max))
    warehouse.db.commit()


def _merge_twins(warehouse: Warehouse) -> None:
    """Merge a product that an order holds with its twin; merge another one, and undo that."""
    twin, other, mug = (warehouse.product(name, M1=3) for name in ("Twin", "Other twin", "Mug"))
    warehouse.processing((twin, 2), order_number="MERGED")
    for former in (twin, other):
        warehouse.do(product_merge_service.merge_products, product_id=former.id, survivor_id=mug.id)
    warehouse.do(product_merge_service.undo_merge, product_id=other.id)


def _read_and_erase(warehouse: Warehouse) -> None:
    """Read an order's packing note, ship the order, and erase its customer's data."""
    note = "Two layers of paper"
    erased = warehouse.processing((warehouse.product("Vase", A3=1), 1), order_number="ERASED", packing_note=note)
    warehouse.do(packing_note_service.confirm_reading, order_id=erased.id, seen_note=mark_of(note))
    warehouse.ship(erased, 1)
    warehouse.do(erasure_service.erase_person, order_id=erased.id)


def _ship_once(warehouse: Warehouse, order: Order, units: int) -> None:
    """Ship under an idempotency key named after the order and the units, which keeps refusals."""
    key = f"ship-{order.order_number}-{units}"
    once = Once(warehouse.store.id, key, warehouse.actor, fingerprint(key), keep_refusals=True)
    warehouse.ship(order, units, once=once)
