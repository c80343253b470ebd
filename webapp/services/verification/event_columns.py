"""Columns of order events as SQL: their kind, and what their details say."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, type_coerce
from sqlalchemy import cast as sql_cast

from webapp.domain.events import EventKind
from webapp.models import OrderEvent


def is_kind(*kinds: EventKind, of: Any = OrderEvent) -> ColumnElement[bool]:
    """Return the condition that an event is of one of these kinds. Damaged rows may have kinds that nobody knows."""
    return type_coerce(of.kind, String).in_([kind.value for kind in kinds])


def text_of(name: str, of: Any = OrderEvent) -> ColumnElement[str]:
    """Return a text of an event's details; NULL without one."""
    detail: ColumnElement[str] = of.details[name].as_string()
    return detail


def number_of(name: str, of: Any = OrderEvent) -> ColumnElement[int]:
    """Return a number of an event's details; NULL without one."""
    return sql_cast(text_of(name, of), BigInteger)
