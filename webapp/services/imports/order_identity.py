"""Which order of the store, or of a file, is meant: its channel and what the channel calls it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.domain.codes import code_key
from webapp.models import Order
from webapp.services.imports.columns import Field
from webapp.services.imports.drafts import DraftOrder
from webapp.services.imports.spool import Group, Row

ANOTHER_ID: Final = "the channel has an order with this number and another id"


@dataclass(slots=True)
class _Part:
    """The rows of one order among those with one number."""

    channel: str
    external_id: str
    rows: list[Row]

    def takes(self, channel: str, external_id: str) -> bool:
        """Return whether a row with these is of this order; what a row does not say, the rows before it say."""
        return all(
            not new or not own or new == own for new, own in ((channel, self.channel), (external_id, self.external_id))
        )


def orders_of(group: Group) -> list[Group]:
    """Split the rows with one number into orders: a number may stand in two channels, and mean two orders."""
    if group.too_large:
        return [group]
    parts: list[_Part] = []
    for row in group.rows:
        channel = code_key(row.values.get(Field.CHANNEL, ""))
        external_id = row.values.get(Field.EXTERNAL_ID, "")
        part = next((part for part in reversed(parts) if part.takes(channel, external_id)), None)
        if part is None:
            parts.append(_Part(channel, external_id, [row]))
        else:
            part.channel, part.external_id = part.channel or channel, part.external_id or external_id
            part.rows.append(row)
    return [replace(group, rows=part.rows) for part in parts]


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order that the store has, by which a file may mean it."""

    id: int
    channel_id: int
    order_number: str
    external_id: str
    ordered_at: datetime

    def stands_for(self, draft: DraftOrder) -> bool:
        """Return whether the draft means this order: both have one number or one id in one channel.

        An order that came without an id is known by its number, until a file gives it one.
        """
        if draft.state.external_id in ("", self.external_id):
            return bool(draft.state.external_id) or draft.number == self.order_number
        return draft.number == self.order_number == self.external_id


def known_orders(db: Session, store_id: int, drafts: Sequence[tuple[int, DraftOrder]]) -> list[KnownOrder | None]:
    """Return the store's order that each draft (with its channel's id) means; None if it is none of them."""
    if not drafts:
        return []
    numbers = {draft.number for _, draft in drafts}
    external_ids = {draft.state.external_id for _, draft in drafts} - {""}
    rows = db.execute(
        select(Order.id, Order.channel_id, Order.order_number, Order.external_id, Order.ordered_at).where(
            Order.store_id == store_id,
            or_(
                Order.order_number.in_(numbers),
                Order.channel_id.in_({channel_id for channel_id, _ in drafts}) & Order.external_id.in_(external_ids),
            ),
        )
    )
    stored = [KnownOrder(row.id, row.channel_id, row.order_number, row.external_id, row.ordered_at) for row in rows]
    by_number = {(one.channel_id, one.order_number): one for one in stored}
    by_id = {(one.channel_id, one.external_id): one for one in stored}
    return [
        next((one for one in _candidates(channel_id, draft, by_id, by_number) if one.stands_for(draft)), None)
        for channel_id, draft in drafts
    ]


_ByText = dict[tuple[int, str], KnownOrder]


def _candidates(channel_id: int, draft: DraftOrder, by_id: _ByText, by_number: _ByText) -> list[KnownOrder]:
    either = (by_id.get((channel_id, draft.state.external_id)), by_number.get((channel_id, draft.number)))
    return [one for one in either if one is not None]
