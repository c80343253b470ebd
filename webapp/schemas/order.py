"""Changes of an order that a caller may request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OrderUpdate:
    """A new status for an order, with a reason where the status needs one."""

    status: str
    reason: str = ""
