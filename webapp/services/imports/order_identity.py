"""Which order of the store, or of a file, is meant: its channel and what the channel calls it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.domain.codes import code_key
from webapp.domain.wording import say
from webapp.models import Order
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of
from webapp.services.imports.columns import Field
from webapp.services.imports.drafts import DraftOrder
from webapp.services.imports.spool import Group, Row

ANOTHER_ID: Final = say("the channel has another order with this number or id")
ONE_ID: Final = say("several orders of the file have this id: choose another column for it, or none")


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
    upstream_at: datetime | None
    person_erased_at: datetime | None

    @property
    def shows_customer(self) -> bool:
        return self.person_erased_at is None

    def stands_for(self, draft: DraftOrder) -> bool:
        """Return whether the draft means this order: both have one number or one id in one channel.

        An order that came without an id is known by its number, until a file gives it one. One id with two numbers
        means neither: the column may be a customer's (ADR 0045).
        """
        has_id = self.external_id != self.order_number
        if has_id and draft.state.external_id:
            return draft.state.external_id == self.external_id and _bare(draft.number) == _bare(self.order_number)
        return draft.number == self.order_number

    def is_older_than(self, draft: DraftOrder) -> bool:
        """Return whether the shop changed the order after what the store has of it, as far as files say when."""
        at = draft.state.updated_at
        return at is not None and (self.upstream_at is None or self.upstream_at < at)


def _bare(number: str) -> str:
    """Return a number's letters and digits: #1001 and 1001 are one."""
    return "".join(filter(str.isalnum, number.casefold()))


_Placed = tuple[int, DraftOrder]


def known_orders(db: Session, store_id: int, drafts: Sequence[_Placed]) -> list[KnownOrder | None]:
    """Return the store's order that each draft (with its channel's id) means; None if it is none of them, or one that a
    draft before means."""
    if not drafts:
        return []
    numbers = {draft.number for _, draft in drafts}
    external_ids = {draft.state.external_id for _, draft in drafts} - {""}
    rows = db.execute(
        select(*columns_of(KnownOrder, table_of(Order))).where(
            Order.store_id == store_id,
            or_(
                Order.order_number.in_(numbers),
                Order.channel_id.in_({channel_id for channel_id, _ in drafts}) & Order.external_id.in_(external_ids),
            ),
        )
    )
    stored = rows_of(KnownOrder, rows)
    by_number = {(one.channel_id, one.order_number): one for one in stored}
    by_id = {(one.channel_id, one.external_id): one for one in stored}
    orders: list[KnownOrder | None] = []
    for channel_id, draft in drafts:
        either = (by_id.get((channel_id, draft.state.external_id)), by_number.get((channel_id, draft.number)))
        candidates = {one.id: one for one in either if one is not None}
        # Id and number of two orders mean neither.
        order = next(iter(candidates.values())) if len(candidates) == 1 else None
        is_meant = order is not None and order.stands_for(draft) and order not in orders
        orders.append(order if is_meant else None)
    return orders


def part_those_with_one_id(placed: Sequence[_Placed]) -> tuple[list[_Placed], list[DraftOrder]]:
    """Return the drafts (each with its channel's id) that may be written, and those of several numbers with one id."""
    numbers = defaultdict[tuple[int, str], set[str]](set)
    for channel_id, draft in placed:
        numbers[channel_id, draft.state.external_id].add(draft.number)
    clear: list[_Placed] = []
    doubtful: list[DraftOrder] = []
    for channel_id, draft in placed:
        if draft.state.external_id and len(numbers[channel_id, draft.state.external_id]) > 1:
            doubtful.append(draft)
        else:
            clear.append((channel_id, draft))
    return clear, doubtful
