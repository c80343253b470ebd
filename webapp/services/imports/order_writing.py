"""Writes a chunk of imported orders: new ones completely, known ones not again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.events import EventKind
from webapp.domain.parcel_data import FIELDS, ParcelData
from webapp.domain.statuses import OrderStatus
from webapp.domain.system_reasons import SystemReason
from webapp.models import Order, OrderEvent, OrderItem, OrderSearchWord
from webapp.models.base import table_of
from webapp.services.engine.locked_rows import LockedOrder
from webapp.services.engine.operation import Operation
from webapp.services.engine.starting import NOTHING_STARTED, Started, start_orders
from webapp.services.imports.drafts import DraftOrder
from webapp.services.imports.product_matching import NO_GTIN, ProductFinder
from webapp.services.imports.report import ALREADY_IMPORTED, LeftOutRow, noted
from webapp.services.reads.word_index import index_words

OTHER_CONTENT: Final = "the store has an order with this number and other content"


@dataclass(frozen=True)
class Import:
    """An import's store, source and actor."""

    store_id: int
    ship_within_hours: int
    source: str
    format: str
    actor: str
    zone: tzinfo
    """The store's zone, for dates without one."""
    starts_orders: bool = False
    """Imported orders are set to processing at once."""


@dataclass
class OrdersWritten:
    """What happened to a chunk of orders; ``imported_rows`` counts the rows of the new ones.

    ``unmatched_lines`` of them match no product and are on the placeholder.
    """

    new_orders: int = 0
    known_orders: int = 0
    conflicting_orders: int = 0
    imported_rows: int = 0
    unmatched_lines: int = 0
    started: Started = NOTHING_STARTED
    left_out: list[LeftOutRow] = field(default_factory=list)


def write_orders(db: Session, job: Import, drafts: Sequence[DraftOrder]) -> OrdersWritten:
    """Insert the orders that the store does not have yet, each with its items, words and ``imported`` event; start them
    if the job says so.

    An order with a known number changes nothing, even if its content differs. Flushes, never commits; if two imports
    run at once, the unique number decides.
    """
    ids = _insert_orders(db, job, drafts)
    new = [draft for draft in drafts if draft.number in ids]
    unmatched_lines, remarks = _insert_items(db, job, new, ids)
    _insert_words(db, job, new, ids)
    _record_imports(db, job, new, ids)
    started = NOTHING_STARTED
    if job.starts_orders and ids:
        started = start_orders(db, job.store_id, ids.values(), job.actor, SystemReason.STARTED_BY_IMPORT())
    result = OrdersWritten(new_orders=len(new), unmatched_lines=unmatched_lines, started=started, left_out=remarks)
    stored = _stored_orders(db, job, [draft.number for draft in drafts if draft.number not in ids])
    for draft in drafts:
        if draft.number in ids:
            result.imported_rows += len(draft.rows)
            result.left_out += [*draft.passed_over, *draft.remarks]
        elif stored[draft.number].is_same(draft):
            result.known_orders += 1
            result.left_out += draft.leave_out(ALREADY_IMPORTED, reject=False)
        else:
            result.conflicting_orders += 1
            result.left_out += draft.leave_out(OTHER_CONTENT, reject=True)
    return result


def _insert_orders(db: Session, job: Import, drafts: Sequence[DraftOrder]) -> dict[str, int]:
    """Insert the orders whose numbers are new; return their ids by number."""
    # Parcel data that no order of the chunk has are left to the table: each column of each row costs time.
    names = [name for name in FIELDS if any(getattr(draft.parcel_data, name) for draft in drafts)]
    rows = [
        {
            "store_id": job.store_id,
            "order_number": draft.number,
            "channel": draft.channel,
            "customer_name": draft.customer_name,
            "ordered_at": draft.ordered_at,
            "ship_by": draft.ship_by or draft.ordered_at + timedelta(hours=job.ship_within_hours),
            "status": OrderStatus.PENDING,
            "version": 1,
            **{name: getattr(draft.parcel_data, name) for name in names},
        }
        for draft in drafts
    ]
    inserted = db.execute(
        insert_into(db, table_of(Order)).values(rows).on_conflict_do_nothing().returning(Order.order_number, Order.id)
    )
    return {row.order_number: row.id for row in inserted}


def _insert_items(
    db: Session, job: Import, drafts: Sequence[DraftOrder], ids: dict[str, int]
) -> tuple[int, list[LeftOutRow]]:
    """Insert the orders' lines, each with its product; return how many match none, and remarks on their codes."""
    finder = ProductFinder(db, job.store_id, ((line.gtin, line.sku) for draft in drafts for line in draft.lines))
    rows, remarks = [], []
    for draft in drafts:
        for position, line in enumerate(draft.lines, start=1):
            match = finder.find(line.gtin, line.sku)
            rows.append(
                {
                    "store_id": job.store_id,
                    "order_id": ids[draft.number],
                    "position": position,
                    "product_id": match.product_id,
                    "product_name": line.product_name,
                    "sku": line.sku,
                    "gtin": line.gtin or None,
                    "quantity": line.quantity,
                }
            )
            if line.gtin_fault:
                remarks.append(noted(line.row, draft.number, NO_GTIN % line.gtin_fault, line.gtin_text))
            if match.remark:
                remarks.append(noted(line.row, draft.number, match.remark, match.value))
    _insert(db, OrderItem, rows)
    return finder.unmatched_lines, remarks


def _insert_words(db: Session, job: Import, drafts: Sequence[DraftOrder], ids: dict[str, int]) -> None:
    _insert(
        db,
        OrderSearchWord,
        [
            {"store_id": job.store_id, "word": word, "order_id": ids[draft.number]}
            for draft in drafts
            for word in sorted(index_words(draft.number, draft.customer_name))
        ],
    )


def _record_imports(db: Session, job: Import, drafts: Sequence[DraftOrder], ids: dict[str, int]) -> None:
    operation = Operation(db, job.store_id, job.actor)
    for draft in drafts:
        order = LockedOrder(ids[draft.number], draft.number, OrderStatus.PENDING, 1, draft.ordered_at)
        operation.record(order, EventKind.IMPORTED, **_details(job, draft))
    operation.write()


def _details(job: Import, draft: DraftOrder) -> dict[str, Any]:
    details: dict[str, Any] = {
        "source": job.source,
        "format": job.format,
        "rows": len(draft.lines),
        "first_row": draft.lines[0].row,
        "content": draft.content,
    }
    if draft.passed_over:
        details["skipped_rows"] = len(draft.passed_over)
    if draft.shortened:
        details["shortened"] = list(draft.shortened)
    return details


@dataclass(frozen=True, slots=True)
class _StoredOrder:
    """An order that the store has, and the content that its import recorded; blank if it was not imported."""

    content: str
    customer_name: str
    parcel_data: ParcelData
    is_erased: bool
    """Somebody erased the person's data: an import neither misses them nor brings them back."""

    def is_same(self, draft: DraftOrder) -> bool:
        """Return whether the draft is this order. Imports that knew no parcel data recorded another content."""
        if self.content != draft.content:
            return self.content == draft.earlier_content != ""
        return self.is_erased or (self.customer_name, self.parcel_data) == (draft.customer_name, draft.parcel_data)


def _stored_orders(db: Session, job: Import, numbers: Sequence[str]) -> dict[str, _StoredOrder]:
    """Return the store's orders with these numbers."""
    if not numbers:
        return {}
    rows = db.execute(
        select(
            Order.order_number,
            Order.customer_name,
            OrderEvent.details,
            Order.person_erased_at,
            *(getattr(Order, name) for name in FIELDS),
        )
        .outerjoin(
            OrderEvent,
            (OrderEvent.store_id == Order.store_id)
            & (OrderEvent.order_id == Order.id)
            & (OrderEvent.kind == EventKind.IMPORTED),
        )
        .where(Order.store_id == job.store_id, Order.order_number.in_(numbers))
    )
    return {
        row.order_number: _StoredOrder(
            content=str((row.details or {}).get("content", "")),
            customer_name=row.customer_name,
            is_erased=row.person_erased_at is not None,
            parcel_data=ParcelData(**{name: getattr(row, name) for name in FIELDS}),
        )
        for row in rows
    }


def _insert(db: Session, model: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.execute(insert(table_of(model)), rows)
