"""What becomes of each order of a file, and of each row of stock, for the list on the import's page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from webapp.domain.holds import HOLDS, Hold
from webapp.domain.import_entries import Entry, EntryKind
from webapp.domain.upstream import ShopChange
from webapp.services.imports.columns import Field
from webapp.services.imports.drafts import DraftOrder
from webapp.services.imports.order_changes import CONTRADICTED
from webapp.services.imports.order_drafts import ANOTHER_ROW
from webapp.services.imports.report import ALREADY_IMPORTED, EMPTY_ROW, HEADER_AGAIN, OLDER, LeftOutRow, RowOutcome
from webapp.services.imports.spool import Row
from webapp.services.imports.stock_drafts import DraftStock
from webapp.services.imports.stock_writing import CAME_BEFORE, OWN_LIST
from webapp.services.upstream_service import Followed

_NO_ENTRY: Final = (EMPTY_ROW, HEADER_AGAIN)
_REPEATED: Final = (ALREADY_IMPORTED, CAME_BEFORE, OWN_LIST)


def _kind_of(outcome: RowOutcome) -> EntryKind:
    return EntryKind.REFUSED if outcome is RowOutcome.REJECTED else EntryKind.LEFT_OUT


def order_entry(
    draft: DraftOrder,
    kind: EntryKind,
    reason: str = "",
    value: str = "",
    changes: Iterable[str] = (),
    *,
    shows_customer: bool = True,
) -> Entry:
    """Return the entry of an order that was compared with the store. A customer who was erased here stays erased."""
    rows = [*draft.rows, *(one.row for one in draft.passed_over)]
    return Entry(
        kind,
        min(rows, default=0),
        draft.number,
        draft.channel,
        draft.customer_name if shows_customer else "",
        sum(line.quantity for line in draft.lines),
        tuple(changes),
        reason,
        value,
    )


def new_order_entry(draft: DraftOrder, hold: Hold | None, remarks: Mapping[int, LeftOutRow]) -> Entry:
    """Return the entry of an order that the store did not have, with the first of the ``remarks`` on its rows."""
    remark = next((remarks[row] for row in draft.rows if row in remarks), None)
    if hold is not None:
        return order_entry(draft, EntryKind.HELD, HOLDS[hold])
    return order_entry(draft, EntryKind.NEW, *((remark.reason, remark.value) if remark else ()))


def followed_entry(draft: DraftOrder, followed: Followed, *, shows_customer: bool) -> Entry:
    """Return the entry of a known order that was to follow the shop."""
    changes = followed.changes
    if not changes:
        reason = OLDER if followed.is_older else ""
        return order_entry(draft, EntryKind.UNCHANGED, reason, shows_customer=shows_customer)
    if set(changes) == {ShopChange.CONTRADICTION}:
        return order_entry(draft, EntryKind.REFUSED, CONTRADICTED, shows_customer=shows_customer)
    return order_entry(draft, EntryKind.CHANGED, changes=changes, shows_customer=shows_customer)


def entries_of_left_out(rows: Sequence[Row], left_out: Sequence[LeftOutRow]) -> list[Entry]:
    """Return the entry of an order that cannot be read, with what its first row with a reason of its own says; none of
    rows that are no order."""
    telling = [one for one in left_out if one.reason not in _NO_ENTRY]
    if not telling:
        return []
    refused = [one for one in telling if one.outcome is RowOutcome.REJECTED] or telling
    first = next((one for one in refused if one.reason != ANOTHER_ROW), refused[0])
    channel = next((text for row in rows if (text := row.values.get(Field.CHANNEL, ""))), "")
    return [
        Entry(_kind_of(first.outcome), first.row, first.order_number, channel, reason=first.reason, value=first.value)
    ]


def stock_entries(
    read: Iterable[tuple[Row, DraftStock | LeftOutRow]], left_out: Iterable[LeftOutRow], new_skus: Iterable[str]
) -> Iterator[Entry]:
    """Yield the entries of a chunk of stock, with why rows are ``left_out`` or what is to be said of them."""
    remarks_first = sorted(left_out, key=lambda one: one.outcome is not RowOutcome.IMPORTED)
    reasons = {one.row: one for one in remarks_first}
    new = set(new_skus)
    for row, draft in read:
        one = reasons.get(row.number)
        if isinstance(draft, LeftOutRow):
            if draft.reason in _NO_ENTRY:
                continue
            kind, units = _kind_of(draft.outcome), 0
        else:
            kind, units = _kind_of_stock(draft, one, new), draft.quantity
            new.discard(draft.sku)
        yield Entry(
            kind,
            row.number,
            row.values[Field.SKU],
            subject=row.values[Field.PRODUCT_NAME],
            units=units,
            reason=one.reason if one else "",
            value=one.value if one else "",
        )


def _kind_of_stock(row: DraftStock, one: LeftOutRow | None, new: set[str]) -> EntryKind:
    if one is not None and one.outcome is RowOutcome.REJECTED:
        return EntryKind.REFUSED
    if one is not None and one.reason in _REPEATED:
        return EntryKind.REPEATED
    if row.sku in new:
        return EntryKind.NEW
    return EntryKind.ADDED if row.quantity else EntryKind.LEFT_OUT
