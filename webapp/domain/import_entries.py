"""The entries of an import: each order of a file of orders, each row of a file of stock, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class EntryKind(StrEnum):
    """What becomes of an entry. The values are in addresses and in downloads."""

    NEW = "new"
    HELD = "on-hold"
    """A new order that nobody ships yet."""
    CHANGED = "changed"
    ADDED = "added"
    """Units of a known product."""
    UNCHANGED = "unchanged"
    REPEATED = "repeated"
    """A row of stock that came in before."""
    LEFT_OUT = "left-out"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """An order, or a row of stock."""

    kind: EntryKind
    row: int
    """Its first row in the file."""
    name: str
    """The order's number, or the SKU; blank if the row has none."""
    channel: str = ""
    subject: str = ""
    """The customer, or the product."""
    units: int = 0
    changes: tuple[str, ...] = ()
    """What the shop changed, by the names of ``ShopChange``."""
    reason: str = ""
    """Why it is left out or refused, or a remark, as the report has it."""
    value: str = ""
    """What the reason is about."""


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A part of the entries: those that a filter and a search leave."""

    entries: Sequence[Entry] = ()
    counts: Mapping[EntryKind, int] = field(default_factory=dict)
    """All that the search leaves, by kind."""
    has_more: bool = False
