"""Booked returns of an order's line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BookedReturn:
    """A return as it stands: booked once, perhaps corrected since."""

    event_id: int
    """The event that booked it, its name for good."""
    item_id: int
    at: datetime
    actor: str
    reason: str
    quantity: int
    """Units that came back, after the last correction."""
    warehouse: str
    location: str
    """Where they were put; blank for units written off."""
    operation_id: str
    """The operation whose ledger row put the units there."""
    first_operation_id: str
    """The operation that booked it first, before all corrections."""
