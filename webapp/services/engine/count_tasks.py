"""Count tasks: places that a manager is asked to count, whatever happens to the orders meanwhile.

A place changes only under its lock.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from webapp.domain.count_tasks import CountCause
from webapp.models import Inventory
from webapp.services.engine.operation import Operation
from webapp.services.engine.stock_rows import PlaceRow


def ask(operation: Operation, place: PlaceRow, cause: CountCause) -> None:
    """Ask a manager to count the place; a short pick also keeps orders from reserving there until then."""
    if cause is CountCause.FOUND_UNITS and place.is_short:
        return  # A manager is asked already, and for a more urgent cause.
    place.is_short = cause is CountCause.SHORT_PICK
    task = {"count_cause": cause, "count_asked_by": operation.actor, "count_asked_at": operation.at}
    _store(operation, place, is_short=place.is_short, **task)


def counted(operation: Operation, place: PlaceRow) -> None:
    """End the task: the place is counted, and may be reserved from again."""
    place.is_short = False
    _store(operation, place, count_cause=None, count_asked_by=None, count_asked_at=None, is_short=False)


def arrived(operation: Operation, place: PlaceRow) -> None:
    """Let the place be reserved from again, since more units arrived. It is still to be counted."""
    if place.is_short:
        place.is_short = False
        _store(operation, place, is_short=False)


def _store(operation: Operation, place: PlaceRow, **values: Any) -> None:
    operation.db.execute(
        update(Inventory)
        .where(Inventory.store_id == operation.store_id, Inventory.id == place.id)
        .values(values)
        .execution_options(synchronize_session=False)
    )
