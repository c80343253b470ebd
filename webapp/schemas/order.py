"""What a caller may ask of an order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OrderUpdate:
    """A change of an order's status, with a reason where one is due."""

    status: str
    reason: str = ""
