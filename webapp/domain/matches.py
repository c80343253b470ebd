"""What was matched, as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from webapp.domain.unknown_lines import MatchBy


@dataclass(frozen=True, slots=True)
class ListedMatch:
    """A match, with how many open lines follow it."""

    match_id: int
    kind: MatchBy
    code: str
    product_id: int
    product_sku: str
    product_name: str
    pack_units: int
    is_remembered: bool
    """Whether later imports go by it."""
    matched_by: str
    matched_at: datetime
    undone_by: str | None
    open_lines: int
    channel: str
    """The channel whose name it is; blank for a code."""


class FollowingLine(NamedTuple):
    """An open line that follows a match; units."""

    order_id: int
    order_number: str
    remaining_quantity: int
    reserved_quantity: int
    shipped_quantity: int
    pack_units: int


@dataclass(frozen=True, slots=True)
class KeptMatch:
    """A match and the open lines that follow it, oldest orders first."""

    match: ListedMatch
    lines: Sequence[FollowingLine]
