"""Reads for an order's screens: its progress, with or without its parcels, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from webapp.domain.causes import Cause
from webapp.domain.channels import name_order
from webapp.domain.clock import utc_now
from webapp.domain.codes import shown_gtin
from webapp.domain.errors import OrderNotFound
from webapp.domain.holds import Hold
from webapp.domain.money import NO_PRICES, OrderPrices, as_price
from webapp.domain.parcel_data import ParcelData
from webapp.domain.picks import PickedUnits
from webapp.domain.progress import (
    ItemAllocation,
    ItemProgress,
    MissingUnits,
    OrderProgress,
    PackedLine,
    Parcel,
    ParcelLine,
    UsualPlace,
)
from webapp.domain.statuses import OrderStatus
from webapp.services.reads.picking_statements import (
    ALLOCATION,
    ASSIGNED,
    CONTACT,
    IN_PARCEL,
    ITEM,
    MISSING,
    NOTES,
    OFFERED,
    ORDER,
    PACKED,
    PARCEL,
    PICKED,
    PICKS,
    PLACE,
    PROGRESS,
    SHIP_TO,
    TAUGHT,
    WITH_PARCELS,
)
from webapp.services.reads.row_kinds import MixedRows


def read_progress(
    db: Session, store_id: int, order_id: int, packed_within: timedelta, *, with_parcel_data: bool = False
) -> OrderProgress:
    """Return an order's progress, in one statement (a page's picks in another), so that all numbers are of one moment.

    ``recent_lines`` holds the lines packed within ``packed_within``. Raises OrderNotFound.
    """
    since, connection = utc_now() - packed_within, db.connection()
    parameters = {"s": store_id, "o": order_id, "since": since}
    rows = MixedRows(PROGRESS[connection.dialect.name, with_parcel_data].run(connection, parameters))
    picked = rows
    if with_parcel_data:
        picked = MixedRows(PICKS[connection.dialect.name].run(connection, parameters))
    return _progress(rows, rows.of(PACKED), since, picked.of(PICKED), with_parcel_data=with_parcel_data)


def read_with_parcels(
    db: Session, store_id: int, order_id: int, packed_within: timedelta
) -> tuple[OrderProgress, list[Parcel]]:
    """Return the order's progress with its parcel data and prices, and its parcels with every line ever packed, oldest
    first; also in one statement. It says neither usual places nor further codes: nobody picks on such a page."""
    since, connection = utc_now() - packed_within, db.connection()
    parameters = {"s": store_id, "o": order_id}
    rows = MixedRows(WITH_PARCELS[connection.dialect.name].run(connection, parameters))
    parcels = _parcels_of(rows)
    packed = [line.packed for parcel in parcels for line in parcel.lines if line.undone_at is None]
    return _progress(rows, packed, since, with_parcel_data=True), parcels


def _progress(
    rows: MixedRows,
    packed: Sequence[PackedLine],
    since: datetime,
    picked: Sequence[PickedUnits] = (),
    *,
    with_parcel_data: bool,
) -> OrderProgress:
    orders = rows.of(ORDER)
    if not orders:
        raise OrderNotFound
    order, packed = orders[0], sorted(packed, key=lambda line: line.id, reverse=True)
    return OrderProgress(
        id=order.id,
        order_number=order.order_number,
        customer_name=order.customer_name,
        shown_number=(name_order(order.order_number, order.channel) if order.same_number > 1 else order.order_number),
        channel=order.channel,
        status=OrderStatus(order.status),
        version=order.version,
        ordered_at=order.ordered_at,
        ship_by=order.ship_by,
        items=_items_progress(rows, picked),
        recent_lines=[line for line in packed if line.shipped_at >= since],
        packed_last=packed[0] if packed else None,
        assignments=rows.of(ASSIGNED),
        hold=Hold(order.hold) if order.hold else None,
        upstream_changes=order.upstream_changes,
        seen_changes=order.upstream_changes,
        note_is_unread=order.note_is_unread,
        prices=_prices_of(rows),
        **(_parcel_data(rows) if with_parcel_data else {}),
    )


def _prices_of(rows: MixedRows) -> OrderPrices:
    offered = rows.of(OFFERED)
    if not offered:
        return NO_PRICES
    priced = {one.item_id: as_price(one.unit_price) for one in offered if one.unit_price is not None}
    packs = {one.item_id: one.pack_units for one in offered if one.pack_units != 1}
    return OrderPrices(rows.of(NOTES)[0].currency, priced, packs)


def _parcel_data(rows: MixedRows) -> dict[str, Any]:
    (ship_to,), (contact,), (notes,) = rows.of(SHIP_TO), rows.of(CONTACT), rows.of(NOTES)
    texts = {"packing_note": notes.packing_note, "gift_text": notes.gift_text}
    return {
        "parcel_data": ParcelData(**ship_to._asdict(), **contact._asdict(), **texts),
        "note_read_by": notes.packing_note_read_by or "",
        "note_read_at": notes.packing_note_read_at,
        "erased_by": notes.person_erased_by or "",
        "erased_at": notes.person_erased_at,
    }


def _items_progress(rows: MixedRows, picked: Sequence[PickedUnits]) -> list[ItemProgress]:
    by_id = {item.id: item for item in rows.of(ITEM)}
    for item in by_id.values():
        item.show_gtins()
    for held in rows.of(ALLOCATION):
        place = ItemAllocation(held.inventory_id, held.warehouse, held.location, held.quantity, held.on_hand)
        by_id[held.item_id].allocations.append(place)
    for near in sorted(rows.of(PLACE), key=lambda place: (place.quantity, -place.inventory_id)):
        by_id[near.item_id].usual_place = UsualPlace(near.warehouse, near.location)
    for taught in sorted(rows.of(TAUGHT)):
        item, code = by_id[taught.item_id], shown_gtin(taught.code)
        if code not in item.codes:
            item.further_codes.append(code)
        if taught.units > 1:
            item.units_of_codes[code] = taught.units
    for one in sorted(picked):
        by_id[one.item_id].picks[one.person] = one.units
    for missing in sorted(rows.of(MISSING)):
        by_id[missing.item_id].missing.append(MissingUnits(Cause(missing.cause), missing.quantity))
    return sorted(by_id.values(), key=lambda item: (item.position, item.id))


def _parcels_of(rows: MixedRows) -> list[Parcel]:
    parcels = {parcel.id: parcel for parcel in sorted(rows.of(PARCEL), key=lambda parcel: parcel.id)}
    for line in sorted(rows.of(IN_PARCEL)):
        packed = PackedLine(line.id, line.item_id, line.quantity, line.shipped_by, line.shipped_at)
        parcels[line.parcel_id].lines.append(ParcelLine(packed, line.undone_by or "", line.undone_at))
    return [parcel for parcel in parcels.values() if parcel.lines]
