"""Why what a person asked for did not happen, and what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from webapp.domain.errors import IdempotencyKeyReused, InvalidQuantity, PackbenchError, StaleView
from webapp.languages import _, translate


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why what a person asked for did not happen, and what was typed."""

    message: str
    """In the reader's language."""
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    """Messages by field; ``message`` is empty where these say it all."""
    shortage: Mapping[str, Any] = field(default_factory=dict)
    """Numbers of a refusal for want of stock: ``available``, ``options``, and where to look."""
    seen_shipped: int | None = None
    """Units of the item that the person saw as shipped, where others changed that number meanwhile."""
    of_found: bool = False
    """It concerns the "Found on the shelf" form, not the quantity to ship."""
    status: int = 422
    """With which the answer is sent."""

    @property
    def words(self) -> str:
        """All that it says, for a place that no field is near."""
        return " ".join(filter(None, (self.message, *self.errors.values())))

    @classmethod
    def from_error(cls, error: PackbenchError, typed: Mapping[str, str]) -> Refusal:
        """Take a service's refusal: what it says of a quantity stands by that field, the rest by the item."""
        message = translate(error.message)
        if isinstance(error, InvalidQuantity):
            return cls("", typed, {"quantity": message}, status=error.status)
        if isinstance(error, IdempotencyKeyReused):
            message = _("What you sent before was already counted. Check the numbers, then send what is left.")
        seen = error.data.get("seen") if isinstance(error, StaleView) and "shipped_quantity" in error.data else None
        shortage = error.data if "options" in error.data else {}
        return cls(message, typed, shortage=shortage, seen_shipped=seen, status=error.status)


NO_REFUSAL: Final = Refusal("")
"""Nothing was refused."""
