"""Columns of order events as SQL: their kind, and what their details say."""

from __future__ import annotations

from sqlalchemy import BigInteger, ColumnElement, String, type_coerce
from sqlalchemy import cast as sql_cast

from webapp.domain.events import EventKind
from webapp.models import OrderEvent


def is_kind(*kinds: EventKind) -> ColumnElement[bool]:
    """Return the condition that an event is of one of these kinds. Damaged rows may have kinds that nobody knows."""
    return type_coerce(OrderEvent.kind, String).in_([kind.value for kind in kinds])


def text_of(name: str) -> ColumnElement[str]:
    """Return a text of an event's details; NULL without one."""
    detail: ColumnElement[str] = OrderEvent.details[name].as_string()
    return detail


def number_of(name: str) -> ColumnElement[int]:
    """Return a number of an event's details; NULL without one."""
    return sql_cast(text_of(name), BigInteger)
