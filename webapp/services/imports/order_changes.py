"""Known orders in a file: what the shop says of them now, compared with what it said last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from webapp.domain.change_words import CHANGES
from webapp.domain.holds import HOLDS, Hold
from webapp.domain.money import price_text
from webapp.domain.upstream import ShopChange, ShopLine, ShopOrder
from webapp.domain.wording import say, say_list
from webapp.models import Order
from webapp.models.base import table_of
from webapp.services import upstream_service
from webapp.services.imports.drafts import DraftLine, DraftOrder
from webapp.services.imports.order_format import CANCELLED, REFUNDED
from webapp.services.imports.order_identity import KnownOrder
from webapp.services.imports.product_matching import OrderedAs, ProductFinder
from webapp.services.imports.report import ALREADY_IMPORTED, OLDER, LeftOutRow, noted, rejected
from webapp.services.upstream_service import Followed, StateMark

ANOTHER_ORDER: Final = say("the channel has another order with this number, of another day")
CONTRADICTED: Final = say("the shop changed this order too late: see “To decide”")

_SAME_MOMENT: Final = timedelta(hours=26)
"""A shop never changes when an order was placed; a file's dates without a zone may have been read in another one."""

_orders = table_of(Order)
_GIVE_ID: Final = (
    update(_orders)
    .where(_orders.c.store_id == bindparam("of_store"), _orders.c.id == bindparam("of_id"))
    .where(_orders.c.external_id == bindparam("former_id"))
    .values(external_id=bindparam("new_id"))
)


def state_of(order_id: int, draft: DraftOrder) -> StateMark:
    """Return the marks of what a file says about an order: of its goods and states, and of the person.

    ``content`` has the dates whatever the store's zone is."""
    state, lines = draft.state, sorted(_line(line) for line in (*draft.lines, *draft.closed_lines))
    statuses = (state.closed, state.payment_status.casefold(), state.fulfillment_status.casefold())
    return StateMark(
        order_id,
        _mark([draft.number, draft.content, statuses, lines, draft.currency]),
        _mark([draft.customer_name, astuple(draft.parcel_data)]),
    )


def hold_of(draft: DraftOrder) -> Hold | None:
    """Return why the order is not to be shipped yet."""
    if not draft.state.on_hold:
        return None
    return next((hold for hold, words in HOLDS.items() if words == draft.state.on_hold), Hold.ON_HOLD)


def is_another(draft: DraftOrder, order: KnownOrder) -> bool:
    """Return whether the draft is an order of another day with the number of a known one."""
    return abs(draft.ordered_at - order.ordered_at) > _SAME_MOMENT


def lacks_id(order: KnownOrder, draft: DraftOrder) -> bool:
    """Return whether the order came in without an id, and the draft has one."""
    return draft.state.external_id not in ("", order.external_id)


def give_ids(db: Session, store_id: int, orders: Sequence[tuple[KnownOrder, DraftOrder]]) -> None:
    """Store the ids of locked orders that came in without one, unless another import was quicker."""
    rows = [
        {"of_store": store_id, "of_id": order.id, "former_id": order.external_id, "new_id": draft.state.external_id}
        for order, draft in orders
    ]
    if rows:
        db.execute(_GIVE_ID, rows)


def follow(
    db: Session,
    store_id: int,
    order_id: int,
    draft: DraftOrder,
    source: str,
    actor: str,
    newest_order_at: datetime | None = None,
) -> Followed:
    """Have the order follow what the file says of it, whose newest order of the channel was placed then."""
    lines = list(_shipping_lines(draft))
    of_order = (_orders.c.store_id == store_id, _orders.c.id == order_id)
    channel_id = db.scalar(select(_orders.c.channel_id).where(*of_order)) or 0
    named = [OrderedAs(line.gtin, line.sku, line.product_name, channel_id) for line, _ in lines]
    finder = ProductFinder(db, store_id, named, holds=False)  # Following locks orders first, then holds them.
    state = state_of(order_id, draft)
    shop = ShopOrder(
        lines=[
            ShopLine(
                sku=line.sku,
                gtin=line.gtin,
                product_name=line.product_name,
                quantity=line.quantity,
                product_id=product.product_id,
                line_id=line.line_id,
                unit_price=line.unit_price,
                is_fulfilled=is_fulfilled,
                match_id=product.match_id,
                pack_units=product.pack_units,
            )
            for (line, is_fulfilled), product in zip(lines, map(finder.find, named), strict=True)
        ],
        customer_name=draft.customer_name,
        parcel_data=draft.parcel_data,
        currency=draft.currency,
        ship_by=draft.ship_by,
        is_cancelled=draft.state.closed in (CANCELLED, REFUNDED),
        updated_at=draft.state.updated_at,
        goods=state.goods,
        person=state.person,
        newest_order_at=newest_order_at,
        hold=hold_of(draft),
        says_hold=any((draft.state.payment_status, draft.state.fulfillment_status, draft.state.on_hold)),
    )
    return upstream_service.follow_shop(db, store_id, order_id, shop, source, actor)


def outcome_of(draft: DraftOrder, followed: Followed) -> tuple[int, list[LeftOutRow]]:
    """Return how many rows of the order count as imported, and what the report says of the others, and of its first."""
    if not followed.changes:
        return 0, draft.leave_out(OLDER if followed.is_older else ALREADY_IMPORTED, reject=False)
    rows = [*draft.rows, *(one.row for one in draft.passed_over)]
    if set(followed.changes) == {ShopChange.CONTRADICTION}:
        return 0, [rejected(row, draft.number, CONTRADICTED) for row in sorted(rows)]
    changes = say_list([CHANGES[change] for change in followed.changes])
    return len(rows), [noted(min(rows), draft.number, say("changed in the shop: %(changes)s", changes=changes))]


def _line(line: DraftLine) -> tuple[str | int, ...]:
    price = "" if line.unit_price is None else price_text(line.unit_price)
    status = line.fulfillment_status.casefold()
    return line.line_id, line.sku, line.gtin, line.product_name, line.quantity, status, price


def _mark(content: object) -> str:
    return sha256(json.dumps(content).encode()).hexdigest()


def _shipping_lines(draft: DraftOrder) -> Iterator[tuple[DraftLine, bool]]:
    """Yield the lines of goods, and whether the shop says that they have left. What was restocked is gone."""
    for line in draft.lines:
        yield line, False
    whole = draft.state.fulfillment_status.casefold()
    for line in draft.closed_lines:
        if (line.fulfillment_status.casefold() or whole) == "fulfilled" or whole == "fulfilled":
            yield line, True
