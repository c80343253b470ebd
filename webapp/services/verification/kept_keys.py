"""Invariant 5: idempotency keys are there, and as they were written. Source: docs/contract.md, "Invariants"."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, func, or_, select, type_coerce, union_all
from sqlalchemy import cast as sql_cast

from webapp.database.key_checksums import checksum_of
from webapp.domain.operation_ids import FEWEST_DAYS, KEYED, LASTING, LENGTH, MARKED_AT
from webapp.models import IdempotencyKey, OrderEvent, ShipmentLine
from webapp.models.base import table_of
from webapp.models.database_clock import ago
from webapp.services.verification.findings import Check, Finds, Row, Scope
from webapp.services.verification.ledger import Ledger

KEYS = table_of(IdempotencyKey)

_MARGIN: Final = timedelta(hours=1)
"""By how much the clocks of a server and of the database may differ."""

_CHECKED: Final = "key", "actor", "fingerprint", "operation_id", "status"


def _mark(operation_id: Any) -> ColumnElement[str]:
    """Return the digit that tells whether the operation had a key (``domain/operation_ids.py``)."""
    return func.substr(operation_id, MARKED_AT + 1, 1)


def _is_marked(operation_id: Any) -> ColumnElement[bool]:
    return and_(func.length(operation_id) == LENGTH, _mark(operation_id).in_((KEYED, LASTING)))


def operations_without_key(scope: Scope) -> Finds:
    """Find operations whose key is gone, although it is kept for ever or nobody may prune it yet."""
    written = union_all(
        *(
            select(rows.store_id, rows.operation_id, at.label("at")).where(
                scope.of(rows), _is_marked(rows.operation_id)
            )
            for rows, at in (
                (OrderEvent, OrderEvent.created_at),
                (Ledger, Ledger.created_at),
                (ShipmentLine, ShipmentLine.shipped_at),
            )
        )
    ).subquery()
    is_young = func.max(written.c.at) > ago(int((timedelta(days=FEWEST_DAYS) - _MARGIN).total_seconds()))
    return (
        select(
            written.c.store_id,
            written.c.operation_id.label("id"),
            func.max(written.c.at).label("written_at"),
        )
        .outerjoin(
            IdempotencyKey,
            and_(
                IdempotencyKey.store_id == written.c.store_id,
                IdempotencyKey.operation_id == written.c.operation_id,
            ),
        )
        .where(IdempotencyKey.key.is_(None))
        .group_by(written.c.store_id, written.c.operation_id)
        .having(or_(_mark(written.c.operation_id) == LASTING, is_young))
    )


def keys_with_checksum(scope: Scope) -> Finds:
    """Select the keys that have a checksum, or whose operation says that they must have one."""
    at: Any = IdempotencyKey.created_at
    if scope.dialect == "sqlite":  # As text, since a damaged one is no time.
        at = type_coerce(at, String)
    return select(
        IdempotencyKey.store_id,
        IdempotencyKey.key.label("id"),
        *(getattr(IdempotencyKey, name) for name in _CHECKED),
        at.label("created_at"),
        sql_cast(IdempotencyKey.result, String).label("answer"),
        IdempotencyKey.checksum,
    ).where(scope.of(IdempotencyKey), or_(IdempotencyKey.checksum != "", _is_marked(IdempotencyKey.operation_id)))


def changed_key(row: Row) -> Row | None:
    """Return what to report of a key that is not as it was written."""
    try:
        at = row["created_at"]
        if isinstance(at, str):
            at = datetime.fromisoformat(at).replace(tzinfo=UTC)
        expected = checksum_of(row | {"created_at": at, "result": json.loads(row["answer"] or "null")})
    except (AttributeError, ValueError):
        expected = "a readable answer and time"
    if row["checksum"] == expected:
        return None
    named = {"operation_id": row["operation_id"]}
    return named | {"expected_checksum": expected, "found_checksum": row["checksum"]}


CHECKS = (
    Check(
        5,
        "operation_has_key",
        "An operation had an idempotency key, which is gone too early: its request could have its effect again",
        KEYS,
        operations_without_key,
    ),
    Check(
        5,
        "key_is_unchanged",
        "An idempotency key, its request or its answer was changed",
        KEYS,
        keys_with_checksum,
        changed_key,
    ),
)
